"""Which bus a run uses."""

import os
from dataclasses import dataclass

from local_run.cannot_start import CannotStart
from local_run.rabbitmq import find_rabbitmq_server

AMQP_URL = "PORTAL_AMQP_URL"


@dataclass(frozen=True, slots=True)
class BusChoice:
    """The bus of a run. `url` is set for a broker that is not ours; `private` means a node of our own."""

    name: str
    url: str = ""
    private: bool = False


def choose_bus(wanted: str) -> BusChoice:
    """A broker that is given, else one that is installed, else the bus inside PostgreSQL."""
    given = os.environ.get(AMQP_URL, "")
    if wanted == "local":
        return BusChoice("local (inside PostgreSQL)")
    if given:
        return BusChoice(f"RabbitMQ at {given.rpartition('@')[2]}", url=given)
    if find_rabbitmq_server() is not None:
        return BusChoice("RabbitMQ (a private node)", private=True)
    if wanted == "amqp":
        raise CannotStart(f"There is no RabbitMQ: set {AMQP_URL}, install rabbitmq-server, or use --bus local.")
    return BusChoice("local (inside PostgreSQL; no rabbitmq-server on this machine)")
