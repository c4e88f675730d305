"""Change what one tells of oneself, and the language of pages and mails."""

from dataclasses import asdict, replace
from functools import partial
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.history import HistoryAction
from identity.domain.profile import FIELDS, Profile
from identity.domain.security_change import SecurityChange
from identity.usecases.ports import Records
from identity.usecases.record_history import record_by_client, record_own
from identity.usecases.start_session import SessionRules


async def change_profile(
    account_id: UUID,
    profile: Profile,
    language: str,
    *,
    records: Records,
    rules: SessionRules,
    client_id: UUID | None = None,
) -> None:
    """Keeps a profile without problems. The history names the fields; a mail tells of them, not of the language.

    With `client_id` another system does it, else the person.

    Raises:
        DomainError: UNAUTHENTICATED when the account is gone.
    """
    account = await records.accounts.get(account_id, lock=True)
    if account is None:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "account_gone")
    shown = profile.display_name or account.display_name
    changed = replace(account, **asdict(profile), display_name=shown, language=language)
    if changed == account:
        return
    await records.accounts.save(changed)
    await records.announcements.account_changed(account_id)
    fields = [name for name in FIELDS if getattr(changed, name) != getattr(account, name)]
    if fields:
        names = ", ".join(fields)
        record = partial(record_by_client, account_id, client_id) if client_id else partial(record_own, account_id)
        await record(HistoryAction.PROFILE_CHANGED, records=records, rules=rules, fields=names)
        await records.announcements.security_changed(account_id, SecurityChange.PROFILE_CHANGED)
