"""Which bus stands behind an address."""

from chassis.messaging import Bus


def connect_bus(url: str, *, replica: str = "replica") -> Bus:
    """The bus behind an address: amqp(s):// is RabbitMQ, postgresql:// the local bus. Call start() next."""
    from chassis.amqp_bus import AmqpBus  # noqa: PLC0415 - each bus loads only its own driver
    from chassis.local_bus import LocalBus  # noqa: PLC0415

    scheme = url.partition("://")[0]
    if scheme in {"amqp", "amqps"}:
        return AmqpBus(url, replica=replica)
    if scheme.startswith("postgres"):
        return LocalBus(url)
    raise ValueError(f"A bus address begins with amqp://, amqps:// or postgresql://, not {scheme}://")
