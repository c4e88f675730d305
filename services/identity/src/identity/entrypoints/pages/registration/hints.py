"""What is said below a field of the registration while somebody types (A3); the form is checked all the same.

The other pages that ask for a new password say the same of it, so this hint is there with closed registration too.
"""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone, no_activity
from identity.domain.profile import Profile
from identity.domain.registration import Registration
from identity.entrypoints.pages.messages import field_errors
from identity.entrypoints.pages.site import Site
from identity.usecases.ask_for_username import ask_for_username
from ui.forms import Message, read_form
from ui.translations import N_

_LONG = 20
_FREE = N_("This user name is free.")
_MORE = N_("%(count)s more characters, please.")
_ONE_MORE = N_("One more character, please.")
_GOOD = N_("Good. One more word would make it stronger still.")
_STRONG = N_("Very good: long, and not easy to guess.")


class RegistrationHintPages:
    """`/register/hints/…`, fragments. All are POST: what is being typed stands in no address and no log."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        hints = {"username": self.username, "email": self.email} if site.brand.open else {}
        for name, hint in {**hints, "password": self.password}.items():
            self.router.add_api_route(f"/register/hints/{name}", hint, methods=["POST"])

    @no_activity
    async def username(self, request: Request, _caller: Anyone) -> Response:
        """Whether the name can be had."""
        site, typed = self._site, await read_form(request)
        name = typed.get("username", "")
        if not name.strip():
            return self._nothing(request)
        source = site.cookies.visitor(request).source
        async with site.database.transaction() as tx:
            problem = await ask_for_username(name, source, records=site.records(tx), clock=site.rules.clock)
        return self._problem(request, "username", problem) if problem else self._good(request, _FREE)

    @no_activity
    async def email(self, request: Request, _caller: Anyone) -> Response:
        """Whether it can be an address at all; nothing is ever said about whose it is."""
        typed = (await read_form(request)).get("email", "")
        bad = typed.strip() and self._site.read_mail(typed) is None
        return self._problem(request, "email", "email_invalid") if bad else self._nothing(request)

    @no_activity
    async def password(self, request: Request, _caller: Anyone) -> Response:
        """How strong the password is, and why."""
        typed, rules = await read_form(request), self._site.password_rules
        password = typed.get("password") or typed.get("new_password", "")
        if not password:
            return self._nothing(request)
        problem = rules.problem(password, _personal(typed))
        if problem == "password_short":
            return self._more(request, rules.shortest - len(password))
        if problem:
            return self._problem(request, "password", problem)
        return self._good(request, _STRONG if len(password) >= _LONG else _GOOD)

    def _problem(self, request: Request, field: str, code: str) -> Response:
        message = field_errors({field: code}, shortest=self._site.password_rules.shortest)[field]
        return self._fragment(request, message)

    def _more(self, request: Request, missing: int) -> Response:
        return self._fragment(request, _ONE_MORE if missing == 1 else Message(_MORE, {"count": missing}))

    def _good(self, request: Request, message: str) -> Response:
        return self._fragment(request, message, good=True)

    def _nothing(self, request: Request) -> Response:
        return self._fragment(request, None)

    def _fragment(self, request: Request, message: str | Message | None, *, good: bool = False) -> Response:
        return self._site.pages.fragment(request, "parts/live_hint.html", said=message, good=good)


def _personal(typed: Mapping[str, str]) -> tuple[str, ...]:
    """The words of the person, from the same fields as when the form is sent."""
    return Registration(
        username=typed.get("username", ""),
        profile=Profile.read(typed),
        email=None,
        typed_email=typed.get("email", ""),
        password="",
        consent=False,
        language="",
    ).personal
