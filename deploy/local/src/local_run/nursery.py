"""A process that has loaded what all services share, and becomes a service when it is asked to.

Four services import the same hundred libraries. Loaded once and forked, their pages are shared: the run takes 150 MiB
less. A service is a process of its own all the same, killed, stopped and started again like any other.

`python -m local_run.nursery FD` reads orders from a socket, one JSON object each with the descriptor for the output,
and answers with the numbers of processes and with how they ended. It starts no thread before it forks.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
from typing import Any, NoReturn

LARGEST_ORDER = 256 * 1024
_SHARED = (
    "asyncpg",
    "chassis.amqp_bus",
    "chassis.grpc_client",
    "chassis.grpc_server",
    "chassis.jobs",
    "chassis.local_bus",
    "chassis.migration",
    "chassis.process",
    "chassis.relay",
    "chassis.remote_sessions",
    "chassis.web",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "ui.forms",
    "ui.pages",
    "uvicorn.protocols.http.httptools_impl",
)


def serve(orders: socket.socket) -> None:
    """Takes orders until the other end is closed, then ends its children: without a supervisor nobody would.

    A child leaves it by SystemExit, when its module has ended.
    """
    wakened, wakener = socket.socketpair()
    wakened.setblocking(False)
    wakener.setblocking(False)
    signal.set_wakeup_fd(wakener.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: set[int] = set()
    with selectors.DefaultSelector() as selector:
        selector.register(orders, selectors.EVENT_READ)
        selector.register(wakened, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if wakened in ready:
                with contextlib.suppress(BlockingIOError):
                    wakened.recv(4096)
                _tell_the_ended(orders, children)
            if orders in ready and not _take_order(orders, children):
                break
    for pid in children:
        os.kill(pid, signal.SIGTERM)


def _take_order(orders: socket.socket, children: set[int]) -> bool:
    """Forks as ordered; False when there will be no more orders."""
    message, descriptors, _, _ = socket.recv_fds(orders, LARGEST_ORDER, 1)
    if not message:
        return False
    order = json.loads(message)
    pid = os.fork()
    if pid == 0:
        orders.close()
        _become(order, descriptors[0])
    os.close(descriptors[0])
    children.add(pid)
    return _tell(orders, {"started": pid})


def _become(order: dict[str, Any], output: int) -> NoReturn:
    """The child: takes on the environment and the output, and runs and ends as `python -m` would."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = [order["module"], *order["arguments"]]
    _name_process(order["name"])
    runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    sys.exit(0)


def _name_process(name: str) -> None:
    """What `ps -o comm` and `top` show, where the system has such a thing."""
    with contextlib.suppress(OSError), open("/proc/self/comm", "w") as comm:  # noqa: PTH123 - not a file to manage
        comm.write(name[:15])


def _tell_the_ended(orders: socket.socket, children: set[int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            pid, status = found
            children.discard(pid)
            _tell(orders, {"ended": pid, "code": os.waitstatus_to_exitcode(status)})


def _tell(orders: socket.socket, what: dict[str, int]) -> bool:
    """False when nobody listens any more."""
    try:
        orders.send(json.dumps(what).encode())
    except OSError:
        return False
    return True


def main() -> None:
    """Loads what is shared, freezes it so that collecting garbage does not copy its pages, and serves."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    for name in _SHARED:
        with contextlib.suppress(ImportError):  # the service that needs it says what is missing
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    serve(orders)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main()
