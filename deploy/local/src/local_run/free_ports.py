"""Ports for what listens on loopback only, so that several portals run beside each other."""

import random
import socket

# Below the ranges from which Linux and macOS take the source ports of outgoing connections.
_RANGE = range(15_000, 32_000)
_given: set[int] = set()


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A free port on loopback that this process has not given out before."""
    for port in random.sample(_RANGE, k=1_000):
        if port not in _given and is_free(port):
            _given.add(port)
            return port
    raise OSError("no free port on 127.0.0.1")
