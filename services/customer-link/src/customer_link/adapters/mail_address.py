"""Mail addresses as people write them."""

from email_validator import EmailNotValidError, validate_email


def read_mail_address(written: str) -> str | None:
    """The address in its normal form; None if it is none. Whether it takes mail is not asked."""
    try:
        return validate_email(written.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        return None
