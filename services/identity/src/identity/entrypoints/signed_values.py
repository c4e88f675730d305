"""Short values that a browser keeps for us and cannot change: MAC, key id and an end."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import UTC, datetime, timedelta

from identity.usecases.ports import Clock, Signer


class SignedValues:
    """Signs and reads values without blanks; the label keeps values of one use from being taken for another."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._signer = signer
        self._clock = clock

    def sign(self, label: str, value: str, lifetime: timedelta) -> str:
        """The value with its seal; safe in cookies and forms."""
        until = int((self._clock() + lifetime).timestamp())
        body = f"{self._signer.current} {until} {value}".encode()
        mac = self._signer.mac(label, body)
        assert mac is not None  # noqa: S101 - the current key is there
        return urlsafe_b64encode(mac + body).decode().rstrip("=")

    def read(self, label: str, signed: str | None) -> str | None:
        """The value, or None when it is not ours, over, or of a key that is gone."""
        try:
            raw = urlsafe_b64decode((signed or "").encode("ascii") + b"==")
            key_id, until, value = raw[32:].decode().split(" ", 2)
        except (ValueError, NotBase64):
            return None
        expected = self._signer.mac(label, raw[32:], key_id=key_id)
        if expected is None or not hmac.compare_digest(expected, raw[:32]):
            return None
        return value if self._clock() < datetime.fromtimestamp(int(until), UTC) else None
