"""The certificates of a run: an authority of its own, and one for each peer.

A program of its own (`python -m local_run.certificates FOLDER`), so that the supervisor need not load a crypto library.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

PEERS = ("identity", "customer-link", "ticketing", "notification", "backend-sample", "bench", "gateway")
_LIFETIME = timedelta(days=90)
_RENEW_BEFORE = timedelta(days=30)
_AUTHORITY_LIFETIME = timedelta(days=3650)


def renewal_due(folder: Path, now: datetime) -> bool:
    """Whether a certificate is missing or ends within 30 days. Cheap: reads one small file."""
    try:
        ends: dict[str, str] = json.loads((folder / "ends.json").read_text())
    except FileNotFoundError:
        return True
    return any(peer not in ends or datetime.fromisoformat(ends[peer]) - now < _RENEW_BEFORE for peer in PEERS)


def renew(folder: Path, now: datetime) -> None:
    """Makes the authority once and new certificates for all peers. Running services notice and take them."""
    from chassis.certificates import Issued, issue, make_authority, write_tls_dir  # noqa: PLC0415 - see above

    authority_folder = folder / "authority"
    if (authority_folder / "key.pem").exists():
        certificate, key = ((authority_folder / name).read_bytes() for name in ("cert.pem", "key.pem"))
        authority = Issued(certificate, key)
    else:
        authority = make_authority("Kundenportal local run", now, _AUTHORITY_LIFETIME)
        write_tls_dir(authority_folder, authority, authority)
    ends = {}
    for peer in PEERS:
        issued = issue(authority, [peer, "localhost", "127.0.0.1"], now, _LIFETIME)
        write_tls_dir(folder / peer, authority, issued)
        ends[peer] = issued.expire_time.isoformat()
    (folder / "ends.json").write_text(json.dumps(ends))


if __name__ == "__main__":
    renew(Path(sys.argv[1]), datetime.now(UTC))
