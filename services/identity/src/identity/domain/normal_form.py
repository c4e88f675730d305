"""The form in which names and addresses are compared and kept unique."""

import re
import unicodedata

USERNAME_LENGTH = range(3, 41)
_JOINERS = "._-"
_LONGEST_DOMAIN = 253
_LOOKALIKES = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
_ENDING = re.compile(r"[\s.\u3002]+\Z")


def normal_key(text: str) -> str:
    """Same key for what a person reads as the same name: `Müller`, `mu\u0308ller` and `MÜLLER ` collide (A19).

    Folded twice around normalisation, as Unicode's toNFKC_Casefold is (Unicode 17, section 3.13): once is not stable.
    Blanks around it and dots at its end are not part of a name. Of a mail address the domain is compared as the name
    servers do, in its ASCII form (RFC 5890), so that both ways of writing an international domain are one.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    name = _ENDING.sub("", unicodedata.normalize("NFKC", folded.casefold()).lstrip())
    local, at, domain = name.rpartition("@")
    return local + at + _ascii_domain(domain) if at else name


def mixes_scripts(domain: str) -> bool:
    """Whether a label is written in Latin and look-alike letters at once, as no honest one is (UTS 39, section 5.1)."""
    return any(_LOOKALIKES & scripts and "LATIN" in scripts for scripts in map(_scripts, domain.split(".")))


def username_problem(username: str) -> str | None:
    """Code of what is wrong with a user name that somebody wants, or None.

    No `@`, so that a name is never somebody else's mail address; Latin letters only, so that no look-alike from
    another script passes for an existing name; a letter or digit at both ends.
    """
    name = unicodedata.normalize("NFKC", username.strip())
    if not name:
        return "username_missing"
    if len(name) not in USERNAME_LENGTH:
        return "username_length"
    if not all(_allowed(character) for character in name) or name[0] in _JOINERS or name[-1] in _JOINERS:
        return "username_characters"
    return None


def _ascii_domain(domain: str) -> str:
    try:
        return _ENDING.sub("", domain.encode("idna").decode()) if len(domain) <= _LONGEST_DOMAIN else domain
    except UnicodeError:
        return domain


def _scripts(label: str) -> set[str]:
    return {unicodedata.name(sign, "").partition(" ")[0] for sign in label if sign.isalpha()}


def _allowed(character: str) -> bool:
    if character in _JOINERS or character in "0123456789":
        return True
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN")
