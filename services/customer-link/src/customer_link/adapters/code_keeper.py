"""Codes as they are kept: HMAC to be found by, AES-GCM until they are handed over (DESIGN 6)."""

from collections.abc import Sequence
from uuid import UUID

from chassis.key_ring import KeyRing
from customer_link.usecases.ports import KeptCode

_LABEL = "activation code"


class SealingKeeper:
    """See ports.CodeKeeper. The sealed copy opens only for the code's own id."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def keep(self, code_id: UUID, code: str) -> KeptCode:
        mac = self._keys.mac(_LABEL, code.encode())
        assert mac is not None  # noqa: S101 - the current key is always there
        return KeptCode(self._keys.current, mac, self._keys.seal(code.encode(), code_id.bytes))

    def macs(self, code: str) -> Sequence[bytes]:
        return self._keys.macs(_LABEL, code.encode())

    def open(self, code_id: UUID, kept: KeptCode) -> str | None:
        opened = self._keys.unseal(kept.key_id, kept.sealed, code_id.bytes)
        return opened.decode() if opened is not None else None
