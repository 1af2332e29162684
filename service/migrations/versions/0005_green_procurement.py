"""Green procurement."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allocation_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("origin", sa.Enum("database", "workbook", name="runorigin", native_enum=False, length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("is_exact", sa.Boolean(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("question_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("blocking", sa.JSON(), nullable=False),
        sa.Column("relaxed_front", sa.JSON(), nullable=False),
        sa.Column("exact_front", sa.JSON(), nullable=False),
        sa.Column("front_points", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_run")),
        sa.UniqueConstraint("number", name=op.f("uq_allocation_run_number")),
    )
    op.create_table(
        "benchmark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("scoring_year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kg_co2e_per_kg", sa.Float(), nullable=False),
        sa.Column("best_ratio", sa.Float(), nullable=False),
        sa.Column("worst_ratio", sa.Float(), nullable=False),
        sa.Column("p90_kg_co2e_per_kg", sa.Float(), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("frozen_by", sa.String(length=80), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benchmark")),
        sa.UniqueConstraint("flow", "scoring_year", "revision", name=op.f("uq_benchmark_flow_scoring_year_revision")),
    )
    with op.batch_alter_table("benchmark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_benchmark_flow"), ["flow"], unique=False)

    op.create_table(
        "demand",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("demand_t", sa.Float(), nullable=False),
        sa.Column("min_suppliers", sa.Integer(), nullable=False),
        sa.Column("max_suppliers", sa.Integer(), nullable=True),
        sa.Column("max_defect_share", sa.Float(), nullable=True),
        sa.Column("min_green_score", sa.Float(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
        sa.UniqueConstraint("flow", "year", name=op.f("uq_demand_flow_year")),
    )
    with op.batch_alter_table("demand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_flow"), ["flow"], unique=False)

    op.create_table(
        "method_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=30), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column(
            "status", sa.Enum("draft", "proposed", "released", name="methodstatus", native_enum=False, length=20), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("notes", sa.String(length=2000), nullable=False),
        sa.Column("edited_by", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(length=80), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_version")),
        sa.UniqueConstraint("label", name=op.f("uq_method_version_label")),
    )
    with op.batch_alter_table("method_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_method_version_status"), ["status"], unique=False)

    op.create_table(
        "self_assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=4), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("is_met", sa.Boolean(), nullable=True),
        sa.Column("evidence", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assessed_by", sa.String(length=80), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_assessment")),
        sa.UniqueConstraint("item", "year", name=op.f("uq_self_assessment_item_year")),
    )
    op.create_table(
        "award_memo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("allocation_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation_run.id"], name=op.f("fk_award_memo_allocation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_memo")),
        sa.UniqueConstraint("number", name=op.f("uq_award_memo_number")),
    )
    with op.batch_alter_table("award_memo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_memo_allocation_id"), ["allocation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_memo_flow"), ["flow"], unique=False)

    op.create_table(
        "rank_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("method_id", sa.Uuid(), nullable=False),
        sa.Column("ranks", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("calculated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["method_id"], ["method_version.id"], name=op.f("fk_rank_run_method_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_run")),
        sa.UniqueConstraint("flow", "basis", name=op.f("uq_rank_run_flow_basis")),
    )
    with op.batch_alter_table("rank_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rank_run_flow"), ["flow"], unique=False)

    op.create_table(
        "footprint_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("limit_kg_co2e_per_kg", sa.Float(), nullable=False),
        sa.Column("electricity_view", sa.String(length=30), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["organisation.id"], name=op.f("fk_footprint_limit_customer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_footprint_limit_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footprint_limit")),
    )
    with op.batch_alter_table("footprint_limit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_footprint_limit_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_footprint_limit_product_id"), ["product_id"], unique=False)

    op.create_table(
        "swap_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("with_halves", sa.Boolean(), nullable=False),
        sa.Column("is_exact", sa.Boolean(), nullable=False),
        sa.Column("model_version", sa.String(length=120), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("front", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_swap_run_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_run")),
    )
    with op.batch_alter_table("swap_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swap_run_product_id"), ["product_id"], unique=False)

    op.create_table(
        "compliance_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.Enum("environment", "conduct", name="recordarea", native_enum=False, length=20), nullable=False),
        sa.Column(
            "violation",
            sa.Enum(
                "warning",
                "fine_small",
                "fine_large",
                "production_stopped",
                "yellow_credit",
                name="violation",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("description", sa.String(length=1000), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("remedied_on", sa.Date(), nullable=True),
        sa.Column("remedy", sa.String(length=1000), nullable=True),
        sa.Column("remedy_recorded_by", sa.String(length=80), nullable=True),
        sa.Column("remedy_verified_by", sa.String(length=80), nullable=True),
        sa.Column("remedy_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_compliance_record_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_record")),
    )
    with op.batch_alter_table("compliance_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_compliance_record_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=4), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column(
            "proof", sa.Enum("claim", "document", "metered", "verified", name="proof", native_enum=False, length=20), nullable=False
        ),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_declaration_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "held_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "iso_14001",
                "iso_50001",
                "iso_14064_1",
                "iso_45001",
                "iso_9001",
                "pcf_verification",
                name="certificatekind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("covers_site", sa.Boolean(), nullable=False),
        sa.Column("is_contract_only", sa.Boolean(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column(
            "proof", sa.Enum("claim", "document", "metered", "verified", name="proof", native_enum=False, length=20), nullable=False
        ),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.Column("noticed_days", sa.Integer(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_held_certificate_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_certificate")),
    )
    with op.batch_alter_table("held_certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_certificate_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "not_applicable",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=4), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_not_applicable_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_applicable")),
    )
    with op.batch_alter_table("not_applicable", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_not_applicable_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("price_cny_per_t", sa.Float(), nullable=False),
        sa.Column("priced_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("capacity_t", sa.Float(), nullable=False),
        sa.Column("moq_t", sa.Float(), nullable=False),
        sa.Column("fixed_cost_cny", sa.Float(), nullable=False),
        sa.Column("max_share", sa.Float(), nullable=False),
        sa.Column("defect_share", sa.Float(), nullable=False),
        sa.Column("is_qualified", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_offer_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("supplier_id", "flow", "priced_on", name=op.f("uq_offer_supplier_id_flow_priced_on")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_flow"), ["flow"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "record_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.Enum("environment", "conduct", name="recordarea", native_enum=False, length=20), nullable=False),
        sa.Column("searched_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("searched_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_record_search_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_search")),
    )
    with op.batch_alter_table("record_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_search_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("method_id", sa.Uuid(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("dimensions", sa.JSON(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.Column("grade", sa.String(length=2), nullable=False),
        sa.Column("grade_by_points", sa.String(length=2), nullable=True),
        sa.Column("is_grade_held", sa.Boolean(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("grade_reasons", sa.JSON(), nullable=False),
        sa.Column("robustness", sa.JSON(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("frozen_quarter", sa.String(length=7), nullable=True),
        sa.Column("calculated_by", sa.String(length=80), nullable=False),
        sa.Column("calculated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["method_id"], ["method_version.id"], name=op.f("fk_score_method_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["score.id"], name=op.f("fk_score_previous_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_score_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
    )
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_calculated_at"), ["calculated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_flow"), ["flow"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "sole_source_waiver",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_sole_source_waiver_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sole_source_waiver")),
    )
    with op.batch_alter_table("sole_source_waiver", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sole_source_waiver_flow"), ["flow"], unique=False)
        batch_op.create_index(batch_op.f("ix_sole_source_waiver_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "veto",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "credit",
                "accident",
                "permit",
                "falsification",
                "forced_labour",
                "hazardous_waste",
                "banned_substance",
                "sanctions",
                name="vetokind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("raised_by", sa.String(length=80), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_by", sa.String(length=80), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_evidence", sa.String(length=1000), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_veto_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_veto")),
    )
    with op.batch_alter_table("veto", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_veto_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("score_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=4), nullable=True),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column(
            "status", sa.Enum("filed", "upheld", "rejected", name="appealstatus", native_enum=False, length=20), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("filed_by", sa.String(length=80), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=2000), nullable=True),
        sa.Column("rescored_id", sa.Uuid(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_appeal_organisation_id")),
        sa.ForeignKeyConstraint(["rescored_id"], ["score.id"], name=op.f("fk_appeal_rescored_id")),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"], name=op.f("fk_appeal_score_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_appeal_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("score_id", "indicator", name=op.f("uq_appeal_score_id_indicator")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_score_id"), ["score_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_supplier_id"), ["supplier_id"], unique=False)
        batch_op.create_index(
            "uq_appeal_whole_score",
            ["score_id"],
            unique=True,
            sqlite_where=sa.text("indicator IS NULL"),
            postgresql_where=sa.text("indicator IS NULL"),
        )

    op.create_table(
        "corrective_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("score_id", sa.Uuid(), nullable=True),
        sa.Column("indicator", sa.String(length=4), nullable=True),
        sa.Column("finding", sa.String(length=1000), nullable=False),
        sa.Column("wanted", sa.String(length=1000), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "done", "closed", "cancelled", name="actionstatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=1000), nullable=True),
        sa.Column("done_by", sa.String(length=80), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_note", sa.String(length=1000), nullable=True),
        sa.Column("rescored_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_corrective_action_organisation_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_corrective_action_owner_id")),
        sa.ForeignKeyConstraint(["rescored_id"], ["score.id"], name=op.f("fk_corrective_action_rescored_id")),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"], name=op.f("fk_corrective_action_score_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_corrective_action_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_action")),
        sa.UniqueConstraint("number", name=op.f("uq_corrective_action_number")),
    )
    with op.batch_alter_table("corrective_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_corrective_action_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_corrective_action_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_corrective_action_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_corrective_action_supplier_id"), ["supplier_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("corrective_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_corrective_action_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_corrective_action_status"))
        batch_op.drop_index(batch_op.f("ix_corrective_action_owner_id"))
        batch_op.drop_index(batch_op.f("ix_corrective_action_organisation_id"))

    op.drop_table("corrective_action")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appeal_whole_score", sqlite_where=sa.text("indicator IS NULL"), postgresql_where=sa.text("indicator IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_appeal_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_appeal_status"))
        batch_op.drop_index(batch_op.f("ix_appeal_score_id"))
        batch_op.drop_index(batch_op.f("ix_appeal_organisation_id"))

    op.drop_table("appeal")
    with op.batch_alter_table("veto", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_veto_supplier_id"))

    op.drop_table("veto")
    with op.batch_alter_table("sole_source_waiver", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sole_source_waiver_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_sole_source_waiver_flow"))

    op.drop_table("sole_source_waiver")
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_score_flow"))
        batch_op.drop_index(batch_op.f("ix_score_calculated_at"))

    op.drop_table("score")
    with op.batch_alter_table("record_search", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_search_supplier_id"))

    op.drop_table("record_search")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_offer_flow"))

    op.drop_table("offer")
    with op.batch_alter_table("not_applicable", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_not_applicable_supplier_id"))

    op.drop_table("not_applicable")
    with op.batch_alter_table("held_certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_certificate_supplier_id"))

    op.drop_table("held_certificate")
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_supplier_id"))

    op.drop_table("declaration")
    with op.batch_alter_table("compliance_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_compliance_record_supplier_id"))

    op.drop_table("compliance_record")
    with op.batch_alter_table("swap_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_swap_run_product_id"))

    op.drop_table("swap_run")
    with op.batch_alter_table("footprint_limit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_footprint_limit_product_id"))
        batch_op.drop_index(batch_op.f("ix_footprint_limit_customer_id"))

    op.drop_table("footprint_limit")
    with op.batch_alter_table("rank_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rank_run_flow"))

    op.drop_table("rank_run")
    with op.batch_alter_table("award_memo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_memo_flow"))
        batch_op.drop_index(batch_op.f("ix_award_memo_allocation_id"))

    op.drop_table("award_memo")
    op.drop_table("self_assessment")
    with op.batch_alter_table("method_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_method_version_status"))

    op.drop_table("method_version")
    with op.batch_alter_table("demand", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_demand_flow"))

    op.drop_table("demand")
    with op.batch_alter_table("benchmark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_benchmark_flow"))

    op.drop_table("benchmark")
    op.drop_table("allocation_run")
