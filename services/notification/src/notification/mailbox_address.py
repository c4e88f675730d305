"""A mail address in the form in which mail servers know it."""

from email_validator import EmailNotValidError, validate_email


class BadAddress(Exception):  # noqa: N818 - says what is the matter
    """Not an address that a mail can go to. The text never has the address."""


def mailbox_address(address: str) -> str:
    """The address with its domain in ASCII (IDNA 2008); a local part with umlauts stays and needs SMTPUTF8.

    Raises:
        BadAddress: no mail server could take it.
    """
    try:
        # Whether the domain has a mail server is for ours to find out; names that only exist in tests are names too.
        found = validate_email(address, check_deliverability=False, globally_deliverable=False, test_environment=True)
    except EmailNotValidError:
        raise BadAddress("bad_address") from None
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"
