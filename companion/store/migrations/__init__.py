"""How older records become today's: Alembic revisions, run in one transaction when a record is opened."""
