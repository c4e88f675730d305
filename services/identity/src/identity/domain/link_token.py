"""The form of the secret in a mailed link: challenge id and MAC, as one word of 64 URL-safe characters."""

import base64
import binascii
from uuid import UUID

_ID_BYTES = 16
_MAC_BYTES = 32


def pack(challenge_id: UUID, mac: bytes) -> str:
    """The word that stands in the link."""
    return base64.urlsafe_b64encode(challenge_id.bytes + mac).decode()


def unpack(token: str) -> tuple[UUID, bytes] | None:
    """Challenge id and MAC of such a word, or None when it is not one."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    if len(raw) != _ID_BYTES + _MAC_BYTES:
        return None
    return UUID(bytes=raw[:_ID_BYTES]), raw[_ID_BYTES:]
