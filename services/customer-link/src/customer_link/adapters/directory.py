"""Names of accounts, asked of identity while a page is made."""

from collections.abc import Collection, Mapping
from uuid import UUID

import grpc
from kundenportal.identity.v1 import account_service_pb2 as messages
from kundenportal.identity.v1.account_service_pb2_grpc import AccountServiceStub

_PAGE_SECONDS = 0.3
MOST_NAMES = 100
"""So many identity gives in one call; a page shows no more people."""


class IdentityDirectory:
    """See member_ports.Directory."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._accounts = AccountServiceStub(channel)

    async def names(self, account_ids: Collection[UUID]) -> Mapping[UUID, str]:
        wanted = sorted(set(account_ids))[:MOST_NAMES]
        if not wanted:
            return {}
        request = messages.BatchGetAccountsRequest(account_ids=[str(one) for one in wanted])
        answer = await self._accounts.BatchGetAccounts(request, timeout=_PAGE_SECONDS)
        return {UUID(one.account_id): one.display_name for one in answer.accounts}
