"""JSON bodies that can be read in one way only (RFC 8259, section 4; I20): routes whose router has this class."""

import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute


class StrictJsonRoute(APIRoute):
    """Refuses a name that comes twice and numbers that are none, before anything else looks at the body.

    `APIRouter(route_class=StrictJsonRoute)`.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler, with a request that reads strictly."""
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            return await handle(_StrictRequest(request.scope, request.receive))

        return handle_strictly


class _StrictRequest(Request):
    async def json(self) -> Any:
        text = (await self.body()).decode()

        def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
            read = dict(pairs)
            if len(read) != len(pairs):
                raise json.JSONDecodeError("a name comes twice", text, 0)
            return read

        def no_number(name: str) -> NoReturn:
            raise json.JSONDecodeError(f"{name} is no number", text, 0)

        return json.loads(text, object_pairs_hook=once, parse_constant=no_number)
