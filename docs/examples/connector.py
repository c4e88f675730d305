#!/usr/bin/env python3
"""Answers the portal's questions for the data behind a customer number: a connector in one page.

`pip install aio-pika httpx`, then `python connector.py records.json`, told by the environment:

    CONNECTOR_AMQP_URL       amqp://erp:a-long-password@broker/
    CONNECTOR_PORTAL_URL     https://portal.example
    CONNECTOR_CLIENT_ID      as operations gave it, with the scopes customers:read and customers:write
    CONNECTOR_CLIENT_SECRET

The file stands for your own system: `{"47110702": {"name": …, "address_lines": […], "contracts": […], …}}`.
"""

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aio_pika
import httpx
from aio_pika.abc import AbstractIncomingMessage

EXCHANGE = "kundenportal.events"
QUEUE = "erp"
ASKED = "kundenportal.customer_link.customer.data_requested.v1"
LONGEST_PAUSE = 60  # seconds between two tries while the portal is away


class Records:
    """Your own system: what stands behind a customer number, and when that was true."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def find(self, number: str) -> dict[str, Any] | None:
        """None for a number that is not yours. Read the time first: what changes meanwhile is newer, and wins."""
        now = datetime.now(UTC)
        known: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        found = known.get("".join(sign for sign in number if sign.isalnum()))
        return found and {"as_of_time": now.isoformat(), **found}


class Portal:
    """The portal's JSON API; an access token is kept for its hour."""

    def __init__(self, http: httpx.AsyncClient, client_id: str, secret: str) -> None:
        self._http = http
        self._credentials = httpx.BasicAuth(client_id, secret)
        self._token = ""
        self._until = 0.0

    async def number_of(self, customer_id: str) -> str | None:
        """The customer number that an event means; None when it is gone."""
        answer = await self._call("GET", "/api/v1/customers", params={"customer_id": customer_id})
        return next((one["number"] for one in answer.json()["customers"]), None)

    async def put(self, number: str, data: dict[str, Any]) -> None:
        """Sends what stands behind a number. As often as you like: the newest as_of_time wins."""
        plain = "".join(sign for sign in number if sign.isalnum())
        await self._call("PUT", f"/api/v1/customers/{plain}", json={"data": data})

    async def _call(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """Tries until there is an answer: while the portal is away, the event stays in the queue.

        Raises:
            httpx.HTTPStatusError: a mistake of ours, which no second try mends.
        """
        pause = 1.0
        while True:
            try:
                headers = {"Authorization": f"Bearer {await self._access()}"}
                answer = await self._http.request(method, path, headers=headers, **sent)
                if answer.status_code == httpx.codes.UNAUTHORIZED:
                    self._until = 0  # renewed or over: the next try gets a new token
                elif answer.status_code != httpx.codes.TOO_MANY_REQUESTS and not answer.is_server_error:
                    return answer.raise_for_status()
                wait = max(pause, float(answer.headers.get("Retry-After", 0)))
            except httpx.TransportError:
                wait = pause
            await asyncio.sleep(min(wait, LONGEST_PAUSE))
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _access(self) -> str:
        if time.monotonic() > self._until:
            grant = {"grant_type": "client_credentials"}
            answer = await self._http.post("/oauth/token", data=grant, auth=self._credentials)
            if answer.is_client_error and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                sys.exit(f"The portal does not know this client: {answer.text}")
            if answer.is_error:
                raise httpx.TransportError("no token now")
            told = answer.json()
            self._token, self._until = told["access_token"], time.monotonic() + told["expires_in"] - 60
        return self._token


async def answer(message: AbstractIncomingMessage, portal: Portal, records: Records) -> None:
    """Acknowledged when the portal has the answer: whatever kills us before, the event comes again."""
    async with message.process(requeue=True):
        customer_id = json.loads(message.body)["data"]["customerId"]
        try:
            number = await portal.number_of(customer_id)
            data = records.find(number) if number else None
            if number and data:
                await portal.put(number, data)
            say(customer_id, "answered" if data else "not known here")
        except httpx.HTTPStatusError as error:
            # Bad data of ours: mend them. The portal asks again by itself, so the event is not kept.
            say(customer_id, f"refused: {error.response.status_code} {error.response.text}")


async def follow(broker_url: str, portal: Portal, records: Records) -> None:
    """Takes the events as they come. The queue is durable and keeps what is asked while we are away."""
    connection = await aio_pika.connect(broker_url)
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=1)
        queue = await channel.declare_queue(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        await queue.bind(EXCHANGE, ASKED)
        say("-", "follows the events")
        async with queue.iterator() as messages:
            async for message in messages:
                await answer(message, portal, records)


def say(customer_id: str, what: str) -> None:
    """One line for operations; the data themselves are no business of a log."""
    print(customer_id, what, flush=True)  # noqa: T201


async def main(file: Path) -> None:
    """Runs until it is stopped; while the broker is away, tries again."""
    settings = {
        name: os.environ[f"CONNECTOR_{name}"] for name in ("AMQP_URL", "PORTAL_URL", "CLIENT_ID", "CLIENT_SECRET")
    }
    async with httpx.AsyncClient(base_url=settings["PORTAL_URL"], timeout=10) as http:
        portal, records = Portal(http, settings["CLIENT_ID"], settings["CLIENT_SECRET"]), Records(file)
        while True:
            try:
                await follow(settings["AMQP_URL"], portal, records)
            except (aio_pika.exceptions.AMQPError, OSError) as error:
                say("-", f"broker away: {type(error).__name__}")
            await asyncio.sleep(5)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
