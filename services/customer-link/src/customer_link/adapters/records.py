"""All stores on one transaction."""

from chassis.database import Transaction
from chassis.outbox import Outbox
from customer_link.adapters.announcements import OutboxAnnouncements
from customer_link.adapters.batch_store import PostgresBatches
from customer_link.adapters.code_register import PostgresCodeRegister
from customer_link.adapters.code_store import PostgresCodes
from customer_link.adapters.contact_store import PostgresContacts, PostgresMemberships
from customer_link.adapters.customer_book import PostgresCustomerBook
from customer_link.adapters.customer_directory import PostgresCustomerDirectory
from customer_link.adapters.customer_store import PostgresCustomers
from customer_link.adapters.document_store import PostgresRequestDocuments
from customer_link.adapters.failure_store import PostgresFailures
from customer_link.adapters.import_file_store import PostgresImportFiles
from customer_link.adapters.import_store import PostgresCustomerImports
from customer_link.adapters.invitation_store import PostgresInvitations
from customer_link.adapters.invoice_store import PostgresInvoiceDocuments
from customer_link.adapters.link_store import PostgresLinks
from customer_link.adapters.member_store import PostgresMembers
from customer_link.adapters.order_store import PostgresOrders
from customer_link.adapters.request_store import PostgresLinkRequests
from customer_link.usecases.ports import Records


def records_on(tx: Transaction, *, outbox: Outbox) -> Records:
    """What use cases work on."""
    return Records(
        customers=PostgresCustomers(tx),
        directory=PostgresCustomerDirectory(tx),
        imports=PostgresCustomerImports(tx),
        book=PostgresCustomerBook(tx),
        import_files=PostgresImportFiles(tx),
        links=PostgresLinks(tx),
        codes=PostgresCodes(tx),
        register=PostgresCodeRegister(tx),
        batches=PostgresBatches(tx),
        orders=PostgresOrders(tx),
        contacts=PostgresContacts(tx),
        memberships=PostgresMemberships(tx),
        members=PostgresMembers(tx),
        invitations=PostgresInvitations(tx),
        failures=PostgresFailures(tx),
        requests=PostgresLinkRequests(tx),
        documents=PostgresRequestDocuments(tx),
        invoices=PostgresInvoiceDocuments(tx),
        announcements=OutboxAnnouncements(tx, outbox),
    )
