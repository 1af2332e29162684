"""Life cycle model."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "background",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("licence", sa.String(length=300), nullable=False),
        sa.Column("file_format", sa.String(length=20), nullable=False),
        sa.Column("activities", sa.Integer(), nullable=False),
        sa.Column("unmatched_gas_flows", sa.Integer(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background")),
        sa.UniqueConstraint("name", name=op.f("uq_background_name")),
    )
    op.create_table(
        "exempted_flow",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kg_co2e_per_kg", sa.Float(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exempted_flow")),
    )
    with op.batch_alter_table("exempted_flow", schema=None) as batch_op:
        batch_op.create_index(
            "uq_exempted_flow_in_force",
            ["flow"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "model_table",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_model_table")),
    )
    op.create_table(
        "model_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=30), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("origin", sa.Enum("shipped", "edited", name="modelorigin", native_enum=False, length=20), nullable=False),
        sa.Column(
            "status", sa.Enum("draft", "released", "retired", name="modelstatus", native_enum=False, length=20), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_hash", sa.String(length=64), nullable=True),
        sa.Column("parent_label", sa.String(length=30), nullable=True),
        sa.Column("notes", sa.String(length=2000), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.JSON(), nullable=False),
        sa.Column("released_by", sa.String(length=80), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_version")),
    )
    with op.batch_alter_table("model_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_version_content_hash"), ["content_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_model_version_status"), ["status"], unique=False)
        batch_op.create_index(
            "uq_model_version_content",
            ["content_hash"],
            unique=True,
            sqlite_where=sa.text("status <> 'draft'"),
            postgresql_where=sa.text("status <> 'draft'"),
        )
        batch_op.create_index(
            "uq_model_version_in_use",
            ["status"],
            unique=True,
            sqlite_where=sa.text("status = 'released' AND origin = 'edited'"),
            postgresql_where=sa.text("status = 'released' AND origin = 'edited'"),
        )
        batch_op.create_index(
            "uq_model_version_label",
            ["label"],
            unique=True,
            sqlite_where=sa.text("origin = 'edited'"),
            postgresql_where=sa.text("origin = 'edited'"),
        )

    op.create_table(
        "own_scenario",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_scenario")),
    )
    op.create_table(
        "background_factor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("background_id", sa.Uuid(), nullable=False),
        sa.Column("parameter", sa.String(length=120), nullable=False),
        sa.Column("activity", sa.Integer(), nullable=False),
        sa.Column("activity_name", sa.String(length=300), nullable=False),
        sa.Column("product", sa.String(length=300), nullable=False),
        sa.Column("location", sa.String(length=80), nullable=False),
        sa.Column("activity_unit", sa.String(length=40), nullable=False),
        sa.Column("kg_co2e_per_unit", sa.Float(), nullable=False),
        sa.Column("by_category", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["background_id"], ["background.id"], name=op.f("fk_background_factor_background_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_factor")),
        sa.UniqueConstraint("background_id", "parameter", name="uq_background_factor_parameter"),
    )
    with op.batch_alter_table("background_factor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_background_factor_background_id"), ["background_id"], unique=False)

    op.create_table(
        "plant_supply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column(
            "instrument", sa.Enum("contract", "direct_line", name="instrument", native_enum=False, length=20), nullable=False
        ),
        sa.Column("technology", sa.String(length=20), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_plant_supply_plant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plant_supply")),
    )
    with op.batch_alter_table("plant_supply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plant_supply_plant_id"), ["plant_id"], unique=False)

    op.create_table(
        "scenario_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("reasoning", sa.String(length=1000), nullable=False),
        sa.Column("electricity", sa.String(length=30), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("supplier_shares", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["scenario_id"], ["own_scenario.id"], name=op.f("fk_scenario_version_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_version")),
        sa.UniqueConstraint("scenario_id", "version", name=op.f("uq_scenario_version_scenario_id_version")),
    )
    with op.batch_alter_table("scenario_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scenario_version_scenario_id"), ["scenario_id"], unique=False)

    op.create_table(
        "background_draws",
        sa.Column("factor_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("kg_co2e_per_unit", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["factor_id"], ["background_factor.id"], name=op.f("fk_background_draws_factor_id")),
        sa.PrimaryKeyConstraint("factor_id", name=op.f("pk_background_draws")),
    )


def downgrade() -> None:
    op.drop_table("background_draws")
    with op.batch_alter_table("scenario_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scenario_version_scenario_id"))

    op.drop_table("scenario_version")
    with op.batch_alter_table("plant_supply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plant_supply_plant_id"))

    op.drop_table("plant_supply")
    with op.batch_alter_table("background_factor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_background_factor_background_id"))

    op.drop_table("background_factor")
    op.drop_table("own_scenario")
    with op.batch_alter_table("model_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_model_version_label", sqlite_where=sa.text("origin = 'edited'"), postgresql_where=sa.text("origin = 'edited'")
        )
        batch_op.drop_index(
            "uq_model_version_in_use",
            sqlite_where=sa.text("status = 'released' AND origin = 'edited'"),
            postgresql_where=sa.text("status = 'released' AND origin = 'edited'"),
        )
        batch_op.drop_index(
            "uq_model_version_content", sqlite_where=sa.text("status <> 'draft'"), postgresql_where=sa.text("status <> 'draft'")
        )
        batch_op.drop_index(batch_op.f("ix_model_version_status"))
        batch_op.drop_index(batch_op.f("ix_model_version_content_hash"))

    op.drop_table("model_version")
    op.drop_table("model_table")
    with op.batch_alter_table("exempted_flow", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_exempted_flow_in_force",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.drop_table("exempted_flow")
    op.drop_table("background")
