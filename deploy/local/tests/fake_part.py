"""A part of a run that does as it is told, for tests of the supervisor.

Usage: fake_part.py PORT [crash | heir | ignore-term | never-ready | exit]
"""

import asyncio
import os
import signal
import sys


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says that it is ready, and which process it is."""
    await reader.readuntil(b"\r\n\r\n")
    body = str(os.getpid()).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))
    writer.close()


async def main(port: int, manner: str) -> None:
    """Serves until it is told to end, or not."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Before its first word: whoever reads that may tell it to end.
    loop.add_signal_handler(signal.SIGTERM, (lambda: None) if manner == "ignore-term" else stopped.set)
    print(f"begins as {os.getpid()}", flush=True)
    if manner == "exit":
        sys.exit("cannot start: the reason stands here")
    if manner != "never-ready":
        await asyncio.start_server(answer, "127.0.0.1", port)
    if manner == "heir":
        heir = await asyncio.create_subprocess_exec("sleep", "60")
        print(f"leaves {heir.pid}", flush=True)
    if manner in {"crash", "heir"}:
        loop.call_later(0.5, os._exit, 7)
    await stopped.wait()
    print("ends in order", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
