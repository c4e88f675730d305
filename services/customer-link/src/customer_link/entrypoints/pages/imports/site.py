"""What the pages of imports share."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from chassis.callers import staff
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from customer_link.domain.customer_import import ImportKind
from ui.forms import Message
from ui.translations import N_

PATH = "/staff/customers/import"
ImportStaff = Annotated[Caller, Depends(staff("admin"))]
"""Who imports."""
_TWICE = N_("Another line of the file has the same.")
_UNFIT = N_("The line has signs that cannot be read. Save the file as CSV UTF-8.")
_TOO_LONG = N_("This is too long, or has a line break.")
_DAY = N_("Write a day such as 2026-11-30 or 30.11.2026.")
_MISSING = N_("This must not be empty.")
_TEXTS: Mapping[str, str] = {
    "column_unknown": N_("The first line names a column that does not exist. Take the names from the empty template."),
    "column_missing": N_("The first line must name the columns, as the empty template does, and each only once."),
    "file_too_long": N_("The file is too long: at most 100,000 lines of 16,000 characters each."),
    "columns_differ": N_("The line has more or fewer cells than the first line."),
    "line_unreadable": _UNFIT,
    "encoding_invalid": _UNFIT,
    "organisation_missing": _MISSING,
    "organisation_invalid": _TOO_LONG,
    "organisation_unknown": N_("There is no such organisation."),
    "organisation_ambiguous": N_("Several organisations have this name."),
    "nothing_to_import": N_("The line has neither a customer number nor an e-mail address."),
    "number_missing": N_("Name and address need a customer number."),
    "number_invalid": N_("This is no customer number: at most 40 signs, with letters or digits."),
    "number_of_another": N_("This customer number belongs to another organisation."),
    "number_unknown": N_("There is no such customer number."),
    "customer_number_twice": _TWICE,
    "type_unknown": N_("There is no such kind. These are known: %(types)s."),
    "type_differs": N_("This customer number is of another kind."),
    "too_long": _TOO_LONG,
    "missing": _MISSING,
    "as_of_invalid": N_("Write a day such as 2026-11-30 or 30.11.2026, with a time if you like: 2026-11-30 14:30."),
    "as_of_future": N_("This lies in the future."),
    "data_newer": N_("Newer data are there already."),
    "email_missing": _MISSING,
    "email_invalid": N_("Enter an e-mail address, for example name@example.com"),
    "email_twice": _TWICE,
    "name_missing": N_("Enter the name of the person"),
    "name_too_long": N_("Enter a name of at most 200 characters"),
    "language_unknown": N_("There is no such language. These are known: %(languages)s."),
    "contact_invalid": N_("Write “remove” for a person who is no longer to be named, else nothing."),
    "reference_twice": _TWICE,
    "too_many_of_number": N_("The customer number would have more than 1,000 of them."),
    "day_invalid": _DAY,
    "ends_before_start": N_("It ends before it starts."),
    "amount_invalid": N_("Write an amount such as 1234.50 or 1.234,50."),
    "currency_invalid": N_("Write a currency in three letters, such as EUR."),
    "state_unknown": N_("Write “open”, “paid” or “overdue”."),
}


def problem_words(problem: str, known: Mapping[str, str]) -> Message:
    """The message of a problem's code; `known` has the types and languages that there are."""
    return Message(_TEXTS[problem], known)


def read_import_id(text: str) -> UUID:
    """The id in an address; NOT_FOUND for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise import_unknown() from None


def import_unknown() -> DomainError:
    """There is no such import."""
    return DomainError(ErrorKind.NOT_FOUND, "import_unknown", "There is no such import.")


def read_kind(text: str | None) -> ImportKind | None:
    """The kind of a file; None for what nobody offers."""
    return next((kind for kind in ImportKind if kind == text), None)
