"""The JSON of customers: what other systems send and read."""

from datetime import UTC, datetime
from datetime import date as day
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from chassis.page_tokens import LONGEST_PAGE_TOKEN
from customer_link.domain.customer_data import Contract, CustomerData, Invoice, InvoiceState
from customer_link.domain.customer_entry import CustomerEntry, CustomerRecord, KnownOrganisation, NamedOrganisation

MOST_LINES, MOST_CONTRACTS, MOST_INVOICES = 10, 200, 500
_SHORT, _LONG = 60, 200
_MOST_CENTS = 10**12


def _plain(text: str) -> str:
    found = text.strip()
    if not found.isprintable():
        raise ValueError("must be one line of printable characters")
    return found


def _some(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


def _utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must be a time of this calendar") from error


Short = Annotated[str, Field(max_length=_SHORT), AfterValidator(_plain)]
Long = Annotated[str, Field(max_length=_LONG), AfterValidator(_plain)]
Name = Annotated[Long, AfterValidator(_some)]
Time = Annotated[AwareDatetime, AfterValidator(_utc)]


class Sent(BaseModel):
    """What a client sends: nothing but the fields named here (ASVS 15.3.3)."""

    model_config = ConfigDict(extra="forbid")


class ContractFields(BaseModel):
    """A licence or contract; without an end it goes on."""

    reference: Short = Field(examples=["L-2026-17"])
    title: Name = Field(examples=["Hintergrundmusik"])
    start_date: day
    end_date: day | None = None


class InvoiceFields(BaseModel):
    """An invoice."""

    number: Short = Field(examples=["R-2026-1042"])
    date: Annotated[day, Field(description="When it was written.")]
    due_date: Annotated[day, Field(description="When it is to be paid.")]
    amount_cents: int = Field(ge=-_MOST_CENTS, le=_MOST_CENTS, description="In hundredths of the currency.")
    currency: str = Field("EUR", pattern="^[A-Z]{3}$", description="ISO 4217.")
    state: InvoiceState


class SentContract(Sent, ContractFields):
    """A licence or contract."""

    def read(self) -> Contract:
        """As the use cases know it."""
        return Contract(self.reference, self.title, self.start_date, self.end_date)


class SentInvoice(Sent, InvoiceFields):
    """An invoice."""

    def read(self) -> Invoice:
        """As the use cases know it."""
        return Invoice(self.number, self.date, self.due_date, self.amount_cents, self.currency, self.state)


class SentData(Sent):
    """All that is to be shown behind the number, at one time. The newest win, in whatever order they come."""

    as_of_time: Time = Field(description="When this was true in the sender's system, with its offset.")
    name: Name = Field(examples=["Gasthaus Zum Goldenen Ton"])
    address_lines: list[Long] = Field(default_factory=list, max_length=MOST_LINES, examples=[["Ungargasse 12"]])
    contracts: list[SentContract] = Field(default_factory=list, max_length=MOST_CONTRACTS)
    invoices: list[SentInvoice] = Field(default_factory=list, max_length=MOST_INVOICES)

    def read(self) -> CustomerData:
        """As the use cases know it."""
        return CustomerData(
            as_of=self.as_of_time,
            name=self.name,
            address_lines=tuple(self.address_lines),
            contracts=tuple(one.read() for one in self.contracts),
            invoices=tuple(one.read() for one in self.invoices),
        )


class SentOrganisation(Sent):
    """Whose number it is, by one of: the portal's id, the sender's own reference, or the name alone.

    A reference is the best: it stays when a name changes, and two organisations may have one name.
    """

    organisation_id: UUID | None = None
    reference: Long = Field("", description="What your system calls it.", examples=["CRM-1042"])
    name: Long = Field("", description="Beside an id or a reference: its name from now on.", examples=["Gasthaus"])

    @model_validator(mode="after")
    def _is_named(self) -> "SentOrganisation":
        if not (self.organisation_id or self.reference or self.name):
            raise ValueError("must have an organisation_id, a reference or a name")
        return self

    def read(self) -> NamedOrganisation:
        """As the use cases know it."""
        return NamedOrganisation(self.organisation_id, self.reference, self.name)


class SentCustomer(Sent):
    """What is known of a number; what is not sent stays as it is. A new number needs a type and an organisation."""

    type: Short = Field("", description="One of the installation's types.", examples=["gastronomie"])
    organisation: SentOrganisation | None = None
    data: SentData | None = None

    def read(self, number: str) -> CustomerEntry:
        """As the use cases know it."""
        organisation = self.organisation.read() if self.organisation else None
        return CustomerEntry(number.strip(), self.type, organisation, self.data.read() if self.data else None)


class ListParameters(Sent):
    """Which numbers are wanted; for clients. A person always sees all of their own."""

    customer_id: UUID | None = Field(None, description="The number of this id, as events name it.")
    organisation_id: UUID | None = None
    reference: Long = Field("", description="Numbers of the organisation that the sender's system calls so.")
    type: Short = ""
    page_size: int = Field(25, ge=1, le=100)
    page_token: str = Field("", max_length=LONGEST_PAGE_TOKEN)


class ContractJson(ContractFields):
    """A licence or contract."""

    @classmethod
    def of(cls, contract: Contract) -> "ContractJson":
        """Make it of a contract."""
        return cls.model_construct(
            reference=contract.reference, title=contract.title, start_date=contract.starts, end_date=contract.ends
        )


class InvoiceJson(InvoiceFields):
    """An invoice."""

    @classmethod
    def of(cls, invoice: Invoice) -> "InvoiceJson":
        """Make it of an invoice."""
        return cls.model_construct(
            number=invoice.number,
            date=invoice.issued,
            due_date=invoice.due,
            amount_cents=invoice.amount_cents,
            currency=invoice.currency,
            state=invoice.state,
        )


class DataJson(BaseModel):
    """The data behind a number."""

    as_of_time: datetime
    name: str
    address_lines: list[str]
    contracts: list[ContractJson]
    invoices: list[InvoiceJson]

    @classmethod
    def of(cls, data: CustomerData) -> "DataJson":
        """Make it of data."""
        return cls(
            as_of_time=data.as_of,
            name=data.name,
            address_lines=list(data.address_lines),
            contracts=[ContractJson.of(one) for one in data.contracts],
            invoices=[InvoiceJson.of(one) for one in data.invoices],
        )


class OrganisationJson(BaseModel):
    """An organisation; `reference` is empty until a client has told one."""

    organisation_id: UUID
    reference: str
    name: str

    @classmethod
    def of(cls, organisation: KnownOrganisation) -> "OrganisationJson":
        """Make it of an organisation."""
        return cls(organisation_id=organisation.id, reference=organisation.reference, name=organisation.name)


class CustomerIdJson(BaseModel):
    """What a client with `customers:write` alone is shown."""

    customer_id: UUID
    number: str


class CustomerRowJson(CustomerIdJson):
    """A number in a list."""

    type: str
    organisation: OrganisationJson
    as_of_time: Annotated[datetime | None, Field(description="Of the data that are held; null while there are none.")]


class CustomerJson(CustomerRowJson):
    """A number with all that stands behind it."""

    data: DataJson | None

    @classmethod
    def of(cls, record: CustomerRecord) -> "CustomerJson":
        """Make it of a record."""
        return cls(**_row(record), data=DataJson.of(record.data) if record.data else None)


class CustomersJson(BaseModel):
    """One page of a list (AIP-158)."""

    customers: list[CustomerRowJson]
    next_page_token: Annotated[str, Field(description="Empty at the end.")]


def row_of(record: CustomerRecord) -> CustomerRowJson:
    """The number in a list."""
    return CustomerRowJson(**_row(record))


def _row(record: CustomerRecord) -> dict[str, Any]:
    return {
        "customer_id": record.customer.id,
        "number": record.customer.number,
        "type": record.customer.type,
        "organisation": OrganisationJson.of(record.organisation),
        "as_of_time": record.as_of,
    }
