"""ChallengeService: the secret of a mailed link, for notification alone."""

from typing import Any
from uuid import UUID

import structlog
from kundenportal.identity.v1 import challenge_service_pb2, challenge_service_pb2_grpc

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from identity.usecases.link_for_mail import link_for_mail
from identity.usecases.ports import Clock, RecordsOn, Signer

_log = structlog.get_logger(__name__)


class ChallengeServicer(challenge_service_pb2_grpc.ChallengeServiceServicer):
    """Every fetch is logged, by the challenge's id and never with the secret."""

    def __init__(self, database: Database, records: RecordsOn, signer: Signer, clock: Clock) -> None:
        self._database = database
        self._records = records
        self._signer = signer
        self._clock = clock

    async def GetChallengeLink(  # noqa: N802 - the name of the RPC
        self, request: challenge_service_pb2.GetChallengeLinkRequest, _context: Any
    ) -> challenge_service_pb2.GetChallengeLinkResponse:
        """The link of an open challenge.

        Raises:
            DomainError: NOT_FOUND; CONFLICT (FAILED_PRECONDITION) once it is closed.
        """
        try:
            challenge_id = UUID(request.challenge_id)
        except ValueError as error:
            raise DomainError(ErrorKind.INVALID, "id_invalid", "A challenge id is a UUID.") from error
        async with self._database.transaction() as tx:
            link = await link_for_mail(challenge_id, records=self._records(tx), signer=self._signer, clock=self._clock)
        _log.info("challenge link fetched", challenge_id=str(challenge_id))
        response = challenge_service_pb2.GetChallengeLinkResponse(
            path=link.path, password=link.password, email=link.email
        )
        response.expire_time.FromDatetime(link.expires_at)
        return response
