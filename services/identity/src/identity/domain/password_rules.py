"""Which passwords are refused, and why (NIST SP 800-63B-4, ASVS 6.2): length and guessability, never composition."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

LONGEST = 128
_FEW_CHARACTERS = 5
_OWN_PART = 6
_SHORTEST_CONTEXT_WORD = 3
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertzuiopasdfghjklyxcvbnm", "qwertyuiopasdfghjklzxcvbnm")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LOOKALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "$": "s", "@": "a", "!": "i"})


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """The rules of one installation: a brand may ask for more than 12 characters, never for less."""

    shortest: int
    blocked_words: Collection[str]
    brand_words: tuple[str, ...] = ()

    def problem(self, password: str, personal: Iterable[str] = ()) -> str | None:
        """Code of what is wrong with the password, or None.

        `personal` are names and addresses of the person. Lengths count code points of the NFC form.
        """
        received = unicodedata.normalize("NFC", password)
        if not received:
            return "password_missing"
        if len(received) < self.shortest:
            return "password_short"
        if len(received) > LONGEST:
            return "password_long"
        if self._guessable(received):
            return "password_common"
        if _own_part(received, [*personal, *self.brand_words]) < _OWN_PART:
            return "password_personal"
        return None

    def _guessable(self, password: str) -> bool:
        plain = _plain(password)
        if len(set(plain)) < _FEW_CHARACTERS or _is_run(plain):
            return True
        return any(_unit(core) in self.blocked_words for core in _cores(plain))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)


def _cores(plain: str) -> Iterable[str]:
    """What is left of `!Sommer2026!` without decoration: `sommer`; once as typed and once with `5` read as `s`."""
    stripped = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    yield stripped
    yield re.sub(r"[^a-z]", "", stripped.translate(_LOOKALIKES))


def _unit(text: str) -> str:
    """The part whose repetition makes the whole: `portal` for `portalportal`, else the text itself."""
    period = (text + text).find(text, 1)
    return text[:period] if 0 < period < len(text) else text


def _is_run(plain: str) -> bool:
    """Whether all of it is a run along the alphabet, the digits or the keyboard, in either direction."""
    endless = [row * (len(plain) // len(row) + 2) for row in _ROWS]
    return any(plain in row or plain[::-1] in row for row in endless)


def _own_part(password: str, context: Iterable[str]) -> int:
    """How many characters remain when names, address and brand are taken out."""
    rest = _plain(password)
    words = {word for text in context for word in re.split(r"[^a-z0-9]+", _plain(text))}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_CONTEXT_WORD:
            rest = rest.replace(word, "")
    return len(rest)
