"""Reading a mail address that a person typed."""

from email_validator import EmailNotValidError, validate_email


def read_mail_address(typed: str) -> str | None:
    """The address in its normal form, or None when it cannot be one. Asks no name server.

    `.test` is let through (RFC 2606): such a mail goes nowhere, and demonstrations use it.
    """
    try:
        return validate_email(typed.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None
