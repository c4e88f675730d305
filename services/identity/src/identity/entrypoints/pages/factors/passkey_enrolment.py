"""Adding a passkey: the same in the settings and at the first login of staff."""

from collections.abc import Mapping

from fastapi import Request, Response

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.passkey import CeremonyPurpose
from identity.entrypoints.pages.factors.app_enrolment import codes_page
from identity.entrypoints.pages.factors.factor_form import ceremony_answer
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.add_passkey import NamedCredential, add_passkey, check_name
from identity.usecases.enrol_app import Enrolled
from identity.usecases.passkey_ceremony import begin_ceremony, take_challenge


class PasskeyEnrolment:
    """The ceremony, for an account that the caller has found."""

    def __init__(self, site: Site, *, at_login: bool) -> None:
        self._site = site
        self._at_login = at_login

    async def options(self, account: Account) -> Response:
        """What the browser is to ask the device."""
        site = self._site
        async with site.database.transaction() as tx:
            records = site.records(tx)
            known = await records.passkeys.of_account(account.id)
            ceremony = await begin_ceremony(CeremonyPurpose.REGISTER, account.id, records=records, rules=site.rules)
        return ceremony_answer(ceremony, site.passkeys.creation_options(account, ceremony.challenge, known))

    async def add(self, request: Request, account: Account, typed: Mapping[str, str]) -> Enrolled:
        """Keeps what the device made.

        Raises:
            DomainError: INVALID.
        """
        site, name, credential = self._site, typed.get("name", ""), typed.get("credential", "")
        check_name(name)
        if not credential:
            raise DomainError(ErrorKind.INVALID, "passkey_needs_script", fields={"": "passkey_needs_script"})
        async with site.database.transaction() as tx:
            challenge = await take_challenge(
                typed.get("ceremony", ""),
                CeremonyPurpose.REGISTER,
                account.id,
                records=site.records(tx),
                rules=site.rules,
            )
        made = site.passkeys.read_new(credential, challenge)
        async with site.database.transaction() as tx:
            return await add_passkey(
                account,
                NamedCredential(made, name),
                site.cookies.visitor(request),
                at_login=self._at_login,
                records=site.records(tx),
                rules=site.rules,
                keys=site.factor_keys,
            )

    def finish(self, request: Request, enrolled: Enrolled, done: str) -> Response:
        """Goes on with the new session, past the recovery codes if there are new ones."""
        response = codes_page(self._site, request, enrolled.codes, done) if enrolled.codes else see_other(done)
        self._site.cookies.set_session(response, enrolled.token)
        return response
