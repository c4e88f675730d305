"""What the codes of the rules say to a person, as message ids."""

from collections.abc import Mapping
from datetime import timedelta
from math import ceil

from chassis.errors import DomainError
from ui.forms import Message
from ui.translations import N_

_TEXTS: Mapping[str, str] = {
    "username_missing": N_("Choose a user name."),
    "username_length": N_("A user name has 3 to 40 characters. Choose a shorter or longer one."),
    "username_characters": N_(
        "Use only letters, digits, full stop, hyphen and underscore, with a letter or digit at the beginning and end."
    ),
    "username_taken": N_("This user name is already taken. Choose another one."),
    "username_same": N_("This is your present user name. Choose another one."),
    "salutation_missing": N_("Choose how we may address you."),
    "salutation_invalid": N_("Choose how we may address you."),
    "first_name_missing": N_("Enter your first name."),
    "first_name_long": N_("The first name is too long. Use at most 100 characters."),
    "first_name_invalid": N_("Check the first name. Signs such as @, / or : do not belong there."),
    "last_name_missing": N_("Enter your last name."),
    "last_name_long": N_("The last name is too long. Use at most 100 characters."),
    "last_name_invalid": N_("Check the last name. Signs such as @, / or : do not belong there."),
    "company_missing": N_("Enter the name of your company or association."),
    "company_long": N_("The company name is too long. Use at most 100 characters."),
    "company_invalid": N_("Check the company name. Web addresses and angle brackets do not belong there."),
    "street_missing": N_("Enter street and house number."),
    "street_long": N_("Street and house number are too long. Use at most 150 characters."),
    "street_invalid": N_("Check street and house number. Web addresses and angle brackets do not belong there."),
    "postal_code_missing": N_("Enter the postal code."),
    "postal_code_long": N_("The postal code is too long. Use at most 12 characters."),
    "postal_code_invalid": N_("Check the postal code. It does not fit the country that you have chosen."),
    "city_missing": N_("Enter the town."),
    "city_long": N_("The name of the town is too long. Use at most 100 characters."),
    "city_invalid": N_("Check the town. Web addresses and angle brackets do not belong there."),
    "country_missing": N_("Choose the country."),
    "country_invalid": N_("Choose the country from the list."),
    "phone_missing": N_("Enter your telephone number."),
    "phone_long": N_("The telephone number is too long. Use at most 30 characters."),
    "phone_invalid": N_("Check the telephone number. It looks like +43 1 234567 or 01 234567."),
    "email_missing": N_("Enter your e-mail address."),
    "email_same": N_("This is your present e-mail address. Enter another one."),
    "email_invalid": N_("Check the e-mail address. It looks like name@example.com."),
    "password_missing": N_("Choose a password."),
    "password_long": N_("The password is too long. Use at most 128 characters."),
    "password_common": N_(
        "This password is easy to guess. Choose another one, such as four words that do not belong together."
    ),
    "password_personal": N_("This password is mostly made of your name, your address or ours. Choose another one."),
    "password_mailed": N_("This is the password from our mail. Choose one of your own."),
    "consent_missing": N_("Please agree to the terms of use and the privacy policy."),
    "login_missing_username": N_("Enter your user name."),
    "login_missing_email": N_("Enter your e-mail address."),
    "login_missing_either": N_("Enter your user name or your e-mail address."),
    "password_empty": N_("Enter your password."),
    "login_wrong_username": N_("User name or password is not right. Please check both."),
    "login_wrong_email": N_("E-mail address or password is not right. Please check both."),
    "login_wrong_either": N_("User name, e-mail address or password is not right. Please check them."),
    "confirm_wrong": N_("This is not the password of this user name. Please check it."),
    "roles_same": N_("These are the roles that the account has. Change them or go back."),
    "roles_missing": N_("Choose at least one role."),
    "name_missing": N_("Enter the name."),
    "account_exists": N_("User name or e-mail address is taken. Choose another one, or give that account a role."),
    "reason_missing": N_("Choose the occasion."),
    "reason_long": N_("The reason is too long. Use at most 150 characters."),
    "code_missing": N_("Enter the code from your app."),
    "code_wrong": N_("This code does not work. Wait for the next one in your app and enter that."),
    "passkey_refused": N_("The passkey was not accepted. Please try again, or use another way."),
    "passkey_needs_script": N_(
        "A passkey needs JavaScript, which is switched off in this browser or has not loaded. Use another way."
    ),
    "passkey_name_missing": N_("Give the passkey a name by which you know it again."),
    "passkey_name_long": N_("The name is too long. Use at most 60 characters."),
    "recovery_missing": N_("Enter one of your recovery codes."),
    "recovery_wrong": N_("This recovery code does not work. Each works only once; check it or take another one."),
    "device_name_long": N_("The name is too long. Use at most 40 characters."),
    "current_missing": N_("Enter your current password."),
    "current_wrong": N_("This is not your current password. Please check it."),
    "password_changed_meanwhile": N_(
        "Your password has been changed somewhere else in the meantime. Please try again."
    ),
}


def field_errors(problems: Mapping[str, str], *, shortest: int) -> dict[str, str | Message]:
    """Field → message for a form."""
    return {field: _message(code, shortest) for field, code in problems.items()}


def wait_message(error: DomainError) -> Message:
    """How long to wait after too many tries."""
    minutes = ceil((error.retry_after or timedelta(minutes=1)) / timedelta(minutes=1))
    if minutes <= 1:
        return Message(N_("Too many attempts. Please wait one minute, then try again."))
    if minutes > _HOURS_FROM:
        return Message(N_("Too many attempts. Please choose a new password with “Forgot your password?”."))
    return Message(N_("Too many attempts. Please wait %(minutes)s minutes, then try again."), {"minutes": minutes})


_HOURS_FROM = 120


def _message(code: str, shortest: int) -> str | Message:
    if code == "password_short":
        return Message(N_("The password is too short. Use at least %(count)s characters."), {"count": shortest})
    return _TEXTS[code]
