"""`python -m local_run.mailbox HTTP_PORT SMTP_PORT FOLDER`: serves until it is told to end."""

import asyncio
import sys
from pathlib import Path

import uvicorn

from local_run.mailbox.mail_store import MailStore
from local_run.mailbox.smtp_server import start_smtp
from local_run.mailbox.web import mailbox_app


async def serve(http_port: int, smtp_port: int, folder: Path) -> None:
    """SMTP and HTTP on loopback, over one store."""
    store = MailStore(folder / "mailbox.sqlite")
    smtp = await start_smtp(store, smtp_port)
    config = uvicorn.Config(
        mailbox_app(store), host="127.0.0.1", port=http_port, lifespan="off", access_log=False, log_level="warning"
    )
    async with smtp:
        await uvicorn.Server(config).serve()
    store.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
