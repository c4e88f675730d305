"""The tables of imports."""

from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint, Uuid

from identity.adapters.tables import metadata

# Under which id an older system knows an account: what makes an import repeatable.
external_account = Table(
    "external_account",
    metadata,
    Column("external_id", Text(collation="C"), primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    UniqueConstraint("account_id", name="external_account_account"),
)
