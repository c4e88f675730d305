#!/usr/bin/env python3
"""Keeps the portal's events in an SQLite file: a subscriber in one page, which needs only `pip install pika`.

python subscribe.py amqp://billing:secret@broker/ billing --since 7D \
    kundenportal.ticketing.ticket.opened.v1 kundenportal.customer_link.customer.changed.v1

The queue is made at the first start and keeps what arrives while this program is away. `--since` reads the history
first: `first`, or an age such as 7D or 12h. Each event is kept once, however often it comes, and printed when it is.
"""

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Sequence

import pika
from pika.adapters.blocking_connection import BlockingChannel

EXCHANGE = "kundenportal.events"
STREAM = "kundenportal.events.stream"
QUIET_SECONDS = 3  # a history without anything new for so long has been read to its end
CLOCKS_DIFFER = 60  # seconds, at most


def make_queue(channel: BlockingChannel, queue: str, types: Sequence[str]) -> None:
    """A durable queue of our own. A single active consumer keeps the order, however many of us run."""
    channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum", "x-single-active-consumer": True})
    for event_type in types:
        channel.queue_bind(queue, EXCHANGE, event_type)


def read_history(channel: BlockingChannel, since: str, types: Sequence[str], store: sqlite3.Connection) -> None:
    """Reads the stream from a point up to now, when the queue takes over; it has every type, so ours are picked out."""
    now = time.time()
    deliveries = channel.consume(STREAM, arguments={"x-stream-offset": since}, inactivity_timeout=QUIET_SECONDS)
    for method, properties, body in deliveries:
        if method is None or properties.timestamp > now + CLOCKS_DIFFER:
            break
        if properties.type in types:
            handle(store, body)
        channel.basic_ack(method.delivery_tag)
    channel.cancel()


def follow(channel: BlockingChannel, queue: str, store: sqlite3.Connection) -> None:
    """Takes events as they come; acknowledged after they are handled, so that a crash loses none."""
    for method, _, body in channel.consume(queue):
        handle(store, body)
        channel.basic_ack(method.delivery_tag)


def handle(store: sqlite3.Connection, body: bytes) -> None:
    """Notes the id and does the work in one transaction: whatever comes twice is done once."""
    event = json.loads(body)
    with store:
        noted = store.execute("INSERT OR IGNORE INTO handled (id, event) VALUES (?, ?)", (event["id"], body.decode()))
        # If a row was noted, here goes your own work: in the same transaction.
    if noted.rowcount:
        print(event["type"], event["subject"], int(event["sequence"]), event["data"], flush=True)  # noqa: T201


def main(arguments: Sequence[str]) -> None:
    """Makes the queue first and then reads the history, so that nothing falls between the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("queue")
    parser.add_argument("types", nargs="+")
    parser.add_argument("--since")
    parser.add_argument("--store", default="events.sqlite")
    chosen = parser.parse_args(arguments)
    store = sqlite3.connect(chosen.store)
    store.execute("CREATE TABLE IF NOT EXISTS handled (id TEXT PRIMARY KEY, event TEXT NOT NULL)")
    channel = pika.BlockingConnection(pika.URLParameters(chosen.url)).channel()
    channel.basic_qos(prefetch_count=50)  # a stream is not consumed without a limit
    make_queue(channel, chosen.queue, chosen.types)
    if chosen.since:
        read_history(channel, chosen.since, chosen.types, store)
    follow(channel, chosen.queue, store)


if __name__ == "__main__":
    main(sys.argv[1:])
