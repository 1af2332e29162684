"""The carbon plan."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounting_method",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("standard", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("pcr", sa.String(length=120), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("gwp", sa.String(length=10), nullable=False),
        sa.Column("electricity", sa.String(length=20), nullable=False),
        sa.Column("uptake", sa.String(length=10), nullable=False),
        sa.Column("packing_coke_allocation", sa.String(length=40), nullable=False),
        sa.Column("fines_allocation", sa.String(length=40), nullable=False),
        sa.Column("petroleum_coke", sa.String(length=40), nullable=False),
        sa.Column("coal_tar_pitch", sa.String(length=40), nullable=False),
        sa.Column(
            "status", sa.Enum("draft", "released", "retired", name="methodstatus", native_enum=False, length=20), nullable=False
        ),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(length=80), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounting_method")),
        sa.UniqueConstraint("label", name=op.f("uq_accounting_method_label")),
    )
    with op.batch_alter_table("accounting_method", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounting_method_status"), ["status"], unique=False)

    op.create_table(
        "attached_file",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("shows_place", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "scan",
            sa.Enum("unscanned", "clean", "infected", name="scan", native_enum=False, length=20),
            server_default="unscanned",
            nullable=False,
        ),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attached_by", sa.String(length=80), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.String(length=80), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_because", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attached_file")),
    )
    with op.batch_alter_table("attached_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attached_file_scan"), ["scan"], unique=False)
        batch_op.create_index(batch_op.f("ix_attached_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "behaviour",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("baseline_kg_per_unit", sa.Float(), nullable=False),
        sa.Column("action_kg_per_unit", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=600), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum("derived", "measured", "unverified", name="confidence", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("active_until", sa.Date(), nullable=True),
        sa.Column("cap_per_day", sa.Float(), nullable=False),
        sa.Column("cap_per_month", sa.Float(), nullable=False),
        sa.Column("points_per_kg", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behaviour")),
        sa.UniqueConstraint("name_zh", "active_from", name=op.f("uq_behaviour_name_zh_active_from")),
    )
    op.create_table(
        "carbon_asset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cea",
                "ccer",
                "other_credit",
                "forest_sink",
                "soil_sink",
                "biochar",
                "direct_air_capture",
                "bioenergy_capture",
                name="assetkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("registry_name", sa.String(length=100), nullable=False),
        sa.Column("serial", sa.String(length=100), nullable=False),
        sa.Column("amount_t_co2e", sa.Float(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("cost_cny", sa.Float(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carbon_asset")),
    )
    with op.batch_alter_table("carbon_asset", schema=None) as batch_op:
        batch_op.create_index(
            "uq_carbon_asset_open",
            ["registry_name", "serial"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "carbon_price_ladder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("discount_rate", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carbon_price_ladder")),
    )
    op.create_table(
        "closed_year",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("closed_by", sa.String(length=80), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_by", sa.String(length=80), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_because", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_year")),
    )
    with op.batch_alter_table("closed_year", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closed_year_year"), ["year"], unique=False)

    op.create_table(
        "committee_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=2000), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=True),
        sa.Column("minutes", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_decision")),
    )
    op.create_table(
        "company_inventory",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "factor_set",
            sa.Enum("gb_t_32151_34", "ndrc_24_sector", "nefd_2", "ipcc_2006", name="fuelfactorset", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "status", sa.Enum("draft", "verified", "closed", name="inventorystatus", native_enum=False, length=20), nullable=False
        ),
        sa.Column("prepared_by", sa.String(length=80), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by", sa.String(length=80), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_sha256", sa.String(length=64), nullable=True),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("reopened_by", sa.String(length=80), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "reopened_cause",
            sa.Enum("structure", "method", "factors", "error", name="restatementcause", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("reopened_because", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_inventory")),
        sa.UniqueConstraint("year", name=op.f("uq_company_inventory_year")),
    )
    op.create_table(
        "consumption_weight",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("province_code", sa.String(length=6), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("total_percent", sa.Float(), nullable=False),
        sa.Column("nonhydro_percent", sa.Float(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumption_weight")),
        sa.UniqueConstraint("province_code", "year", name=op.f("uq_consumption_weight_province_code_year")),
    )
    op.create_table(
        "forecast_path",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("grid_factor", "price_index", name="pathkind", native_enum=False, length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("likely", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_path")),
    )
    with op.batch_alter_table("forecast_path", schema=None) as batch_op:
        batch_op.create_index(
            "uq_forecast_path_open",
            ["kind", "year"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "gate_rule_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("province_code", sa.String(length=6), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("limit_value", sa.Float(), nullable=True),
        sa.Column("classes", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_rule_version")),
        sa.UniqueConstraint("rule", "province_code", "valid_from", name=op.f("uq_gate_rule_version_rule_province_code_valid_from")),
    )
    op.create_table(
        "inventory_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("closed_by", sa.String(length=80), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_snapshot")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_inventory_snapshot_year_number")),
    )
    op.create_table(
        "monitoring_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitoring_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_monitoring_plan_number")),
    )
    op.create_table(
        "office_figure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_figure")),
        sa.UniqueConstraint("indicator", "unit", "month", name=op.f("uq_office_figure_indicator_unit_month")),
    )
    op.create_table(
        "org_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_unit")),
        sa.UniqueConstraint("name_zh", name=op.f("uq_org_unit_name_zh")),
    )
    op.create_table(
        "output_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("current_price_10k_cny", sa.Float(), nullable=False),
        sa.Column("price_index", sa.Float(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output_value")),
    )
    with op.batch_alter_table("output_value", schema=None) as batch_op:
        batch_op.create_index(
            "uq_output_value_open",
            ["year"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "peer_figure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("peer", sa.String(length=120), nullable=False),
        sa.Column("sector", sa.String(length=120), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("scope_note", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("source_year", sa.Integer(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum("verified", "published", "derived", "remembered", name="peerconfidence", native_enum=False, length=20),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_figure")),
    )
    op.create_table(
        "plan_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_run")),
    )
    op.create_table(
        "points_transaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("issue", "redeem", "expire", "reverse", "forfeit", name="transactionkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["reverses_id"], ["points_transaction.id"], name=op.f("fk_points_transaction_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_transaction")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_points_transaction_reverses_id")),
    )
    op.create_table(
        "project_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("new", "expansion", "retrofit", "relocation", name="projectkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "process",
            sa.Enum(
                "graphitization",
                "carbonization",
                "granulation",
                "milling",
                "whole_plant",
                "other",
                name="projectprocess",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("province_code", sa.String(length=6), nullable=False),
        sa.Column("class_code", sa.String(length=4), nullable=False),
        sa.Column("commissioning_year", sa.Integer(), nullable=False),
        sa.Column("energy_tce", sa.Float(), nullable=False),
        sa.Column("energy_equal_value_tce", sa.Float(), nullable=False),
        sa.Column("electricity_kwh", sa.Float(), nullable=False),
        sa.Column("coal_t", sa.Float(), nullable=False),
        sa.Column("output_t", sa.Float(), nullable=False),
        sa.Column("output_10k_cny", sa.Float(), nullable=False),
        sa.Column("kwh_per_t", sa.Float(), nullable=False),
        sa.Column("t_co2", sa.Float(), nullable=False),
        sa.Column("avoided_t_co2", sa.Float(), nullable=False),
        sa.Column("green_share", sa.Float(), nullable=False),
        sa.Column("is_in_park", sa.Boolean(), nullable=False),
        sa.Column("is_toll", sa.Boolean(), nullable=False),
        sa.Column("capex_10k_cny", sa.Float(), nullable=False),
        sa.Column("yearly_gain_10k_cny", sa.Float(), nullable=False),
        sa.Column("lifetime_years", sa.Integer(), nullable=False),
        sa.Column("replacement", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            sa.Enum("draft", "assessed", "approved", "conditional", "refused", name="projectstatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_proposal")),
        sa.UniqueConstraint("number", name=op.f("uq_project_proposal_number")),
    )
    with op.batch_alter_table("project_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_proposal_status"), ["status"], unique=False)

    op.create_table(
        "public_post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("article", "event", name="postkind", native_enum=False, length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title_zh", sa.String(length=120), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("body_zh", sa.String(length=20000), nullable=False),
        sa.Column("body_en", sa.String(length=20000), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=True),
        sa.Column("place_zh", sa.String(length=120), nullable=True),
        sa.Column("place_en", sa.String(length=120), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "approved", "published", "lapsed", "withdrawn", name="publicationstatus", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_post")),
        sa.UniqueConstraint("slug", name=op.f("uq_public_post_slug")),
    )
    with op.batch_alter_table("public_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_post_status"), ["status"], unique=False)

    op.create_table(
        "released_figure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("emissions", "settlement", name="figurekind", native_enum=False, length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=True),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("required", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(length=80), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_figure")),
    )
    op.create_table(
        "residual_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("residual_t_co2", sa.Float(), nullable=False),
        sa.Column("removal_t_co2e", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residual_plan")),
    )
    with op.batch_alter_table("residual_plan", schema=None) as batch_op:
        batch_op.create_index(
            "uq_residual_plan_open",
            ["year"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "reward",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("available_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
        sa.UniqueConstraint("name_zh", name=op.f("uq_reward_name_zh")),
    )
    op.create_table(
        "stakeholder_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "authority",
                "customer",
                "supplier",
                "investor",
                "community",
                "media",
                "association",
                name="contactkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=500), nullable=False),
        sa.Column("follow_up", sa.String(length=500), nullable=True),
        sa.Column("follow_up_by", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakeholder_contact")),
    )
    op.create_table(
        "target_definition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            sa.Enum("proposed", "in_force", "refused", "replaced", name="definitionstatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_definition")),
    )
    with op.batch_alter_table("target_definition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_definition_key"), ["key"], unique=False)
        batch_op.create_index(
            "uq_target_definition_in_force",
            ["key"],
            unique=True,
            sqlite_where=sa.text("status = 'in_force'"),
            postgresql_where=sa.text("status = 'in_force'"),
        )

    op.create_table(
        "target_settlement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("target_year", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Enum("draft", "approved", name="settlementstatus", native_enum=False, length=20), nullable=False),
        sa.Column("drafted_by", sa.String(length=80), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_settlement")),
        sa.UniqueConstraint("target_year", name=op.f("uq_target_settlement_target_year")),
    )
    op.create_table(
        "transport_vehicle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column("vehicle_class", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.Enum("maker", "carrier", name="vehicleowner", native_enum=False, length=20), nullable=False),
        sa.Column("payload_t", sa.Float(), nullable=False),
        sa.Column("energy_use_per_100km", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transport_vehicle")),
        sa.UniqueConstraint("plate", name=op.f("uq_transport_vehicle_plate")),
    )
    op.create_table(
        "carbon_asset_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("for_year", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["carbon_asset.id"], name=op.f("fk_carbon_asset_use_asset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carbon_asset_use")),
        sa.UniqueConstraint("asset_id", name=op.f("uq_carbon_asset_use_asset_id")),
    )
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("behaviour_id", sa.Uuid(), nullable=True),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("goal_kg_co2e", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["behaviour_id"], ["behaviour.id"], name=op.f("fk_challenge_behaviour_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("name_zh", name=op.f("uq_challenge_name_zh")),
    )
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_behaviour_id"), ["behaviour_id"], unique=False)

    op.create_table(
        "hub_operation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column("hub", sa.String(length=120), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("throughput_t", sa.Float(), nullable=False),
        sa.Column("electricity_kwh", sa.Float(), nullable=False),
        sa.Column("diesel_l", sa.Float(), nullable=False),
        sa.Column("in_site_meters", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_hub_operation_plant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_operation")),
        sa.UniqueConstraint("hub", "month", name=op.f("uq_hub_operation_hub_month")),
    )
    with op.batch_alter_table("hub_operation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hub_operation_plant_id"), ["plant_id"], unique=False)

    op.create_table(
        "inventory_restatement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("former_id", sa.Uuid(), nullable=False),
        sa.Column("restated_id", sa.Uuid(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum("structure", "method", "factors", "error", name="restatementcause", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("former_t_co2", sa.Float(), nullable=False),
        sa.Column("restated_t_co2", sa.Float(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("restated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["former_id"], ["inventory_snapshot.id"], name=op.f("fk_inventory_restatement_former_id")),
        sa.ForeignKeyConstraint(["restated_id"], ["inventory_snapshot.id"], name=op.f("fk_inventory_restatement_restated_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_restatement")),
    )
    with op.batch_alter_table("inventory_restatement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inventory_restatement_year"), ["year"], unique=False)

    op.create_table(
        "material_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("tolerance", sa.Float(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_material_account_plant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_account")),
        sa.UniqueConstraint(
            "plant_id", "period_start", "period_end", name=op.f("uq_material_account_plant_id_period_start_period_end")
        ),
    )
    with op.batch_alter_table("material_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_material_account_plant_id"), ["plant_id"], unique=False)

    op.create_table(
        "meter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("multiplier", sa.Float(), nullable=False),
        sa.Column("calibrated_until", sa.Date(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["meter.id"], name=op.f("fk_meter_parent_id")),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_meter_plant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter")),
        sa.UniqueConstraint("plant_id", "serial", name=op.f("uq_meter_plant_id_serial")),
    )
    with op.batch_alter_table("meter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meter_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meter_plant_id"), ["plant_id"], unique=False)

    op.create_table(
        "points_posting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column(
            "account",
            sa.Enum("issued", "held", "redeemed", "expired", name="ledgeraccount", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["transaction_id"], ["points_transaction.id"], name=op.f("fk_points_posting_transaction_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_posting")),
    )
    with op.batch_alter_table("points_posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_points_posting_account"), ["account"], unique=False)
        batch_op.create_index(batch_op.f("ix_points_posting_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_points_posting_transaction_id"), ["transaction_id"], unique=False)

    op.create_table(
        "project_assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("project_version", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("assessed_by", sa.String(length=80), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project_proposal.id"], name=op.f("fk_project_assessment_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_assessment")),
    )
    with op.batch_alter_table("project_assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_assessment_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project_proposal.id"], name=op.f("fk_project_document_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_document")),
        sa.UniqueConstraint("project_id", "kind", "reference", name=op.f("uq_project_document_project_id_kind_reference")),
    )
    with op.batch_alter_table("project_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_document_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_document_file",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["project_document.id"], name=op.f("fk_project_document_file_document_id")),
        sa.ForeignKeyConstraint(["file_id"], ["attached_file.id"], name=op.f("fk_project_document_file_file_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_project_document_file")),
    )
    with op.batch_alter_table("project_document_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_document_file_document_id"), ["document_id"], unique=False)

    op.create_table(
        "training",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("item", sa.String(length=40), nullable=True),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_training_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "unit_board_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("avoided_kg_co2e", sa.Float(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_unit_board_line_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_board_line")),
        sa.UniqueConstraint("unit_id", "month", name=op.f("uq_unit_board_line_unit_id_month")),
    )
    with op.batch_alter_table("unit_board_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_board_line_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "activity_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("low_t", sa.Float(), nullable=False),
        sa.Column("likely_t", sa.Float(), nullable=False),
        sa.Column("high_t", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_activity_plan_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_plan")),
    )
    with op.batch_alter_table("activity_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_plan_product_id"), ["product_id"], unique=False)
        batch_op.create_index(
            "uq_activity_plan_open",
            ["year", "product_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "carbon_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("consent_version", sa.String(length=10), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_carbon_account_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_carbon_account_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carbon_account")),
        sa.UniqueConstraint("holder_id", name=op.f("uq_carbon_account_holder_id")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_carbon_account_pseudonym")),
        sa.UniqueConstraint("user_id", name=op.f("uq_carbon_account_user_id")),
    )
    with op.batch_alter_table("carbon_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carbon_account_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "committee_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "place",
            sa.Enum("chair", "deputy_chair", "secretary", "member", name="committeerole", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("term_start", sa.Date(), nullable=False),
        sa.Column("term_end", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_committee_member_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_committee_member_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_member")),
    )
    with op.batch_alter_table("committee_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_committee_member_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_committee_member_user_id"), ["user_id"], unique=False)

    op.create_table(
        "emission_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "method",
            sa.Enum("metered", "billed", "weighed", "calculated", "estimated", name="method", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("meter_id", sa.Uuid(), nullable=True),
        sa.Column(
            "frequency",
            sa.Enum("continuous", "daily", "monthly", "batch", name="frequency", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "evidence_kind",
            sa.Enum(
                "bill",
                "meter_reading",
                "weighbridge",
                "stock_record",
                "laboratory",
                "calculation",
                name="evidencekind",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meter_id"], ["meter.id"], name=op.f("fk_emission_source_meter_id")),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_emission_source_plant_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_emission_source_product_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["user.id"], name=op.f("fk_emission_source_responsible_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_emission_source_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emission_source")),
        sa.UniqueConstraint("plant_id", "code", name=op.f("uq_emission_source_plant_id_code")),
        sa.UniqueConstraint("plant_id", "name_zh", name=op.f("uq_emission_source_plant_id_name_zh")),
    )
    with op.batch_alter_table("emission_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_emission_source_meter_id"), ["meter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_emission_source_plant_id"), ["plant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_emission_source_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "kpi_contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit_signed_by", sa.String(length=80), nullable=True),
        sa.Column("unit_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("committee_signed_by", sa.String(length=80), nullable=True),
        sa.Column("committee_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["head_id"], ["user.id"], name=op.f("fk_kpi_contract_head_id")),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_kpi_contract_plant_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_kpi_contract_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_contract")),
        sa.UniqueConstraint("unit_id", "year", name=op.f("uq_kpi_contract_unit_id_year")),
    )
    with op.batch_alter_table("kpi_contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kpi_contract_head_id"), ["head_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kpi_contract_plant_id"), ["plant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kpi_contract_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "material_flow",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("from_node", sa.String(length=20), nullable=False),
        sa.Column("to_node", sa.String(length=20), nullable=False),
        sa.Column("material", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("input", "product", "by_product", "loop", "waste", "loss", name="flowkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "basis", sa.Enum("measured", "balance", "default", name="flowbasis", native_enum=False, length=20), nullable=False
        ),
        sa.Column("amount_t", sa.Float(), nullable=False),
        sa.Column(
            "treatment",
            sa.Enum(
                "recycling",
                "energy_recovery",
                "incineration",
                "landfill",
                "hazardous_treatment",
                name="treatment",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("is_hazardous", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["material_account.id"], name=op.f("fk_material_flow_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_flow")),
    )
    with op.batch_alter_table("material_flow", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_material_flow_account_id"), ["account_id"], unique=False)

    op.create_table(
        "measure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "idea", "assessed", "approved", "running", "done", "dropped", name="measurestatus", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_unit_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_measure_owner_id")),
        sa.ForeignKeyConstraint(["owner_unit_id"], ["org_unit.id"], name=op.f("fk_measure_owner_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_owner_unit_id"), ["owner_unit_id"], unique=False)

    op.create_table(
        "project_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "engineer",
                "reviewer",
                "procurement",
                "sales",
                "auditor",
                "supplier",
                "verifier",
                "committee",
                "employee",
                name="role",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "verdict", sa.Enum("approve", "conditions", "refuse", name="verdict", native_enum=False, length=20), nullable=False
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["project_assessment.id"], name=op.f("fk_project_approval_assessment_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project_proposal.id"], name=op.f("fk_project_approval_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_approval")),
        sa.UniqueConstraint("assessment_id", "decided_by", name=op.f("uq_project_approval_assessment_id_decided_by")),
        sa.UniqueConstraint("assessment_id", "role", name=op.f("uq_project_approval_assessment_id_role")),
    )
    with op.batch_alter_table("project_approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_approval_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_approval_project_id"), ["project_id"], unique=False)

    op.create_table(
        "public_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text_zh", sa.String(length=300), nullable=False),
        sa.Column("text_en", sa.String(length=500), nullable=False),
        sa.Column("figure", sa.Float(), nullable=True),
        sa.Column("figure_unit", sa.String(length=40), nullable=True),
        sa.Column("basis_zh", sa.String(length=300), nullable=False),
        sa.Column("basis_en", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "approved", "published", "lapsed", "withdrawn", name="publicationstatus", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_public_claim_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_claim")),
    )
    with op.batch_alter_table("public_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_claim_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_claim_status"), ["status"], unique=False)

    op.create_table(
        "quality_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("customer", sa.String(length=120), nullable=False),
        sa.Column("parameter", sa.String(length=30), nullable=False),
        sa.Column("lowest", sa.Float(), nullable=True),
        sa.Column("highest", sa.Float(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_quality_limit_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_limit")),
    )
    with op.batch_alter_table("quality_limit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quality_limit_product_id"), ["product_id"], unique=False)

    op.create_table(
        "responsibility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["deputy_id"], ["user.id"], name=op.f("fk_responsibility_deputy_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_responsibility_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_responsibility_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
    )
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_responsibility_deputy_id"), ["deputy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responsibility_item"), ["item"], unique=False)
        batch_op.create_index(batch_op.f("ix_responsibility_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responsibility_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "technology_project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("trl", sa.Integer(), nullable=False),
        sa.Column("expected_year", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("overlay", sa.String(length=2000), nullable=False),
        sa.Column("partner", sa.String(length=200), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_technology_project_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_project")),
    )
    with op.batch_alter_table("technology_project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_technology_project_product_id"), ["product_id"], unique=False)

    op.create_table(
        "activity_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("typed", sa.String(length=60), nullable=False),
        sa.Column("typed_unit", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("properties", sa.JSON(), nullable=False),
        sa.Column("reading_start", sa.Float(), nullable=True),
        sa.Column("reading_end", sa.Float(), nullable=True),
        sa.Column("evidence_number", sa.String(length=120), nullable=True),
        sa.Column("evidence_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("door", sa.Enum("form", "workbook", "api", name="door", native_enum=False, length=20), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["emission_source.id"], name=op.f("fk_activity_entry_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_entry")),
        sa.UniqueConstraint("source_id", "month", "version", name=op.f("uq_activity_entry_source_id_month_version")),
    )
    with op.batch_alter_table("activity_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_activity_entry_current",
            ["source_id", "month"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_activity_entry_month"), ["month"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_entry_source_id"), ["source_id"], unique=False)

    op.create_table(
        "activity_file",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["activity_entry.id"], name=op.f("fk_activity_file_entry_id")),
        sa.ForeignKeyConstraint(["file_id"], ["attached_file.id"], name=op.f("fk_activity_file_file_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_activity_file")),
    )
    with op.batch_alter_table("activity_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_file_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status", sa.Enum("self_assessed", "approved", name="assessmentstatus", native_enum=False, length=20), nullable=False
        ),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("scorecard", sa.JSON(), nullable=False),
        sa.Column("scorecard_sha256", sa.String(length=64), nullable=False),
        sa.Column("assessed_by", sa.String(length=80), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review", sa.String(length=2000), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["kpi_contract.id"], name=op.f("fk_assessment_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_assessment_contract_id")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "behaviour_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("behaviour_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("counted", sa.Float(), nullable=False),
        sa.Column("avoided_kg_co2e", sa.Float(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["carbon_account.id"], name=op.f("fk_behaviour_entry_account_id")),
        sa.ForeignKeyConstraint(["behaviour_id"], ["behaviour.id"], name=op.f("fk_behaviour_entry_behaviour_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behaviour_entry")),
    )
    with op.batch_alter_table("behaviour_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_behaviour_entry_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_behaviour_entry_behaviour_id"), ["behaviour_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_behaviour_entry_day"), ["day"], unique=False)

    op.create_table(
        "building",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "office",
                "canteen",
                "dormitory",
                "laboratory",
                "warehouse",
                "workshop",
                name="buildingkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("area_m2", sa.Float(), nullable=False),
        sa.Column("built", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_building_plant_id")),
        sa.ForeignKeyConstraint(["source_id"], ["emission_source.id"], name=op.f("fk_building_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building")),
        sa.UniqueConstraint("plant_id", "name_zh", name=op.f("uq_building_plant_id_name_zh")),
        sa.UniqueConstraint("source_id", name=op.f("uq_building_source_id")),
    )
    with op.batch_alter_table("building", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_building_plant_id"), ["plant_id"], unique=False)

    op.create_table(
        "claim_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind", sa.Enum("certificate", "statement", "inventory", name="proofkind", native_enum=False, length=20), nullable=False
        ),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["public_claim.id"], name=op.f("fk_claim_proof_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_proof")),
    )
    with op.batch_alter_table("claim_proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_proof_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "design_comparison",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("electricity_view", sa.String(length=30), nullable=False),
        sa.Column("model_version", sa.String(length=120), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_design_comparison_product_id")),
        sa.ForeignKeyConstraint(["record_id"], ["footprint_record.id"], name=op.f("fk_design_comparison_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_comparison")),
    )
    with op.batch_alter_table("design_comparison", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_design_comparison_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_design_comparison_record_id"), ["record_id"], unique=False)

    op.create_table(
        "funding_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "green_loan",
                "green_bond",
                "public_fund",
                "transition_finance",
                "own_budget",
                name="fundingkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("amount_cny", sa.Float(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=True),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_funding_item_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_item")),
        sa.UniqueConstraint("name", name=op.f("uq_funding_item_name")),
    )
    with op.batch_alter_table("funding_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_funding_item_measure_id"), ["measure_id"], unique=False)

    op.create_table(
        "investment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "equipment",
                "photovoltaics",
                "wind",
                "storage",
                "removal",
                "other",
                name="investmentkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=True),
        sa.Column("measure_id", sa.Uuid(), nullable=True),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("capex_cny", sa.Float(), nullable=False),
        sa.Column("yearly_gain_cny", sa.Float(), nullable=False),
        sa.Column("lifetime_years", sa.Integer(), nullable=False),
        sa.Column("capacity_kw", sa.Float(), nullable=True),
        sa.Column("generation_kwh_per_a", sa.Float(), nullable=True),
        sa.Column("avoided_t_co2_per_a", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_investment_measure_id")),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_investment_plant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investment")),
    )
    with op.batch_alter_table("investment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_investment_measure_id"), ["measure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_investment_plant_id"), ["plant_id"], unique=False)

    op.create_table(
        "kpi",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("floor", sa.Float(), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["kpi_contract.id"], name=op.f("fk_kpi_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi")),
        sa.UniqueConstraint("contract_id", "indicator", "name", name=op.f("uq_kpi_contract_id_indicator_name")),
    )
    with op.batch_alter_table("kpi", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kpi_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "measure_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("reasoning", sa.String(length=1000), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_version_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_version")),
        sa.UniqueConstraint("measure_id", "version", name=op.f("uq_measure_version_measure_id_version")),
    )
    with op.batch_alter_table("measure_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_version_measure_id"), ["measure_id"], unique=False)

    op.create_table(
        "plan_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column(
            "status", sa.Enum("open", "doing", "done", "dropped", name="actionstatus", native_enum=False, length=20), nullable=False
        ),
        sa.Column("evidence", sa.String(length=500), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_plan_action_measure_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_plan_action_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_plan_action_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_action_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_action_item"), ["item"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_action_measure_id"), ["measure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_action_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_action_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "power_contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("direct_line", "own_plant", "green_trade", "certificates", name="contractkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("seller", sa.String(length=200), nullable=False),
        sa.Column(
            "technology",
            sa.Enum("wind", "solar_pv", "hydro", "nuclear", "biomass", name="technology", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("price_cny_per_mwh", sa.Float(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("attributes_sold", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_power_contract_plant_id")),
        sa.ForeignKeyConstraint(["source_id"], ["emission_source.id"], name=op.f("fk_power_contract_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_power_contract")),
        sa.UniqueConstraint("number", name=op.f("uq_power_contract_number")),
    )
    with op.batch_alter_table("power_contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_power_contract_plant_id"), ["plant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_power_contract_source_id"), ["source_id"], unique=False)

    op.create_table(
        "recycled_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("material", sa.String(length=40), nullable=False),
        sa.Column(
            "custody", sa.Enum("mass_balance", "controlled_blending", name="custody", native_enum=False, length=20), nullable=False
        ),
        sa.Column("certificate_no", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("conversion", sa.Float(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_recycled_source_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recycled_source")),
        sa.UniqueConstraint("name_zh", name=op.f("uq_recycled_source_name_zh")),
    )
    with op.batch_alter_table("recycled_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recycled_source_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "redemption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("reward_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["carbon_account.id"], name=op.f("fk_redemption_account_id")),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_redemption_reward_id")),
        sa.ForeignKeyConstraint(["transaction_id"], ["points_transaction.id"], name=op.f("fk_redemption_transaction_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
        sa.UniqueConstraint("code", name=op.f("uq_redemption_code")),
    )
    with op.batch_alter_table("redemption", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_redemption_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_redemption_reward_id"), ["reward_id"], unique=False)

    op.create_table(
        "rule_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("footprint_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("is_fulfilled", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("found_by", sa.String(length=80), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["footprint_id"], ["footprint_record.id"], name=op.f("fk_rule_finding_footprint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_finding")),
    )
    with op.batch_alter_table("rule_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rule_finding_footprint_id"), ["footprint_id"], unique=False)

    op.create_table(
        "transport_leg",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("waybill", sa.String(length=80), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column(
            "direction", sa.Enum("inbound", "internal", "outbound", name="direction", native_enum=False, length=20), nullable=False
        ),
        sa.Column("flow", sa.String(length=60), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("receiver", sa.String(length=200), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("vehicle_class", sa.String(length=40), nullable=False),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("load_t", sa.Float(), nullable=False),
        sa.Column("trips", sa.Integer(), nullable=False),
        sa.Column("distance_km", sa.Float(), nullable=False),
        sa.Column(
            "distance_kind",
            sa.Enum("actual", "shortest_feasible", name="distancekind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("empty_trip_factor", sa.Float(), nullable=True),
        sa.Column("payer", sa.Enum("maker", "supplier", "customer", name="payer", native_enum=False, length=20), nullable=False),
        sa.Column("freight_cny", sa.Float(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_transport_leg_plant_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_transport_leg_product_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_transport_leg_supplier_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["transport_vehicle.id"], name=op.f("fk_transport_leg_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transport_leg")),
        sa.UniqueConstraint("waybill", name=op.f("uq_transport_leg_waybill")),
    )
    with op.batch_alter_table("transport_leg", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transport_leg_month"), ["month"], unique=False)
        batch_op.create_index(batch_op.f("ix_transport_leg_plant_id"), ["plant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transport_leg_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transport_leg_supplier_id"), ["supplier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transport_leg_vehicle_id"), ["vehicle_id"], unique=False)

    op.create_table(
        "design_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comparison_id", sa.Uuid(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["comparison_id"], ["design_comparison.id"], name=op.f("fk_design_decision_comparison_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_decision")),
        sa.UniqueConstraint("comparison_id", name=op.f("uq_design_decision_comparison_id")),
    )
    op.create_table(
        "funding_year",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("funding_item_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("planned_cny", sa.Float(), nullable=False),
        sa.Column("spent_cny", sa.Float(), nullable=True),
        sa.Column("evidence", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["funding_item_id"], ["funding_item.id"], name=op.f("fk_funding_year_funding_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_year")),
        sa.UniqueConstraint("funding_item_id", "year", name=op.f("uq_funding_year_funding_item_id_year")),
    )
    with op.batch_alter_table("funding_year", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_funding_year_funding_item_id"), ["funding_item_id"], unique=False)

    op.create_table(
        "inventory_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inventory_id", sa.Uuid(), nullable=False),
        sa.Column("check", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("raised_by", sa.String(length=80), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolution", sa.String(length=500), nullable=True),
        sa.Column("resolved_by", sa.String(length=80), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["activity_entry.id"], name=op.f("fk_inventory_finding_entry_id")),
        sa.ForeignKeyConstraint(["inventory_id"], ["company_inventory.id"], name=op.f("fk_inventory_finding_inventory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_finding")),
    )
    with op.batch_alter_table("inventory_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inventory_finding_inventory_id"), ["inventory_id"], unique=False)

    op.create_table(
        "metered_power",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kwh", sa.Float(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["power_contract.id"], name=op.f("fk_metered_power_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metered_power")),
        sa.UniqueConstraint("contract_id", "month", name=op.f("uq_metered_power_contract_id_month")),
    )
    with op.batch_alter_table("metered_power", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_metered_power_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "recycled_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("claimed_t", sa.Float(), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            sa.Enum("proposed", "approved", "refused", "withdrawn", name="claimstatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_recycled_claim_product_id")),
        sa.ForeignKeyConstraint(["source_id"], ["recycled_source.id"], name=op.f("fk_recycled_claim_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recycled_claim")),
        sa.UniqueConstraint("number", name=op.f("uq_recycled_claim_number")),
    )
    with op.batch_alter_table("recycled_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recycled_claim_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recycled_claim_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recycled_claim_status"), ["status"], unique=False)

    op.create_table(
        "recycled_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount_t", sa.Float(), nullable=False),
        sa.Column("pre_consumer_share", sa.Float(), nullable=False),
        sa.Column("post_consumer_share", sa.Float(), nullable=False),
        sa.Column("batch", sa.String(length=60), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["recycled_source.id"], name=op.f("fk_recycled_receipt_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recycled_receipt")),
        sa.UniqueConstraint("source_id", "batch", name=op.f("uq_recycled_receipt_source_id_batch")),
    )
    with op.batch_alter_table("recycled_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recycled_receipt_source_id"), ["source_id"], unique=False)

    op.create_table(
        "retrofit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("cost_cny", sa.Float(), nullable=False),
        sa.Column("saving_kwh", sa.Float(), nullable=False),
        sa.Column(
            "status", sa.Enum("idea", "planned", "done", name="retrofitstatus", native_enum=False, length=20), nullable=False
        ),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_retrofit_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retrofit")),
    )
    with op.batch_alter_table("retrofit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retrofit_building_id"), ["building_id"], unique=False)

    op.create_table(
        "supply_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("purpose", sa.Enum("site", "product", name="purpose", native_enum=False, length=20), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column(
            "instrument", sa.Enum("contract", "direct_line", name="instrument", native_enum=False, length=20), nullable=False
        ),
        sa.Column(
            "technology",
            sa.Enum("wind", "solar_pv", "hydro", "nuclear", "biomass", name="technology", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("kwh", sa.Float(), nullable=True),
        sa.Column("taken_over_share", sa.Float(), nullable=True),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            sa.Enum("proposed", "approved", "rejected", "withdrawn", name="claimstatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kwh is null) <> (taken_over_share is null)", name=op.f("ck_supply_claim_ck_supply_claim_amount")),
        sa.ForeignKeyConstraint(["contract_id"], ["power_contract.id"], name=op.f("fk_supply_claim_contract_id")),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_supply_claim_plant_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_supply_claim_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_claim")),
    )
    with op.batch_alter_table("supply_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supply_claim_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supply_claim_plant_id"), ["plant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supply_claim_product_id"), ["product_id"], unique=False)

    op.create_table(
        "green_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Enum("gec", "i_rec", name="scheme", native_enum=False, length=20), nullable=False),
        sa.Column("project_code", sa.String(length=40), nullable=False),
        sa.Column("first_number", sa.String(length=15), nullable=False),
        sa.Column("last_number", sa.String(length=15), nullable=False),
        sa.Column("mwh", sa.Integer(), nullable=False),
        sa.Column(
            "technology",
            sa.Enum("wind", "solar_pv", "hydro", "nuclear", "biomass", name="technology", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("generation_month", sa.Date(), nullable=False),
        sa.Column("is_tradable", sa.Boolean(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum("issued", "held", "cancelled", "sold", name="certificatestatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancellation_proof", sa.String(length=500), nullable=True),
        sa.Column("sold_because", sa.String(length=500), nullable=True),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("mwh >= 1", name=op.f("ck_green_certificate_ck_green_certificate_mwh")),
        sa.ForeignKeyConstraint(["claim_id"], ["supply_claim.id"], name=op.f("fk_green_certificate_claim_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["power_contract.id"], name=op.f("fk_green_certificate_contract_id")),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name=op.f("fk_green_certificate_plant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_green_certificate")),
        sa.UniqueConstraint("project_code", "first_number", name=op.f("uq_green_certificate_project_code_first_number")),
    )
    with op.batch_alter_table("green_certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_green_certificate_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_green_certificate_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_green_certificate_plant_id"), ["plant_id"], unique=False)

    op.execute(
        sa.text(
            """
            INSERT INTO supply_claim (
                id, plant_id, period_start, period_end, purpose, instrument, technology, taken_over_share, evidence, status,
                proposed_by, proposed_at, decided_by, decided_at, is_sample, version
            )
            SELECT id, plant_id, period_start, period_end, 'site', instrument, technology, share, evidence, 'approved',
                recorded_by, recorded_at, recorded_by, recorded_at, is_sample, 1
            FROM plant_supply
            """
        )
    )
    with op.batch_alter_table("plant_supply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plant_supply_plant_id"))

    op.drop_table("plant_supply")


def downgrade() -> None:
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

    op.execute(
        sa.text(
            """
            INSERT INTO plant_supply (
                id, plant_id, period_start, period_end, instrument, technology, share, evidence, recorded_by, recorded_at, is_sample
            )
            SELECT id, plant_id, period_start, period_end, instrument, technology, taken_over_share, evidence, proposed_by,
                proposed_at, is_sample
            FROM supply_claim WHERE taken_over_share IS NOT NULL
            """
        )
    )

    with op.batch_alter_table("green_certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_green_certificate_plant_id"))
        batch_op.drop_index(batch_op.f("ix_green_certificate_contract_id"))
        batch_op.drop_index(batch_op.f("ix_green_certificate_claim_id"))

    op.drop_table("green_certificate")
    with op.batch_alter_table("supply_claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supply_claim_product_id"))
        batch_op.drop_index(batch_op.f("ix_supply_claim_plant_id"))
        batch_op.drop_index(batch_op.f("ix_supply_claim_contract_id"))

    op.drop_table("supply_claim")
    with op.batch_alter_table("retrofit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retrofit_building_id"))

    op.drop_table("retrofit")
    with op.batch_alter_table("recycled_receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recycled_receipt_source_id"))

    op.drop_table("recycled_receipt")
    with op.batch_alter_table("recycled_claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recycled_claim_status"))
        batch_op.drop_index(batch_op.f("ix_recycled_claim_source_id"))
        batch_op.drop_index(batch_op.f("ix_recycled_claim_product_id"))

    op.drop_table("recycled_claim")
    with op.batch_alter_table("metered_power", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_metered_power_contract_id"))

    op.drop_table("metered_power")
    with op.batch_alter_table("inventory_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inventory_finding_inventory_id"))

    op.drop_table("inventory_finding")
    with op.batch_alter_table("funding_year", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_funding_year_funding_item_id"))

    op.drop_table("funding_year")
    op.drop_table("design_decision")
    with op.batch_alter_table("transport_leg", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transport_leg_vehicle_id"))
        batch_op.drop_index(batch_op.f("ix_transport_leg_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_transport_leg_product_id"))
        batch_op.drop_index(batch_op.f("ix_transport_leg_plant_id"))
        batch_op.drop_index(batch_op.f("ix_transport_leg_month"))

    op.drop_table("transport_leg")
    with op.batch_alter_table("rule_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rule_finding_footprint_id"))

    op.drop_table("rule_finding")
    with op.batch_alter_table("redemption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_redemption_reward_id"))
        batch_op.drop_index(batch_op.f("ix_redemption_account_id"))

    op.drop_table("redemption")
    with op.batch_alter_table("recycled_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recycled_source_supplier_id"))

    op.drop_table("recycled_source")
    with op.batch_alter_table("power_contract", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_power_contract_source_id"))
        batch_op.drop_index(batch_op.f("ix_power_contract_plant_id"))

    op.drop_table("power_contract")
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_action_unit_id"))
        batch_op.drop_index(batch_op.f("ix_plan_action_person_id"))
        batch_op.drop_index(batch_op.f("ix_plan_action_measure_id"))
        batch_op.drop_index(batch_op.f("ix_plan_action_item"))
        batch_op.drop_index(batch_op.f("ix_plan_action_due"))

    op.drop_table("plan_action")
    with op.batch_alter_table("measure_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_version_measure_id"))

    op.drop_table("measure_version")
    with op.batch_alter_table("kpi", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kpi_contract_id"))

    op.drop_table("kpi")
    with op.batch_alter_table("investment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_investment_plant_id"))
        batch_op.drop_index(batch_op.f("ix_investment_measure_id"))

    op.drop_table("investment")
    with op.batch_alter_table("funding_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_funding_item_measure_id"))

    op.drop_table("funding_item")
    with op.batch_alter_table("design_comparison", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_design_comparison_record_id"))
        batch_op.drop_index(batch_op.f("ix_design_comparison_product_id"))

    op.drop_table("design_comparison")
    with op.batch_alter_table("claim_proof", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_proof_claim_id"))

    op.drop_table("claim_proof")
    with op.batch_alter_table("building", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_building_plant_id"))

    op.drop_table("building")
    with op.batch_alter_table("behaviour_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_behaviour_entry_day"))
        batch_op.drop_index(batch_op.f("ix_behaviour_entry_behaviour_id"))
        batch_op.drop_index(batch_op.f("ix_behaviour_entry_account_id"))

    op.drop_table("behaviour_entry")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_contract_id"))

    op.drop_table("assessment")
    with op.batch_alter_table("activity_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_file_entry_id"))

    op.drop_table("activity_file")
    with op.batch_alter_table("activity_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_entry_source_id"))
        batch_op.drop_index(batch_op.f("ix_activity_entry_month"))
        batch_op.drop_index(
            "ix_activity_entry_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.drop_table("activity_entry")
    with op.batch_alter_table("technology_project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_technology_project_product_id"))

    op.drop_table("technology_project")
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_responsibility_unit_id"))
        batch_op.drop_index(batch_op.f("ix_responsibility_person_id"))
        batch_op.drop_index(batch_op.f("ix_responsibility_item"))
        batch_op.drop_index(batch_op.f("ix_responsibility_deputy_id"))

    op.drop_table("responsibility")
    with op.batch_alter_table("quality_limit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quality_limit_product_id"))

    op.drop_table("quality_limit")
    with op.batch_alter_table("public_claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_claim_status"))
        batch_op.drop_index(batch_op.f("ix_public_claim_owner_id"))

    op.drop_table("public_claim")
    with op.batch_alter_table("project_approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_approval_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_approval_assessment_id"))

    op.drop_table("project_approval")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_owner_unit_id"))
        batch_op.drop_index(batch_op.f("ix_measure_owner_id"))

    op.drop_table("measure")
    with op.batch_alter_table("material_flow", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_flow_account_id"))

    op.drop_table("material_flow")
    with op.batch_alter_table("kpi_contract", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kpi_contract_unit_id"))
        batch_op.drop_index(batch_op.f("ix_kpi_contract_plant_id"))
        batch_op.drop_index(batch_op.f("ix_kpi_contract_head_id"))

    op.drop_table("kpi_contract")
    with op.batch_alter_table("emission_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_emission_source_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_emission_source_plant_id"))
        batch_op.drop_index(batch_op.f("ix_emission_source_meter_id"))

    op.drop_table("emission_source")
    with op.batch_alter_table("committee_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_committee_member_user_id"))
        batch_op.drop_index(batch_op.f("ix_committee_member_unit_id"))

    op.drop_table("committee_member")
    with op.batch_alter_table("carbon_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carbon_account_unit_id"))

    op.drop_table("carbon_account")
    with op.batch_alter_table("activity_plan", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_activity_plan_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_activity_plan_product_id"))

    op.drop_table("activity_plan")
    with op.batch_alter_table("unit_board_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_board_line_unit_id"))

    op.drop_table("unit_board_line")
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_unit_id"))

    op.drop_table("training")
    with op.batch_alter_table("project_document_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_document_file_document_id"))

    op.drop_table("project_document_file")
    with op.batch_alter_table("project_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_document_project_id"))

    op.drop_table("project_document")
    with op.batch_alter_table("project_assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_assessment_project_id"))

    op.drop_table("project_assessment")
    with op.batch_alter_table("points_posting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_points_posting_transaction_id"))
        batch_op.drop_index(batch_op.f("ix_points_posting_holder_id"))
        batch_op.drop_index(batch_op.f("ix_points_posting_account"))

    op.drop_table("points_posting")
    with op.batch_alter_table("meter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meter_plant_id"))
        batch_op.drop_index(batch_op.f("ix_meter_parent_id"))

    op.drop_table("meter")
    with op.batch_alter_table("material_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_account_plant_id"))

    op.drop_table("material_account")
    with op.batch_alter_table("inventory_restatement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inventory_restatement_year"))

    op.drop_table("inventory_restatement")
    with op.batch_alter_table("hub_operation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hub_operation_plant_id"))

    op.drop_table("hub_operation")
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_behaviour_id"))

    op.drop_table("challenge")
    op.drop_table("carbon_asset_use")
    op.drop_table("transport_vehicle")
    op.drop_table("target_settlement")
    with op.batch_alter_table("target_definition", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_target_definition_in_force",
            sqlite_where=sa.text("status = 'in_force'"),
            postgresql_where=sa.text("status = 'in_force'"),
        )
        batch_op.drop_index(batch_op.f("ix_target_definition_key"))

    op.drop_table("target_definition")
    op.drop_table("stakeholder_contact")
    op.drop_table("reward")
    with op.batch_alter_table("residual_plan", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_residual_plan_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )

    op.drop_table("residual_plan")
    op.drop_table("released_figure")
    with op.batch_alter_table("public_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_post_status"))

    op.drop_table("public_post")
    with op.batch_alter_table("project_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_proposal_status"))

    op.drop_table("project_proposal")
    op.drop_table("points_transaction")
    op.drop_table("plan_run")
    op.drop_table("peer_figure")
    with op.batch_alter_table("output_value", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_output_value_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )

    op.drop_table("output_value")
    op.drop_table("org_unit")
    op.drop_table("office_figure")
    op.drop_table("monitoring_plan")
    op.drop_table("inventory_snapshot")
    op.drop_table("gate_rule_version")
    with op.batch_alter_table("forecast_path", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_forecast_path_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )

    op.drop_table("forecast_path")
    op.drop_table("consumption_weight")
    op.drop_table("company_inventory")
    op.drop_table("committee_decision")
    with op.batch_alter_table("closed_year", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closed_year_year"))

    op.drop_table("closed_year")
    op.drop_table("carbon_price_ladder")
    with op.batch_alter_table("carbon_asset", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_carbon_asset_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )

    op.drop_table("carbon_asset")
    op.drop_table("behaviour")
    with op.batch_alter_table("attached_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attached_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_attached_file_scan"))

    op.drop_table("attached_file")
    with op.batch_alter_table("accounting_method", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounting_method_status"))

    op.drop_table("accounting_method")
