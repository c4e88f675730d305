"""`/api/v1/me`: who the session belongs to."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.callers import SignedIn


class Me(BaseModel):
    """The signed-in person."""

    account_id: UUID
    username: str
    display_name: str
    language: str
    roles: list[str]


router = APIRouter()


@router.get("/api/v1/me")
async def me(caller: SignedIn) -> Me:
    """The person behind the session cookie."""
    return Me(
        account_id=caller.account_id,
        username=caller.username,
        display_name=caller.display_name,
        language=caller.language,
        roles=sorted(caller.roles),
    )
