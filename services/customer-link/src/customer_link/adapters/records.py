"""All stores of one transaction."""

from chassis.database import Transaction
from chassis.outbox import Outbox
from customer_link.adapters.announcements import OutboxAnnouncements
from customer_link.adapters.code_store import PostgresCodes
from customer_link.adapters.contact_store import PostgresContacts, PostgresMembers
from customer_link.adapters.customer_store import PostgresCustomers
from customer_link.adapters.failure_store import PostgresFailures
from customer_link.adapters.later import JobsLater
from customer_link.adapters.link_store import PostgresLinks
from customer_link.usecases.ports import Records


def records_on(tx: Transaction, outbox: Outbox) -> Records:
    """The stores bound to this transaction."""
    return Records(
        customers=PostgresCustomers(tx),
        codes=PostgresCodes(tx),
        links=PostgresLinks(tx),
        failures=PostgresFailures(tx),
        contacts=PostgresContacts(tx),
        members=PostgresMembers(tx),
        announcements=OutboxAnnouncements(tx, outbox),
        later=JobsLater(tx),
    )
