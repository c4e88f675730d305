"""`/staff/codes/{id}`: the life of one code; print its letter, hand it over, withdraw it (STEPS A10, S5)."""

from base64 import b64encode
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response

from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from customer_link.domain.code_listing import CodeEntry
from customer_link.domain.code_state import SEALED_FOR, WITHDRAWABLE, Handover, Reason, Standing
from customer_link.domain.customer_number import number_key
from customer_link.domain.letter import Letter
from customer_link.entrypoints.pages.codes.site import CodeSite, CodeStaff, code_unknown, pdf_response, read_code_id
from customer_link.entrypoints.pages.site import see_other
from customer_link.usecases.withdraw_code import withdraw_code
from customer_link.usecases.write_letters import write_letters
from ui.forms import Form, read_form
from ui.translations import N_

_log = structlog.get_logger(__name__)
_PATH = "/staff/codes/{code_id}"
_NOTICES = frozenset({"issued", "printed", "handed_over", "withdrawn", "ended", "unreadable"})
_HOW_MISSING = N_("Choose how the customer got the code")
_REASON_MISSING = N_("Choose why the code is withdrawn")
_BY_HAND = (Handover.IN_PERSON, Handover.BY_PHONE, Handover.BY_LETTER)
_REASONS = tuple(reason for reason in Reason if reason is not Reason.REPLACED)


class CodePage:
    """What staff do with one code. It can be read until it is handed over, seven days at most."""

    def __init__(self, site: CodeSite) -> None:
        self._site = site
        self.router = APIRouter()
        add = self.router.add_api_route
        add(_PATH, self.show, methods=["GET"])
        add(f"{_PATH}/letter", self.letter, methods=["GET"])
        add(f"{_PATH}/letter.pdf", self.letter_pdf, methods=["GET"])
        add(f"{_PATH}/print", self.print, methods=["POST"])
        add(f"{_PATH}/hand-over", self.hand_over, methods=["POST"])
        add(f"{_PATH}/withdraw", self.withdraw, methods=["POST"])

    async def show(self, request: Request, caller: CodeStaff, code_id: str) -> Response:
        """Its life, and itself while it may be read."""
        return await self._page(request, caller, read_code_id(code_id), Form())

    async def letter(self, request: Request, caller: CodeStaff, code_id: str) -> Response:
        """The letter as a page to print."""
        entry, letter = await self._read(caller, read_code_id(code_id))
        if letter is None:
            return _go_to(entry, "unreadable")
        pictures = {letter.number: b64encode(self._site.picture(letter).encode()).decode()}
        back = f"/staff/codes/{entry.code.id}"
        return self._site.render(
            request,
            "codes/letters.html",
            letters=[letter],
            pictures=pictures,
            back_to=back,
            pdf=f"{back}/letter.pdf",
            address=f"{self._site.base_url}/customers",
        )

    async def letter_pdf(self, caller: CodeStaff, code_id: str) -> Response:
        """The letter as PDF."""
        entry, letter = await self._read(caller, read_code_id(code_id))
        if letter is None:
            return _go_to(entry, "unreadable")
        return pdf_response(await self._site.pdf([letter]), f"{number_key(letter.number)}.pdf")

    async def print(self, _caller: CodeStaff, code_id: str) -> Response:
        """Notes that the letter is printed, and shows it."""
        wanted = read_code_id(code_id)
        async with self._site.workplace.open() as records:
            await records.register.mark_printed([wanted], self._site.now())
        return see_other(f"/staff/codes/{wanted}/letter")

    async def hand_over(self, request: Request, caller: CodeStaff, code_id: str) -> Response:
        """Notes how the customer got it; from now on nobody can read it here."""
        wanted, fields = read_code_id(code_id), await read_form(request)
        how = next((one for one in _BY_HAND if one == fields.get("how")), None)
        if how is None:
            return await self._page(request, caller, wanted, Form(fields, {"how": _HOW_MISSING}), status=422)
        async with self._site.workplace.open() as records:
            done = await records.register.hand_over([wanted], how, caller.account_id, self._site.now())
        return see_other(f"/staff/codes/{wanted}?notice={'handed_over' if done else 'ended'}")

    async def withdraw(self, request: Request, caller: CodeStaff, code_id: str) -> Response:
        """Ends it at once."""
        wanted, fields = read_code_id(code_id), await read_form(request)
        reason = next((one for one in _REASONS if one == fields.get("reason")), None)
        if reason is None:
            return await self._page(request, caller, wanted, Form(fields, {"reason": _REASON_MISSING}), status=422)
        try:
            async with self._site.workplace.open() as records:
                await withdraw_code(
                    wanted, reason, by=caller.account_id, records=records, clock=self._site.workplace.rules.clock
                )
        except DomainError as error:
            if error.kind is not ErrorKind.CONFLICT:
                raise
            return see_other(f"/staff/codes/{wanted}?notice=ended")
        return see_other(f"/staff/codes/{wanted}?notice=withdrawn")

    async def _page(
        self, request: Request, caller: Caller, code_id: UUID, form: Form, *, status: int = 200
    ) -> Response:
        entry, letter = await self._read(caller, code_id)
        notice = request.query_params.get("notice", "")
        return self._site.render(
            request,
            "codes/code.html",
            status=status,
            form=form,
            entry=entry,
            letter=letter,
            standing=entry.code.standing(self._site.now()),
            readable_until=entry.code.issued_at + SEALED_FOR,
            can_withdraw=entry.code.state in WITHDRAWABLE and entry.code.standing(self._site.now()) != Standing.EXPIRED,
            handovers=_BY_HAND,
            reasons=_REASONS,
            notice=notice if notice in _NOTICES else "",
        )

    async def _read(self, caller: Caller, code_id: UUID) -> tuple[CodeEntry, Letter | None]:
        async with self._site.workplace.open() as records:
            entry = await records.register.get(code_id)
            sealed = await records.register.sealed([code_id])
        if entry is None:
            raise code_unknown()
        letters = write_letters(sealed, keeper=self._site.workplace.rules.keeper)
        if letters:
            _log.info("code_read", code_id=str(code_id), account_id=str(caller.account_id))
        return entry, letters[0] if letters else None


def _go_to(entry: CodeEntry, notice: str) -> Response:
    return see_other(f"/staff/codes/{entry.code.id}?notice={notice}")
