"""Alembic's entry: migrates the database of the connection that `altedic.catalog.store` gives, in its transaction."""

from alembic import context

from altedic.catalog.tables import METADATA

# Of SQLite, Alembic believes that it cannot roll back what makes tables; it can, as the store begins transactions itself.
context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
