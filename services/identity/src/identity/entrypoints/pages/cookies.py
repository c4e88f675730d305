"""The cookies of identity: the session, and the device by which an account knows a browser again."""

from datetime import timedelta
from uuid import UUID

from fastapi import Request, Response

from chassis.client_address import client_address
from chassis.sessions import token_hash
from identity.domain.account import Account
from identity.domain.browser_name import browser_name
from identity.domain.session import REMEMBERED_MARK
from identity.entrypoints.signed_values import SignedValues
from identity.settings import IdentitySettings
from identity.usecases.log_in import Visitor
from identity.usecases.ports import NewId

_DEVICE = "device"
_DEVICE_LIFETIME = timedelta(days=400)
_YEAR_SECONDS = 365 * 24 * 3600


class Cookies:
    """Reads and sets them. None is readable by scripts; none is set before somebody signs in."""

    def __init__(self, settings: IdentitySettings, signed: SignedValues, new_id: NewId) -> None:
        self._session = settings.cookie_name
        self._device = f"__Host-{_DEVICE}" if settings.cookie_secure else _DEVICE
        self.secure = settings.cookie_secure
        """Whether cookies are for https only."""
        self._signed = signed
        self._new_id = new_id
        self._remembered = settings.remembered

    def session_hash(self, request: Request) -> bytes | None:
        """Hash of the session cookie that came with the request."""
        token = request.cookies.get(self._session)
        return token_hash(token) if token else None

    def visitor(self, request: Request) -> Visitor:
        """Who tries, as far as a browser says without signing in."""
        value = self._signed.read(_DEVICE, request.cookies.get(self._device))
        account_id, _, device = value.partition(":") if value else ("", "", "")
        return Visitor(
            source=client_address(request),
            device=device,
            device_of=UUID(account_id) if account_id else None,
            browser=browser_name(request.headers.get("user-agent", "")),
            old_session=self.session_hash(request),
        )

    def set_session(self, response: Response, token: str) -> None:
        """Signs the browser in; the cookie ends with the browser, but for who stays logged in."""
        max_age = int(self._remembered.total_seconds()) if token.startswith(REMEMBERED_MARK) else None
        response.set_cookie(
            self._session, token, max_age=max_age, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def set_language(self, response: Response, language: str) -> None:
        """Keeps the choice of language in this browser for a year."""
        response.set_cookie(
            "language", language, max_age=_YEAR_SECONDS, path="/", secure=self.secure, samesite="lax", httponly=True
        )

    def clear_session(self, response: Response) -> None:
        """Takes the session cookie back."""
        response.delete_cookie(self._session, path="/", secure=self.secure, httponly=True, samesite="lax")

    def remember_device(self, response: Response, account: Account, visitor: Visitor) -> None:
        """Lets the account know this browser again, so that strangers' failures never lock its owner out."""
        device = visitor.known_to(account) or self._new_id().hex
        response.set_cookie(
            self._device,
            self._signed.sign(_DEVICE, f"{account.id}:{device}", _DEVICE_LIFETIME),
            max_age=int(_DEVICE_LIFETIME.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )
