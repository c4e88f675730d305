"""What all pages of identity are made with; the composition root fills it once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import Request, Response

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from chassis.problems import HTTP_STATUS
from chassis.sessions import Caller
from identity.domain.account import Account
from identity.domain.password_rules import PasswordRules
from identity.domain.throttle import Pace
from identity.entrypoints.pages.cookies import Cookies
from identity.entrypoints.pages.messages import field_errors, wait_message
from identity.entrypoints.signed_values import SignedValues
from identity.settings import IdentityBrand
from identity.usecases.account_surroundings import Surroundings
from identity.usecases.factor_ports import FactorKeys, Verifiers
from identity.usecases.passkey_ports import PasskeyProtocol
from identity.usecases.ports import Passwords, ReadMail, RecordsOn, Signer
from identity.usecases.published_news import NewsSource
from identity.usecases.start_session import SessionRules
from ui.forms import Form, Message
from ui.pages import Pages


@dataclass(frozen=True, slots=True)
class Site:
    """Collaborators of the pages."""

    brand: IdentityBrand
    pages: Pages
    database: Database
    records: RecordsOn
    passwords: Passwords
    password_rules: PasswordRules
    rules: SessionRules
    signer: Signer
    factor_keys: FactorKeys
    passkeys: PasskeyProtocol
    qr_code: Callable[[str], bytes]
    signed: SignedValues
    cookies: Cookies
    news: NewsSource
    surroundings: Surroundings
    read_mail: ReadMail
    registration_pace: Pace
    failures_of_all: int
    """Failed logins of everybody, in a window, beyond which only known devices come in."""

    @property
    def verifiers(self) -> Verifiers:
        """With what a given factor is verified."""
        return Verifiers(self.factor_keys, self.passkeys)

    async def account_of(self, caller: Caller) -> Account:
        """The account of a signed-in person, as it stands.

        Raises:
            DomainError: UNAUTHENTICATED when it is gone.
        """
        async with self.database.transaction() as tx:
            account = await self.records(tx).accounts.get(caller.account_id)
        if account is None:
            raise DomainError(ErrorKind.UNAUTHENTICATED, "account_gone")
        return account

    def render(self, request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
        """A page with what every template of identity may ask for."""
        own = {"identity": self.brand, "shortest_password": self.password_rules.shortest}
        return self.pages.render(request, template, status=status, **own, **context)

    def bad_form(
        self, request: Request, template: str, typed: Mapping[str, str], problems: Mapping[str, str], **context: Any
    ) -> Response:
        """The page again with what is wrong, everything typed but the secrets kept."""
        errors = field_errors(problems, shortest=self.password_rules.shortest)
        return self._again(request, template, 422, typed, errors, context)

    def refused_form(
        self, request: Request, template: str, typed: Mapping[str, str], error: DomainError, **context: Any
    ) -> Response:
        """The page again for an error of a use case: per field, or for the form as a whole.

        Raises:
            DomainError: the same again when it is not about what was typed.
        """
        if error.kind is ErrorKind.RATE_LIMITED:
            response = self._again(
                request, template, HTTP_STATUS[error.kind], typed, {"": wait_message(error)}, context
            )
            seconds = int((error.retry_after or timedelta(minutes=1)).total_seconds()) + 1
            response.headers["Retry-After"] = str(seconds)
            return response
        if error.fields:
            return self.bad_form(request, template, typed, error.fields, **context)
        raise error

    def _again(
        self,
        request: Request,
        template: str,
        status: int,
        typed: Mapping[str, str],
        errors: Mapping[str, str | Message],
        context: Mapping[str, Any],
    ) -> Response:
        values = {name: value for name, value in typed.items() if "password" not in name and name != "code"}
        return self.render(request, template, status=status, form=Form(values, errors), **context)


def see_other(path: str) -> Response:
    """Post, redirect, get."""
    return Response(status_code=303, headers={"Location": path})


def notice_of(request: Request, *known: str) -> str | None:
    """The notice of success that the address names, if the page knows it."""
    notice = request.query_params.get("notice")
    return notice if notice in known else None
