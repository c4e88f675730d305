"""Asks identity for people and for the links that only their mailboxes may have, over gRPC."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Final
from uuid import UUID

import grpc
from kundenportal.identity.v1 import account_service_pb2 as accounts_pb2
from kundenportal.identity.v1 import challenge_service_pb2 as challenges_pb2
from kundenportal.identity.v1.account_service_pb2_grpc import AccountServiceStub
from kundenportal.identity.v1.challenge_service_pb2_grpc import ChallengeServiceStub

from chassis.errors import DomainError, ErrorKind
from notification.happenings import Link, Person, Reach

TIMEOUT_SECONDS: Final = 5.0
BATCH: Final = 100

_REACH: Final = {
    accounts_pb2.ACCOUNT_STATE_UNCONFIRMED: Reach.UNCONFIRMED,
    accounts_pb2.ACCOUNT_STATE_CLOSED: Reach.CLOSED,
}


class IdentityClient:
    """AccountService and ChallengeService of identity."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._accounts = AccountServiceStub(channel)
        self._challenges = ChallengeServiceStub(channel)

    async def people(self, account_ids: Sequence[UUID]) -> Mapping[UUID, Person]:
        """See happenings.Identity; asks for a hundred at a time."""
        found: dict[UUID, Person] = {}
        for start in range(0, len(account_ids), BATCH):
            request = accounts_pb2.BatchGetAccountsRequest(
                account_ids=[str(account_id) for account_id in account_ids[start : start + BATCH]]
            )
            answer: accounts_pb2.BatchGetAccountsResponse = await self._accounts.BatchGetAccounts(
                request, timeout=TIMEOUT_SECONDS
            )
            found |= {person.account_id: person for person in map(_person_from_proto, answer.accounts)}
        return found

    async def link(self, challenge_id: UUID) -> Link | None:
        """See happenings.Identity."""
        request = challenges_pb2.GetChallengeLinkRequest(challenge_id=str(challenge_id))
        try:
            answer: challenges_pb2.GetChallengeLinkResponse = await self._challenges.GetChallengeLink(
                request, timeout=TIMEOUT_SECONDS
            )
        except DomainError as error:
            if error.kind in {ErrorKind.CONFLICT, ErrorKind.NOT_FOUND}:
                return None
            raise
        return Link(answer.path, answer.expire_time.ToDatetime(UTC), answer.password, answer.email)


def _person_from_proto(account: accounts_pb2.Account) -> Person:
    return Person(
        account_id=UUID(account.account_id),
        username=account.username,
        display_name=account.display_name,
        email=account.email,
        language=account.language,
        reach=_REACH.get(account.state, Reach.CONFIRMED),
    )
