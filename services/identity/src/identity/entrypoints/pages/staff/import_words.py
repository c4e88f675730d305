"""What is wrong with lines of a file of accounts, as message ids."""

from collections.abc import Mapping

from identity.entrypoints.pages.messages import field_errors
from ui.forms import Message
from ui.translations import N_

_TEXTS: Mapping[str, str] = {
    "column_unknown": N_("The first line names a column that does not exist. Take the names from the empty template."),
    "column_missing": N_("The first line must name the columns, among them “email”, and each only once."),
    "file_too_long": N_("The file is too long: at most 100,000 lines of 16,000 characters each."),
    "columns_differ": N_("The line has more or fewer cells than the first line."),
    "encoding_invalid": N_("The line has signs that cannot be read. Save the file as CSV UTF-8."),
    "external_id_invalid": N_("Use at most 100 characters."),
    "external_id_twice": N_("Another line of the file has the same."),
    "username_twice": N_("Another line of the file has the same."),
    "email_twice": N_("Another line of the file has the same."),
    "username_taken": N_("Another account has this user name."),
    "email_taken": N_("Another account has this e-mail address."),
    "display_name_invalid": N_("Use at most 200 characters."),
    "language_unknown": N_("Write “de” or “en”."),
    "password_hash_unknown": N_("This is no hash that we can check: bcrypt, PBKDF2-SHA256, PBKDF2-SHA512 or Argon2."),
}
_SHORTEST = 12


def problem_words(problem: str) -> str | Message:
    """The message of a problem's code; those of a profile are the ones of every form."""
    if problem in _TEXTS:
        return _TEXTS[problem]
    return field_errors({"": problem}, shortest=_SHORTEST)[""]
