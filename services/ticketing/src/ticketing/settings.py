"""Where the service finds its neighbours, and what it reads of the brand pack."""

from typing import ClassVar

from chassis.settings import ServiceSettings


class TicketingSettings(ServiceSettings):
    """Read from PORTAL_… variables; nothing else reads the environment."""

    service: ClassVar[str] = "ticketing"

    identity_grpc: str
    """Addresses of identity: `host:port,host:port`."""
    customer_link_grpc: str
    """Addresses of customer-link, in the same form."""
