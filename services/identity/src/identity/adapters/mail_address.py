"""Reading a mail address that a person typed."""

from email_validator import EmailNotValidError, validate_email

from identity.domain.normal_form import mixes_scripts


def read_mail_address(typed: str) -> str | None:
    """The address in its normal form, or None when it cannot be one. Asks no name server.

    A domain that mixes look-alike letters is none: it is there to be taken for another (A19).
    `.test` is let through (RFC 2606): such a mail goes nowhere, and demonstrations use it.
    """
    try:
        read = validate_email(typed.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return None if mixes_scripts(read.domain) else read.normalized
