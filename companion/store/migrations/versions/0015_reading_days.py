"""Days with many readings are kept summed by quarters of an hour (decision record 0034); they are added up later."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table, empty: a day that is not in it is added up where it is looked at."""
    op.create_table(
        "reading_days",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("quarters", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_reading_days_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_days")),
    )
    op.create_index(op.f("ix_reading_days_person_id"), "reading_days", ["person_id"], unique=False)
    op.create_index("ix_reading_days_day", "reading_days", ["person_id", "kind", "at"], unique=True)
