"""Each try to deliver an alert says which version of the rules planned it (decision record 0012)."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the version; what is there already has none."""
    op.add_column("deliveries", sa.Column("rules_version", sa.String(32), nullable=False, server_default=""))
