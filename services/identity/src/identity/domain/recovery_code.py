"""Recovery codes: ten words of ten symbols, for the day on which the phone is gone. Each works once."""

COUNT = 10
_ALPHABET = "346789BCDFGHJKMPQRTVWXY"
"""No symbol that is taken for another one, and no vowel: 23 symbols, so a code has 45 bits (ASVS 6.5.4 asks for 20)."""
_SYMBOLS = 10
_GROUP = 5


def code_of(random: bytes) -> str:
    """The code made of 32 random bytes, so many that no code is likelier than another: `7KX3M-9QWRT`."""
    number, symbols = int.from_bytes(random, "big"), ""
    for _ in range(_SYMBOLS):
        number, digit = divmod(number, len(_ALPHABET))
        symbols += _ALPHABET[digit]
    return f"{symbols[:_GROUP]}-{symbols[_GROUP:]}"


def plain_code(typed: str) -> str:
    """The symbols of what somebody typed: case, blanks and dashes do not matter."""
    return "".join(symbol for symbol in typed.upper() if symbol.isalnum())
