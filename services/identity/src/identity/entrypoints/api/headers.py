"""Request headers that routes read by themselves, for their document."""

from typing import Any


def _header(name: str, example: str, words: str, *, required: bool) -> dict[str, Any]:
    schema = {"type": "string", "examples": [example]}
    parameter = {"name": name, "in": "header", "required": required, "description": words, "schema": schema}
    return {"parameters": [parameter]}


IF_MATCH = _header("If-Match", '"6f1e…"', "The ETag of what you have seen; `*` for any.", required=True)
"""For `openapi_extra=` of a changing route."""
IDEMPOTENCY_KEY = _header(
    "Idempotency-Key", "6b7c2f3e", "1 to 255 characters; the same one gives the same answer.", required=False
)
"""For `openapi_extra=` of a creating route."""
