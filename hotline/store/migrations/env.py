"""Alembic's entry: runs the migrations over the connection that `hotline.store.migrating` gives."""

from alembic import context

# Their tables stand on the same metadata.
from hotline.store import call_tables, console_tables, duty_tables, public_tables  # noqa: F401
from hotline.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
