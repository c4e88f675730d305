"""The form of activation code and customer number: reading it, and what is said when it is refused (A9, A12 to A14)."""

from collections.abc import Mapping
from dataclasses import dataclass

from customer_link.domain.activation_code import MistypedCodeError, read_code
from customer_link.domain.customer import Refusal
from customer_link.domain.customer_number import LONGEST, read_number
from customer_link.domain.link_request import LONGEST_TEXT, REASONS, AskReason, RequestKind
from customer_link.usecases.ask_for_link import Wish
from ui.forms import Form, Message
from ui.translations import N_

_CODE_PROBLEMS = {
    "missing": N_("Enter your activation code"),
    "symbol": N_("“%(symbol)s” is in no activation code. Please compare the code with your letter or invoice"),
    "length": N_("An activation code has 12 characters. Please compare it with your letter or invoice"),
    "check": N_("There is a typing error in the activation code. Please compare it with your letter or invoice"),
}
_NUMBER_MISSING = N_("Enter your customer number")
_NUMBER_TOO_LONG = N_("A customer number has at most 40 characters")
_REASON_MISSING = N_("Choose why you ask")
_TEXT_MISSING = N_("Explain it in a few words, so that we can decide")
_TEXT_TOO_LONG = N_("Keep your explanation below 1000 characters")
PAUSED = "paused"
CONFLICTS = {kind.value: REASONS[kind] for kind in RequestKind}
"""The refusals out of which a request can be sent, and the reasons that it may have."""
REFUSALS = {
    Refusal.UNMATCHED: N_("This activation code does not fit this customer number, or it is no longer valid."),
    Refusal.HELD_BY_ANOTHER: N_("This customer number is already linked to another user name."),
    Refusal.TYPE_HELD: N_("You already have a customer number of this type linked."),
    Refusal.ALREADY_YOURS: N_("This customer number is already linked to your profile."),
    PAUSED: N_("There were too many codes that did not fit."),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """Code and number in the form in which they are compared."""

    code: str
    number_key: str


def read_link_form(fields: Mapping[str, str]) -> Typed | Form:
    """What was typed, or the form with what is wrong with it. Typing errors say nothing of any code, nor count."""
    errors: dict[str, str | Message] = {}
    code, number = "", read_number(fields.get("number", ""))
    try:
        code = read_code(fields.get("code", ""))
    except MistypedCodeError as error:
        errors["code"] = Message(_CODE_PROBLEMS[error.reason], {"symbol": error.symbol})
    if not number:
        errors["number"] = _NUMBER_MISSING
    elif len(number) > LONGEST:
        errors["number"] = _NUMBER_TOO_LONG
    return Form(_kept(fields), errors) if errors else Typed(code, number)


def read_wish(fields: Mapping[str, str]) -> Wish | dict[str, str]:
    """Why somebody asks for a number that is taken, or what is missing."""
    reason = next((one for one in AskReason if one == fields.get("reason")), None)
    text = fields.get("text", "").strip()
    missing = {}
    if reason is None:
        missing["reason"] = _REASON_MISSING
    if not text or len(text) > LONGEST_TEXT:
        missing["text"] = _TEXT_TOO_LONG if text else _TEXT_MISSING
    return Wish(reason, text) if reason is not None and not missing else missing


def refused_form(fields: Mapping[str, str], refusal: str, missing: Mapping[str, str | Message]) -> Form:
    """The form again for a refusal, which is said below the fields and is about the form as a whole.

    Where a conflict can be answered with a request, what that one lacks is the only error.
    """
    return Form(_kept(fields), dict(missing) or {"": REFUSALS[refusal]})


def status_of(refusal: str) -> int:
    """The HTTP status of a refusal."""
    if refusal == PAUSED:
        return 429
    return 422 if refusal == Refusal.UNMATCHED else 409


def _kept(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: fields.get(name, "") for name in ("code", "number", "reason", "text", "documents")}
