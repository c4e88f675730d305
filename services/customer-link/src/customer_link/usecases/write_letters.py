"""Write the letters of codes that can still be read (STEPS A10, S5)."""

from collections.abc import Iterator, Sequence

from customer_link.domain.letter import Letter
from customer_link.usecases.code_ports import SealedCode
from customer_link.usecases.ports import CodeKeeper


def write_letters(sealed: Sequence[SealedCode], *, keeper: CodeKeeper) -> list[Letter]:
    """One for each code whose key is still there, in the order given."""
    return list(_letters(sealed, keeper))


def _letters(sealed: Sequence[SealedCode], keeper: CodeKeeper) -> Iterator[Letter]:
    for one in sealed:
        secret = keeper.open(one.code.id, one.kept)
        if secret is not None:
            yield Letter(
                number=one.customer.number,
                type=one.customer.type,
                recipient=one.name or one.organisation,
                address_lines=one.address_lines,
                secret=secret,
                valid_until=one.code.valid_until,
            )
