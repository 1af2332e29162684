"""Certificates and exchange."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("checkpoints", sa.Integer(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_check")),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root_hash", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoint")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("right_edge", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "system_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_system_token_token_hash")),
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("secret", sa.String(length=600), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "answer_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("workbook", sa.LargeBinary(), nullable=False),
        sa.Column("workbook_sha256", sa.String(length=64), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.String(length=80), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["organisation.id"], name=op.f("fk_answer_sheet_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_sheet")),
    )
    with op.batch_alter_table("answer_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_sheet_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "audit_leaf",
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.Column("subtrees", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_audit_leaf_event_id")),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_audit_leaf")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_leaf_event_id")),
    )
    op.create_table(
        "certificate_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["organisation.id"], name=op.f("fk_certificate_batch_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batch")),
    )
    with op.batch_alter_table("certificate_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_batch_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "verification_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("status", sa.Enum("open", "stated", "closed", name="casestatus", native_enum=False, length=20), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_verification_case_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_case")),
        sa.UniqueConstraint("number", name=op.f("uq_verification_case_number")),
    )
    with op.batch_alter_table("verification_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verification_case_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_verification_case_status"), ["status"], unique=False)

    op.create_table(
        "webhook_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column(
            "state", sa.Enum("waiting", "delivered", "dead", name="messagestate", native_enum=False, length=20), nullable=False
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_message_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_message")),
    )
    with op.batch_alter_table("webhook_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_message_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_webhook_message_webhook_id"), ["webhook_id"], unique=False)

    op.create_table(
        "case_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reply_to", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("is_from_verifier", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["verification_case.id"], name=op.f("fk_case_comment_case_id")),
        sa.ForeignKeyConstraint(["reply_to"], ["case_comment.id"], name=op.f("fk_case_comment_reply_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_comment")),
    )
    with op.batch_alter_table("case_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_comment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_comment_reply_to"), ["reply_to"], unique=False)

    op.create_table(
        "customer_part_number",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("part_no", sa.String(length=80), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["organisation.id"], name=op.f("fk_customer_part_number_customer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_customer_part_number_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_part_number")),
        sa.UniqueConstraint("product_id", "customer_id", name=op.f("uq_customer_part_number_product_id_customer_id")),
    )
    with op.batch_alter_table("customer_part_number", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_part_number_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_part_number_product_id"), ["product_id"], unique=False)

    op.create_table(
        "evidence_pack",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Enum("waiting", "done", "failed", name="packstatus", native_enum=False, length=20), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["verification_case.id"], name=op.f("fk_evidence_pack_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_pack")),
    )
    with op.batch_alter_table("evidence_pack", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_pack_case_id"), ["case_id"], unique=False)

    op.create_table(
        "verification_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("body_name", sa.String(length=200), nullable=False),
        sa.Column("accreditation", sa.String(length=200), nullable=True),
        sa.Column(
            "coverage", sa.Enum("model", "program", "product", name="coverage", native_enum=False, length=20), nullable=False
        ),
        sa.Column("level", sa.Enum("limited", "reasonable", name="assurancelevel", native_enum=False, length=20), nullable=False),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("criteria", sa.String(length=500), nullable=False),
        sa.Column("materiality_percent", sa.Float(), nullable=True),
        sa.Column(
            "conclusion",
            sa.Enum("positive", "qualified", "adverse", name="conclusion", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("statement_zh", sa.String(length=4000), nullable=True),
        sa.Column("statement_en", sa.String(length=4000), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("record_ids", sa.JSON(), nullable=False),
        sa.Column("stated_by", sa.String(length=80), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["verification_case.id"], name=op.f("fk_verification_statement_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_statement")),
        sa.UniqueConstraint("case_id", name=op.f("uq_verification_statement_case_id")),
    )
    op.create_table(
        "case_footprint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["verification_case.id"], name=op.f("fk_case_footprint_case_id")),
        sa.ForeignKeyConstraint(["record_id"], ["footprint_record.id"], name=op.f("fk_case_footprint_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_footprint")),
        sa.UniqueConstraint("case_id", "record_id", name=op.f("uq_case_footprint_case_id_record_id")),
    )
    with op.batch_alter_table("case_footprint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_footprint_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_footprint_record_id"), ["record_id"], unique=False)

    op.create_table(
        "partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("base_url", sa.String(length=300), nullable=False),
        sa.Column("auth_base_url", sa.String(length=300), nullable=True),
        sa.Column("client_id", sa.String(length=120), nullable=False),
        sa.Column("secret_hash", sa.String(length=200), nullable=False),
        sa.Column("callback_client_id", sa.String(length=120), nullable=True),
        sa.Column("callback_secret", sa.String(length=600), nullable=True),
        sa.Column("shares_all", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_partner_organisation_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_partner_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("client_id", name=op.f("uq_partner_client_id")),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_partner_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "product_footprint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Enum("Active", "Deprecated", name="declaredstatus", native_enum=False, length=20), nullable=False),
        sa.Column("preceding_ids", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.String(length=80), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deprecated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deprecated_by", sa.String(length=80), nullable=True),
        sa.Column("deprecated_reason", sa.String(length=500), nullable=True),
        sa.Column("statement_id", sa.Uuid(), nullable=True),
        sa.Column("statement", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_footprint_product_id")),
        sa.ForeignKeyConstraint(["record_id"], ["footprint_record.id"], name=op.f("fk_product_footprint_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_footprint")),
    )
    with op.batch_alter_table("product_footprint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_footprint_declared_at"), ["declared_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_footprint_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_footprint_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_footprint_statement_id"), ["statement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_footprint_status"), ["status"], unique=False)
        batch_op.create_index(
            "uq_product_footprint_active",
            ["product_id", "period_start", "period_end"],
            unique=True,
            sqlite_where=sa.text("status = 'Active'"),
            postgresql_where=sa.text("status = 'Active'"),
        )

    op.create_table(
        "exchange_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("granted_by", sa.String(length=80), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_exchange_grant_partner_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_exchange_grant_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_grant")),
        sa.UniqueConstraint("partner_id", "product_id", name=op.f("uq_exchange_grant_partner_id_product_id")),
    )
    with op.batch_alter_table("exchange_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_grant_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exchange_grant_product_id"), ["product_id"], unique=False)

    op.create_table(
        "footprint_alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("footprint_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("changed", "ending", "ended", name="alertkind", native_enum=False, length=20), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("closed_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["footprint_id"], ["product_footprint.id"], name=op.f("fk_footprint_alert_footprint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footprint_alert")),
        sa.UniqueConstraint("footprint_id", "kind", "reason", name=op.f("uq_footprint_alert_footprint_id_kind_reason")),
    )
    with op.batch_alter_table("footprint_alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_footprint_alert_footprint_id"), ["footprint_id"], unique=False)

    op.create_table(
        "footprint_identifier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("footprint_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("product", "company", "classification", "geography", name="identifierkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["footprint_id"], ["product_footprint.id"], name=op.f("fk_footprint_identifier_footprint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footprint_identifier")),
        sa.UniqueConstraint("footprint_id", "kind", "value", name=op.f("uq_footprint_identifier_footprint_id_kind_value")),
    )
    with op.batch_alter_table("footprint_identifier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_footprint_identifier_footprint_id"), ["footprint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_footprint_identifier_value"), ["value"], unique=False)

    op.create_table(
        "incoming_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "fulfilled", "rejected", "withdrawn", name="requeststate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_incoming_request_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_request")),
        sa.UniqueConstraint("partner_id", "event_id", name=op.f("uq_incoming_request_partner_id_event_id")),
    )
    with op.batch_alter_table("incoming_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_request_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_request_state"), ["state"], unique=False)

    op.create_table(
        "outgoing_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column(
            "state", sa.Enum("waiting", "delivered", "dead", name="deliverystate", native_enum=False, length=20), nullable=False
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_outgoing_event_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_event")),
    )
    with op.batch_alter_table("outgoing_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_event_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outgoing_event_state"), ["state"], unique=False)

    op.create_table(
        "outgoing_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=True),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=True),
        sa.Column("sends_event", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "fulfilled", "rejected", "withdrawn", name="requeststate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_outgoing_request_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_request")),
    )
    with op.batch_alter_table("outgoing_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_request_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outgoing_request_state"), ["state"], unique=False)

    op.create_table(
        "received_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_received_event_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_event")),
        sa.UniqueConstraint("partner_id", "source", "event_id", name=op.f("uq_received_event_partner_id_source_event_id")),
    )
    with op.batch_alter_table("received_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_received_event_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "received_footprint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("footprint_id", sa.Uuid(), nullable=False),
        sa.Column("original", sa.JSON(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("is_converted", sa.Boolean(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("received", "offered", "set_aside", "replaced", name="receivedstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("flow", sa.String(length=60), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("brought_by", sa.String(length=80), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_received_footprint_partner_id")),
        sa.ForeignKeyConstraint(["request_id"], ["outgoing_request.id"], name=op.f("fk_received_footprint_request_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_received_footprint_submission_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_received_footprint_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_footprint")),
        sa.UniqueConstraint("partner_id", "footprint_id", name=op.f("uq_received_footprint_partner_id_footprint_id")),
    )
    with op.batch_alter_table("received_footprint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_received_footprint_footprint_id"), ["footprint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_received_footprint_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_received_footprint_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_received_footprint_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_received_footprint_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "share_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("downloads", sa.Integer(), nullable=False),
        sa.Column("last_download_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_share_link_certificate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_link_token_hash")),
    )
    with op.batch_alter_table("share_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_share_link_certificate_id"), ["certificate_id"], unique=False)

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("product_footprint_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("batch_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("evidence", sa.JSON(), nullable=True))
        batch_op.create_index(batch_op.f("ix_certificate_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_product_footprint_id"), ["product_footprint_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_certificate_batch_id"), "certificate_batch", ["batch_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_product_footprint_id"), "product_footprint", ["product_footprint_id"], ["id"]
        )

    with op.batch_alter_table("plant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bpns", sa.String(length=16), nullable=True))

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("classifications", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("description_zh", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("description_en", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("quality", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_column("quality")
        batch_op.drop_column("description_en")
        batch_op.drop_column("description_zh")
        batch_op.drop_column("classifications")

    with op.batch_alter_table("plant", schema=None) as batch_op:
        batch_op.drop_column("bpns")

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_certificate_product_footprint_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_certificate_batch_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_certificate_product_footprint_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_batch_id"))
        batch_op.drop_column("evidence")
        batch_op.drop_column("batch_id")
        batch_op.drop_column("product_footprint_id")

    with op.batch_alter_table("share_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_share_link_certificate_id"))

    op.drop_table("share_link")
    with op.batch_alter_table("received_footprint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_received_footprint_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_received_footprint_submission_id"))
        batch_op.drop_index(batch_op.f("ix_received_footprint_state"))
        batch_op.drop_index(batch_op.f("ix_received_footprint_partner_id"))
        batch_op.drop_index(batch_op.f("ix_received_footprint_footprint_id"))

    op.drop_table("received_footprint")
    with op.batch_alter_table("received_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_received_event_partner_id"))

    op.drop_table("received_event")
    with op.batch_alter_table("outgoing_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_request_state"))
        batch_op.drop_index(batch_op.f("ix_outgoing_request_partner_id"))

    op.drop_table("outgoing_request")
    with op.batch_alter_table("outgoing_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_event_state"))
        batch_op.drop_index(batch_op.f("ix_outgoing_event_partner_id"))

    op.drop_table("outgoing_event")
    with op.batch_alter_table("incoming_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incoming_request_state"))
        batch_op.drop_index(batch_op.f("ix_incoming_request_partner_id"))

    op.drop_table("incoming_request")
    with op.batch_alter_table("footprint_identifier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_footprint_identifier_value"))
        batch_op.drop_index(batch_op.f("ix_footprint_identifier_footprint_id"))

    op.drop_table("footprint_identifier")
    with op.batch_alter_table("footprint_alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_footprint_alert_footprint_id"))

    op.drop_table("footprint_alert")
    with op.batch_alter_table("exchange_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_grant_product_id"))
        batch_op.drop_index(batch_op.f("ix_exchange_grant_partner_id"))

    op.drop_table("exchange_grant")
    with op.batch_alter_table("product_footprint", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_product_footprint_active", sqlite_where=sa.text("status = 'Active'"), postgresql_where=sa.text("status = 'Active'")
        )
        batch_op.drop_index(batch_op.f("ix_product_footprint_status"))
        batch_op.drop_index(batch_op.f("ix_product_footprint_statement_id"))
        batch_op.drop_index(batch_op.f("ix_product_footprint_record_id"))
        batch_op.drop_index(batch_op.f("ix_product_footprint_product_id"))
        batch_op.drop_index(batch_op.f("ix_product_footprint_declared_at"))

    op.drop_table("product_footprint")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_partner_organisation_id"))

    op.drop_table("partner")
    with op.batch_alter_table("case_footprint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_footprint_record_id"))
        batch_op.drop_index(batch_op.f("ix_case_footprint_case_id"))

    op.drop_table("case_footprint")
    op.drop_table("verification_statement")
    with op.batch_alter_table("evidence_pack", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_pack_case_id"))

    op.drop_table("evidence_pack")
    with op.batch_alter_table("customer_part_number", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_part_number_product_id"))
        batch_op.drop_index(batch_op.f("ix_customer_part_number_customer_id"))

    op.drop_table("customer_part_number")
    with op.batch_alter_table("case_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_comment_reply_to"))
        batch_op.drop_index(batch_op.f("ix_case_comment_case_id"))

    op.drop_table("case_comment")
    with op.batch_alter_table("webhook_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_message_webhook_id"))
        batch_op.drop_index(batch_op.f("ix_webhook_message_state"))

    op.drop_table("webhook_message")
    with op.batch_alter_table("verification_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verification_case_status"))
        batch_op.drop_index(batch_op.f("ix_verification_case_organisation_id"))

    op.drop_table("verification_case")
    with op.batch_alter_table("certificate_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_batch_customer_id"))

    op.drop_table("certificate_batch")
    op.drop_table("audit_leaf")
    with op.batch_alter_table("answer_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_sheet_customer_id"))

    op.drop_table("answer_sheet")
    op.drop_table("webhook")
    op.drop_table("system_token")
    op.drop_table("audit_head")
    op.drop_table("audit_checkpoint")
    op.drop_table("audit_check")
