"""What Alembic runs for each upgrade; everything it needs is handed over by `shared.running.migrations`."""

from alembic import context

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    version_table=attributes["version_table"],
    render_as_batch=True,
)
context.run_migrations()
