"""What the parts alone reach: the same query and page size on FastAPI and asyncpg, without a portal around it.

Serves PORT and answers health on MANAGEMENT_PORT; reads the tickets of DATABASE_URL.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape
from uuid import UUID

import asyncpg
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

_LIST = """
    SELECT id, number, kind, subject, state, visibility, reporter_id, organisation_id, updated_at FROM tickets
    WHERE reporter_id = $1 ORDER BY updated_at DESC, id DESC LIMIT 25
"""


@asynccontextmanager
async def _pool(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=5, max_size=5) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_pool)
health = FastAPI()


@app.get("/tickets")
async def tickets(account: UUID) -> HTMLResponse:
    """The rows of one account's first page as a plain table."""
    rows = await app.state.pool.fetch(_LIST, account)
    cells = "".join("<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in row) + "</tr>" for row in rows)
    return HTMLResponse(f"<!doctype html><title>Tickets</title><table>{cells}</table>")


@health.get("/health/ready")
async def ready() -> str:
    """For the gateway."""
    return "UP"


def _server(served: FastAPI, port: str) -> uvicorn.Server:
    return uvicorn.Server(uvicorn.Config(served, port=int(os.environ[port]), log_level="warning", access_log=False))


async def _serve() -> None:
    await asyncio.gather(_server(app, "PORT").serve(), _server(health, "MANAGEMENT_PORT").serve())


if __name__ == "__main__":
    asyncio.run(_serve())
