"""A kept file as it is handed out: always to be saved, never shown by the browser (DESIGN 6; ASVS 5.4)."""

from collections.abc import AsyncIterator
from urllib.parse import quote

from fastapi.responses import StreamingResponse

_HEADERS = {
    # Nothing that a browser might make of it after all may do anything or reach the portal.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Accept-Ranges": "none",
}


def attachment(chunks: AsyncIterator[bytes], *, name: str, media_type: str, size: int) -> StreamingResponse:
    """The answer that streams a file; a range is not given, the whole file is (RFC 9110 14.2)."""
    headers = _HEADERS | {"Content-Disposition": disposition(name), "Content-Length": str(size)}
    # Not by media_type=, which would call every text UTF-8.
    return StreamingResponse(chunks, headers={**headers, "Content-Type": media_type})


def disposition(name: str) -> str:
    """The header's value (RFC 6266): the name for every browser, and a plain one for those that cannot read it."""
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
