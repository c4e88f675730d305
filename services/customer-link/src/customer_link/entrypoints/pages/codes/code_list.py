"""`/staff/codes`: all activation codes, newest first (STEPS S5)."""

import base64
import binascii
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response

from customer_link.domain.code_listing import CodeQuery, Cursor
from customer_link.domain.code_state import Standing
from customer_link.domain.customer_number import read_number
from customer_link.entrypoints.pages.codes.site import CodeSite, CodeStaff

_PATH = "/staff/codes"


class CodeListPage:
    """Codes by state and number, and figures of the last month."""

    def __init__(self, site: CodeSite) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.show, methods=["GET"])

    async def show(self, request: Request, _caller: CodeStaff) -> Response:
        """One page of the list."""
        asked, now = request.query_params, self._site.now()
        number, state = asked.get("q", "").strip()[:60], _standing(asked.get("state", ""))
        query = CodeQuery(state, read_number(number), _from_token(asked.get("page", "")))
        async with self._site.workplace.open() as records:
            page = await records.register.page(query, now)
            figures = await records.register.figures(now)
            alerts = await records.failures.alerts()
        filters = {name: value for name, value in (("q", number), ("state", state or "")) if value}
        following = filters | {"page": _to_token(page.next)} if page.next else {}
        return self._site.render(
            request,
            "codes/list.html",
            rows=page.rows,
            figures=figures,
            alerts=alerts,
            number=number,
            state=state or "",
            narrowed=bool(filters),
            first_page=_address(filters) if query.below else "",
            next_page=_address(following) if following else "",
        )


def _standing(text: str) -> Standing | None:
    return Standing(text) if text in set(Standing) else None


def _address(filters: dict[str, str]) -> str:
    return f"{_PATH}?{urlencode(filters)}" if filters else _PATH


def _to_token(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(f"{cursor.issued_at.isoformat()} {cursor.id}".encode()).decode().rstrip("=")


def _from_token(token: str) -> Cursor | None:
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        at, _, code_id = text.rpartition(" ")
        issued_at = datetime.fromisoformat(at)
        return Cursor(issued_at, UUID(code_id)) if issued_at.tzinfo else None
    except (ValueError, binascii.Error):
        return None
