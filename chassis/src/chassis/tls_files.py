"""The certificate by which a service is known to its neighbours."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM texts of a tls_dir: own certificate and key, and the authority that signs all peers."""

    ca: bytes
    certificate: bytes
    key: bytes

    @classmethod
    def read(cls, folder: Path) -> "TlsFiles":
        """Reads ca.pem, cert.pem and key.pem."""
        return cls(*((folder / name).read_bytes() for name in ("ca.pem", "cert.pem", "key.pem")))


class ChangingTlsFiles:
    """Notices a renewed certificate; a handshake asks, so it looks at one file's time only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._time()

    def renewed(self) -> TlsFiles | None:
        """The files if they changed since they were last read."""
        present = self._time()
        if present == self._seen:
            return None
        self._seen = present
        return TlsFiles.read(self._folder)

    def _time(self) -> int:
        return (self._folder / "cert.pem").stat().st_mtime_ns
