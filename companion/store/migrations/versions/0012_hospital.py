"""What hospitals recorded, and which of their patients was confirmed to be whom (decision record 0024)."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "hospital_patients",
        sa.Column("patient_key", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("gender", sa.String(length=16), nullable=False),
        sa.Column("born", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        *_shared("hospital_patients"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital_patients")),
    )
    op.create_index(op.f("ix_hospital_patients_person_id"), "hospital_patients", ["person_id"], unique=False)
    _records()


def _shared(table: str) -> list[sa.Column[object] | sa.ForeignKeyConstraint]:
    return [
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id"), ondelete="CASCADE"),
    ]


def _records() -> None:
    op.create_table(
        "hospital_records",
        sa.Column("import_id", sa.String(length=36), nullable=True),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("resource_type", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("resource_id", "version")),
        sa.Column("updated_at", sa.DateTime(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("text", "code", "system", "status", "occurred")),
        sa.Column("occurred_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("instrument", sa.String(length=16), nullable=False),
        sa.Column("resource", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        *_shared("hospital_records"),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_hospital_records_import_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital_records")),
    )
    for columns in (["import_id"], ["person_id"]):
        op.create_index(op.f(f"ix_hospital_records_{columns[0]}"), "hospital_records", columns, unique=False)
    op.create_index(
        "ix_hospital_records_resource", "hospital_records", ["person_id", "patient_id", "resource_type", "resource_id"]
    )
    op.create_index("ix_hospital_records_shown", "hospital_records", ["person_id", "superseded", "kind", "occurred_at"])
