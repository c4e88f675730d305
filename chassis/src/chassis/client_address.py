"""The address that throttles count by."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import Request


def client_address(request: Request) -> str:
    """Where a request comes from, as the trusted gateway says (A14); of IPv6 the /64, which one person has whole.

    The server rewrites the peer from X-Forwarded-For only when the peer is a trusted proxy (process.http_part).
    """
    host = request.client.host if request.client is not None else "0.0.0.0"  # noqa: S104 - not bound, counted
    try:
        address = ip_address(host)
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))
