"""Keys with ids: new things are made with the first, old ones are still read with the others (rotation)."""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32
_NONCE_BYTES = 12


class KeyRing:
    """Makes MACs and seals small secrets. Each use has its own key, derived from the ring's by its label."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self.current = next(iter(self._keys))
        """Id of the key in use for new things."""

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Reads `id:base64,id2:base64`; each key has at least 32 bytes, the first is the current one.

        Raises:
            ValueError: it is not so; the message never repeats the text.
        """
        keys = dict(_read(entry) for entry in text.split(",") if entry.strip())
        if not keys:
            raise ValueError("there is no key")
        return cls(keys)

    def mac(self, label: str, message: bytes, *, key_id: str | None = None) -> bytes | None:
        """HMAC-SHA-256 under the current key, or under another one; None if that is gone."""
        """32 bytes; None when the key is not known here (any more). The label separates uses of one key."""
        key = self._derived(label, key_id or self.current)
        return hmac.digest(key, message, "sha256") if key else None

    def macs(self, label: str, message: bytes) -> list[bytes]:
        """The HMACs under all keys, to look for what was kept under any of them."""
        return [hmac.digest(_mac_key(key, label), message, "sha256") for key in self._keys.values()]

    def seal(self, secret: bytes, bound_to: bytes) -> bytes:
        """AES-GCM under the current key; opens only together with `bound_to`, such as the id of its row."""
        """Ciphertext under the current key that opens only with the same `bound_to`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher(self.current).encrypt(nonce, secret, bound_to)

    def unseal(self, key_id: str, sealed: bytes, bound_to: bytes) -> bytes | None:
        """The secret; None if the key is gone or the bytes are not what was sealed."""
        """The secret; None when key, binding or ciphertext are not right."""
        if key_id not in self._keys:
            return None
        try:
            return self._cipher(key_id).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
        except InvalidTag:
            return None

    def _cipher(self, key_id: str) -> AESGCM:
        return AESGCM(hmac.digest(self._keys[key_id], b"seal", "sha256"))

    def _derived(self, label: str, key_id: str) -> bytes | None:
        key = self._keys.get(key_id)
        return _mac_key(key, label) if key else None


def _mac_key(key: bytes, label: str) -> bytes:
    return hmac.digest(key, b"mac:" + label.encode(), "sha256")


def _read(entry: str) -> tuple[str, bytes]:
    key_id, _, encoded = entry.strip().partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("a key is not base64") from error
    if not key_id or len(key) < _KEY_BYTES:
        raise ValueError(f"a key has an id and at least {_KEY_BYTES} bytes")
    return key_id, key
