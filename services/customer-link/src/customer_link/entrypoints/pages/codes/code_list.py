"""`/staff/codes`: all activation codes, newest first (STEPS S5)."""

import base64
import binascii
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response

from customer_link.domain.code_listing import CodeFigures, CodeQuery, Cursor
from customer_link.domain.code_state import Standing
from customer_link.domain.customer_number import read_number
from customer_link.entrypoints.pages.codes.site import CodeSite, CodeStaff
from customer_link.usecases.ports import Records

_PATH = "/staff/codes"
_COUNTED_FOR = timedelta(minutes=1)


class CodeListPage:
    """Codes by state and number, and figures of the last month."""

    def __init__(self, site: CodeSite) -> None:
        self._site = site
        self._counted: tuple[datetime, CodeFigures] | None = None
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.show, methods=["GET"])

    async def show(self, request: Request, _caller: CodeStaff) -> Response:
        """One page of the list."""
        asked, now = request.query_params, self._site.now()
        number, state = asked.get("q", "").strip()[:60], _standing(asked.get("state", ""))
        query = CodeQuery(state, read_number(number), _from_token(asked.get("page", "")))
        async with self._site.workplace.open() as records:
            page = await records.register.page(query, now)
            figures = await self._figures(records, now)
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

    async def _figures(self, records: Records, now: datetime) -> CodeFigures:
        """Counted once a minute: after an invoice run of 100,000 codes counting takes longer than the list."""
        if self._counted is None or now - self._counted[0] > _COUNTED_FOR:
            self._counted = now, await records.register.figures(now)
        return self._counted[1]


def _standing(text: str) -> Standing | None:
    return Standing(text) if text in set(Standing) else None


def _address(filters: dict[str, str]) -> str:
    return f"{_PATH}?{urlencode(filters)}" if filters else _PATH


def _to_token(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(f"{cursor.at.isoformat()} {cursor.id}".encode()).decode().rstrip("=")


def _from_token(token: str) -> Cursor | None:
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        said, _, code_id = text.rpartition(" ")
        at = datetime.fromisoformat(said)
        return Cursor(at, UUID(code_id)) if at.tzinfo else None
    except (ValueError, binascii.Error):
        return None
