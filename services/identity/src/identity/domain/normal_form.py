"""The form in which names and addresses are compared and kept unique."""

import unicodedata

USERNAME_LENGTH = range(3, 41)
_JOINERS = "._-"


def normal_key(text: str) -> str:
    """Same key for what a person reads as the same name: `Müller`, `mu\u0308ller` and `MÜLLER ` collide (A19).

    Folded twice around normalisation, as Unicode's toNFKC_Casefold is (Unicode 17, section 3.13): once is not stable.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKC", folded.casefold()).strip()


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


def _allowed(character: str) -> bool:
    if character in _JOINERS or character in "0123456789":
        return True
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN")
