"""Codes are found by their HMAC and kept sealed: who reads the database cannot use one."""

from uuid import UUID

from chassis.key_ring import KeyRing
from customer_link.usecases.ports import SealedCode

_LABEL = "activation code"


class KeyRingSecrets:
    """Passes the contract of Secrets."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def candidates(self, code: str) -> list[tuple[str, bytes]]:
        return [(key_id, self._mac(code, key_id)) for key_id in self._keys.ids]

    def protect(self, code: str, code_id: UUID) -> SealedCode:
        key_id = self._keys.current
        return SealedCode(key_id, self._mac(code, key_id), self._keys.seal(code.encode(), code_id.bytes))

    def reveal(self, secret: SealedCode, code_id: UUID) -> str | None:
        code = self._keys.unseal(secret.key_id, secret.sealed, code_id.bytes)
        return None if code is None else code.decode()

    def _mac(self, code: str, key_id: str) -> bytes:
        mac = self._keys.mac(_LABEL, code.encode(), key_id=key_id)
        if mac is None:
            raise KeyError(key_id)
        return mac
