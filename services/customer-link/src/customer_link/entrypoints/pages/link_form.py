"""The form of activation code and customer number: reading it, and what is said when it is refused (A9, A12 to A14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from customer_link.domain.activation_code import MistypedCodeError, read_code
from customer_link.domain.customer_number import LONGEST, number_key
from customer_link.usecases.link_customer import ALREADY_YOURS, HELD_BY_OTHER, PAUSED, REFUSED, TYPE_TAKEN, Outcome
from ui.forms import Form, Message
from ui.translations import N_

_CODE_PROBLEMS = {
    "missing": N_("Enter your activation code"),
    "symbol": N_("The activation code contains a character that no code has. Please compare it with your invoice"),
    "length": N_("An activation code has 12 characters. Please compare it with your invoice"),
    "check": N_("There is a typing error in the activation code. Please compare it with your invoice"),
}
_NUMBER_MISSING = N_("Enter your customer number")
_NUMBER_TOO_LONG = N_("A customer number has at most 40 characters")
_REFUSED = N_("This activation code does not fit this customer number, or it is no longer valid")
CONFLICTS = frozenset({ALREADY_YOURS, HELD_BY_OTHER, TYPE_TAKEN})


@dataclass(frozen=True, slots=True)
class Typed:
    """Code and number in the form in which they are compared."""

    code: str
    number_key: str


def read_link_form(fields: Mapping[str, str]) -> tuple[Typed | None, Form]:
    """What was typed, or the form with what is wrong with it. Typing errors say nothing of any code, nor count."""
    code, problem = _read_code(fields.get("code", ""))
    key = number_key(fields.get("number", ""))
    errors: dict[str, str | Message] = {}
    if problem:
        errors["code"] = problem
    if not key:
        errors["number"] = _NUMBER_MISSING
    elif len(key) > LONGEST:
        errors["number"] = _NUMBER_TOO_LONG
    return (None if errors else Typed(code, key)), Form(fields, errors)


def refused_form(fields: Mapping[str, str], outcome: Outcome) -> tuple[int, Form]:
    """Status and form for a refusal; a conflict is said in a place of its own below the fields."""
    if outcome.refusal == PAUSED:
        return 429, Form(fields, {"": _paused(outcome.retry_after or timedelta())})
    if outcome.refusal == REFUSED:
        return 422, Form(fields, {"code": _REFUSED})
    return 409, Form(fields)


def _paused(wait: timedelta) -> Message:
    hours = ceil(wait / timedelta(hours=1))
    text = N_("There were too many attempts. Please try again in %(hours)s h, or call us")
    return Message(text, {"hours": hours})


def _read_code(typed: str) -> tuple[str, str]:
    try:
        return read_code(typed), ""
    except MistypedCodeError as error:
        return "", _CODE_PROBLEMS[str(error)]
