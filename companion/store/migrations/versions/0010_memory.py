"""Memories say which side of a thing they keep and what, and people say what is to be remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("memories", sa.Column("aspect", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("memories", sa.Column("value", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "memory_choices",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("remembered", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_memory_choices_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memory_choices")),
    )
    op.create_index(op.f("ix_memory_choices_person_id"), "memory_choices", ["person_id"], unique=False)
    op.create_index("ix_memory_choices_person_id_kind", "memory_choices", ["person_id", "kind"], unique=True)
