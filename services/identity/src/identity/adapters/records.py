"""All stores of one transaction."""

from chassis.database import Transaction
from chassis.outbox import Outbox
from identity.adapters.account_directory import PostgresAccountDirectory
from identity.adapters.account_store import PostgresAccountStore
from identity.adapters.announcements import OutboxAnnouncements
from identity.adapters.challenge_store import PostgresChallengeStore
from identity.adapters.client_store import PostgresClientStore
from identity.adapters.closing_store import PostgresClosingStore
from identity.adapters.export_store import PostgresExportStore
from identity.adapters.history_store import PostgresHistoryStore
from identity.adapters.import_store import PostgresImportStore
from identity.adapters.passkey_store import PostgresCeremonyStore, PostgresPasskeyStore
from identity.adapters.recovery_code_store import PostgresRecoveryCodeStore
from identity.adapters.second_factor_store import PostgresSecondFactorStore
from identity.adapters.session_store import PostgresSessionStore
from identity.adapters.throttle_store import PostgresThrottleStore
from identity.usecases.ports import Records


def records_on(tx: Transaction, outbox: Outbox) -> Records:
    """The stores bound to this transaction."""
    return Records(
        accounts=PostgresAccountStore(tx),
        directory=PostgresAccountDirectory(tx),
        challenges=PostgresChallengeStore(tx),
        sessions=PostgresSessionStore(tx),
        throttles=PostgresThrottleStore(tx),
        second_factors=PostgresSecondFactorStore(tx),
        recovery_codes=PostgresRecoveryCodeStore(tx),
        passkeys=PostgresPasskeyStore(tx),
        ceremonies=PostgresCeremonyStore(tx),
        history=PostgresHistoryStore(tx),
        clients=PostgresClientStore(tx),
        exports=PostgresExportStore(tx),
        imports=PostgresImportStore(tx),
        closings=PostgresClosingStore(tx),
        announcements=OutboxAnnouncements(tx, outbox),
    )
