"""Choose the language of one's mails and pages."""

from dataclasses import replace
from uuid import UUID

from identity.usecases.ports import Records


async def choose_language(account_id: UUID, language: str, *, records: Records) -> None:
    """Keeps the choice with the account, for every browser and for mails."""
    account = await records.accounts.get(account_id, lock=True)
    if account is None or account.language == language:
        return
    await records.accounts.save(replace(account, language=language))
    await records.announcements.account_changed(account_id)
