"""Runs the migrations on the connection that chassis.migration holds the lock on."""  # noqa: INP001 - Alembic loads it by its path

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
