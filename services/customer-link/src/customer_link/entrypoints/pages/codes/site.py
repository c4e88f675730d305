"""What staff's pages of codes share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from chassis.callers import staff
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from customer_link.domain.letter import Letter
from customer_link.entrypoints.pages.site import Site
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.code_ports import Press

CodeStaff = Annotated[Caller, Depends(staff("agent", "advisor", "admin"))]
"""Who issues codes."""
_INSTANT = timedelta(microseconds=1)
_TEXTS = (
    "sender",
    "title",
    "greeting",
    "intro",
    "code_label",
    "number_label",
    "valid_label",
    "date_label",
    "qr_label",
    "step_scan",
    "step_type",
    "step_press",
    "limits",
    "closing",
    "signature",
    "questions",
)


@dataclass(frozen=True, slots=True)
class CodeSite:
    """Pages, letters and the address that QR codes open."""

    site: Site
    press: Press
    base_url: str

    @property
    def workplace(self) -> Workplace:
        """Stores and rules."""
        return self.site.workplace

    def now(self) -> datetime:
        """By the service's clock."""
        return self.workplace.rules.clock()

    def render(self, request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
        """A page; `last_day` shows until when something holds."""
        return self.site.render(request, template, status=status, last_day=last_day, **context)

    async def pdf(self, letters: Sequence[Letter]) -> bytes:
        """Letters in the brand's layout and its base language: customers without an account have none of their own."""
        brand = self.site.pages.brand
        formats = self.site.pages.formats(brand.language)
        content = {
            "language": brand.language,
            "sender": brand.name,
            "today": formats.date(self.now()),
            "address": f"{self.base_url}/customers",
            "hotline": brand.hotline.number,
            "mail": brand.hotline.mail,
            "texts": {name: brand.text(f"letter.{name}", brand.language) for name in _TEXTS},
        }
        return await self.press.pdf(content, [self._on_paper(one) for one in letters])

    def picture(self, letter: Letter) -> str:
        """The QR code of a letter as SVG."""
        return self.press.picture(letter.link(self.base_url))

    def type_label(self, type_id: str) -> str:
        """The name of a type of numbers in the brand's base language."""
        labels: Mapping[str, str] = self.workplace.types.get(type_id, {})
        return labels.get(self.site.pages.brand.language, type_id)

    def _on_paper(self, letter: Letter) -> dict[str, Any]:
        formats = self.site.pages.formats(self.site.pages.brand.language)
        return {
            "recipient": letter.recipient,
            "lines": list(letter.address_lines),
            "number": letter.number,
            "type": self.type_label(letter.type),
            "code": letter.code,
            "valid_until": formats.date(last_day(letter.valid_until)),
            "qr": self.picture(letter),
        }


def last_day(end: datetime) -> datetime:
    """A moment of the last day: what holds to the end of a day ends as the next one begins."""
    return end - _INSTANT


def read_code_id(text: str) -> UUID:
    """The id in an address; NOT_FOUND for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise code_unknown() from None


def code_unknown() -> DomainError:
    """There is no such code."""
    return DomainError(ErrorKind.NOT_FOUND, "code_unknown", "There is no such activation code.")


def pdf_response(content: bytes, name: str) -> Response:
    """A PDF to keep; it carries codes, so nobody on the way may."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
