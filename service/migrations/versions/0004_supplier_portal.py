"""Supplier portal."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reports_to", sa.String(length=60), nullable=True))

    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "depth",
                sa.Enum("first", "full", name="depth", native_enum=False, length=20),
                server_default="first",
                nullable=False,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("depth")

    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.drop_column("reports_to")
