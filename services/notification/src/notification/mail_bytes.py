"""A mail as it goes over the wire."""

from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any, Final

_LINE: Final = 75


class _WholeSubjects(EmailPolicy):
    """Folds a subject as one piece.

    The library's own way encodes word by word, and where it folds between words it may lose a blank or add one
    (https://github.com/python/cpython/issues/92081). Between encoded words readers drop the blanks (RFC 2047, 6.2).
    """

    def fold(self, name: str, value: Any) -> str:
        if name.lower() != "subject":
            return str(super().fold(name, value))
        charset = "us-ascii" if str(value).isascii() else "utf-8"
        folded = Header(str(value), charset, maxlinelen=_LINE, header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() != "subject":
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii")


_WIRE: Final = _WholeSubjects(linesep="\r\n")


def mail_bytes(message: EmailMessage) -> bytes:
    """The mail for SMTP, lines ended by CR LF."""
    return message.as_bytes(policy=_WIRE)
