"""Time-based one-time codes (RFC 6238: SHA-1, 30 seconds, 6 digits)."""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6


def code_at(secret: bytes, step: int) -> str:
    """The code of one step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, typed: str, now: datetime) -> int | None:
    """The step whose code was typed, one step of clock difference allowed; None when there is none.

    The caller accepts a step only once (A15).
    """
    code = "".join(typed.split())
    current = int(now.timestamp()) // STEP_SECONDS
    matches = [
        step
        for step in (current - 1, current, current + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode())
    ]
    return matches[-1] if matches else None


def secret_text(secret: bytes) -> str:
    """The secret as authenticator apps take it."""
    return base64.b32encode(secret).decode().rstrip("=")


def otpauth_uri(secret: bytes, account: str, issuer: str) -> str:
    """The address behind the QR code that authenticator apps read."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    return f"otpauth://totp/{label}?secret={secret_text(secret)}&issuer={quote(issuer, safe='')}"
