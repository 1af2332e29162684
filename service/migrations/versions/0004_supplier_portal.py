"""Supplier portal."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("may_hand_in", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_api_key_organisation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_api_key_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_key_token_hash")),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_key_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_key_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_key_user_id"), ["user_id"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("depth", sa.Enum("first", "full", name="depth", native_enum=False, length=20), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Enum("daily", "weekly", "off", name="digestrhythm", native_enum=False, length=20), nullable=False),
        sa.Column("notice_zh", sa.String(length=5000), nullable=False),
        sa.Column("notice_en", sa.String(length=5000), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status", sa.Enum("draft", "running", "closed", name="campaignstatus", native_enum=False, length=20), nullable=False
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_digest_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_campaign_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_status"), ["status"], unique=False)

    op.create_table(
        "answer_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("metered", "billed", "calculated", "estimated", name="evidencekind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("reliability", sa.Integer(), nullable=False),
        sa.Column("completeness", sa.Integer(), nullable=False),
        sa.Column("temporal", sa.Integer(), nullable=False),
        sa.Column("geographical", sa.Integer(), nullable=False),
        sa.Column("technological", sa.Integer(), nullable=False),
        sa.Column("is_suggested", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_answer_review_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_review")),
        sa.UniqueConstraint("submission_id", "field", name=op.f("uq_answer_review_submission_id_field")),
    )
    with op.batch_alter_table("answer_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_review_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "campaign_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_member_campaign_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_campaign_member_submission_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_campaign_member_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_member")),
        sa.UniqueConstraint("campaign_id", "supplier_id", name=op.f("uq_campaign_member_campaign_id_supplier_id")),
    )
    with op.batch_alter_table("campaign_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_member_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_member_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_member_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("colleague", sa.String(length=100), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("first_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_delegation_organisation_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_delegation_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_delegation_token_hash")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegation_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegation_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "extension_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wanted", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_extension_request_organisation_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_extension_request_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    with op.batch_alter_table("extension_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_request_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_request_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("submitted_by", sa.String(length=80), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_receipt_organisation_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_receipt_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("number", name=op.f("uq_receipt_number")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_receipt_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_reminder_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("submission_id", "step", name=op.f("uq_reminder_submission_id_step")),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "reminder_opt_out",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_reminder_opt_out_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_reminder_opt_out")),
    )
    op.create_table(
        "upstream_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("upstream_submission_id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kg_co2e_per_kg", sa.Float(), nullable=True),
        sa.Column("own_share", sa.Float(), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_upstream_request_organisation_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_upstream_request_submission_id")),
        sa.ForeignKeyConstraint(
            ["upstream_submission_id"], ["submission.id"], name=op.f("fk_upstream_request_upstream_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upstream_request")),
        sa.UniqueConstraint("submission_id", "flow", name=op.f("uq_upstream_request_submission_id_flow")),
        sa.UniqueConstraint("upstream_submission_id", name=op.f("uq_upstream_request_upstream_submission_id")),
    )
    with op.batch_alter_table("upstream_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upstream_request_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "workbook_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=80), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_workbook_upload_organisation_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_workbook_upload_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbook_upload")),
    )
    with op.batch_alter_table("workbook_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workbook_upload_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workbook_upload_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workbook_upload_uploaded_at"), ["uploaded_at"], unique=False)

    op.create_table(
        "evidence_link",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_link_evidence_id")),
        sa.PrimaryKeyConstraint("evidence_id", "field", name=op.f("pk_evidence_link")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "door",
                sa.Enum("web", "excel", "api", name="door", native_enum=False, length=20),
                server_default="web",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("carried_from_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_answer_carried_from_id"), "submission", ["carried_from_id"], ["id"])

    with op.batch_alter_table("earlier_answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_contested", sa.Boolean(), server_default=sa.false(), nullable=False))

    # A file belonged to at most one figure; now it may belong to several.
    op.execute("INSERT INTO evidence_link (evidence_id, field) SELECT id, field FROM evidence WHERE field IS NOT NULL")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("verifier_only", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("shows_place", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(
            sa.Column(
                "scan",
                sa.Enum("unscanned", "clean", "infected", name="scan", native_enum=False, length=20),
                server_default="unscanned",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_evidence_scan"), ["scan"], unique=False)
        batch_op.drop_column("field")

    with op.batch_alter_table("field_comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_supplier", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("is_objection", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("locale", sa.String(length=5), nullable=True))
        batch_op.add_column(sa.Column("mail_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("bounce_reason", sa.String(length=1000), nullable=True))
        batch_op.create_index(batch_op.f("ix_invitation_mail_id"), ["mail_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_invitation_mail_id"), "mail_message", ["mail_id"], ["id"])

    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("delegation_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_login_session_delegation_id"), ["delegation_id"], unique=False)

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
        batch_op.add_column(sa.Column("reviewer", sa.String(length=80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("reviewer")
        batch_op.drop_column("depth")

    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.drop_column("reports_to")

    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_delegation_id"))
        batch_op.drop_column("delegation_id")

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_invitation_mail_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_invitation_mail_id"))
        batch_op.drop_column("bounce_reason")
        batch_op.drop_column("mail_id")
        batch_op.drop_column("locale")

    with op.batch_alter_table("field_comment", schema=None) as batch_op:
        batch_op.drop_column("is_objection")
        batch_op.drop_column("from_supplier")

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("field", sa.VARCHAR(length=60), nullable=True))
        batch_op.drop_index(batch_op.f("ix_evidence_scan"))
        batch_op.drop_column("scanned_at")
        batch_op.drop_column("scan")
        batch_op.drop_column("shows_place")
        batch_op.drop_column("verifier_only")
        batch_op.drop_column("valid_until")
    op.execute("UPDATE evidence SET field = (SELECT min(field) FROM evidence_link WHERE evidence_id = evidence.id)")

    with op.batch_alter_table("earlier_answer", schema=None) as batch_op:
        batch_op.drop_column("is_contested")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_answer_carried_from_id"), type_="foreignkey")
        batch_op.drop_column("carried_from_id")
        batch_op.drop_column("door")

    op.drop_table("evidence_link")
    with op.batch_alter_table("workbook_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workbook_upload_uploaded_at"))
        batch_op.drop_index(batch_op.f("ix_workbook_upload_submission_id"))
        batch_op.drop_index(batch_op.f("ix_workbook_upload_organisation_id"))

    op.drop_table("workbook_upload")
    with op.batch_alter_table("upstream_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upstream_request_organisation_id"))

    op.drop_table("upstream_request")
    op.drop_table("reminder_opt_out")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_submission_id"))

    op.drop_table("reminder")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receipt_submission_id"))
        batch_op.drop_index(batch_op.f("ix_receipt_organisation_id"))

    op.drop_table("receipt")
    with op.batch_alter_table("extension_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extension_request_submission_id"))
        batch_op.drop_index(batch_op.f("ix_extension_request_organisation_id"))

    op.drop_table("extension_request")
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegation_submission_id"))
        batch_op.drop_index(batch_op.f("ix_delegation_organisation_id"))

    op.drop_table("delegation")
    with op.batch_alter_table("campaign_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_member_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_campaign_member_submission_id"))
        batch_op.drop_index(batch_op.f("ix_campaign_member_campaign_id"))

    op.drop_table("campaign_member")
    with op.batch_alter_table("answer_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_review_submission_id"))

    op.drop_table("answer_review")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_status"))
        batch_op.drop_index(batch_op.f("ix_campaign_owner_id"))

    op.drop_table("campaign")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_key_user_id"))
        batch_op.drop_index(batch_op.f("ix_api_key_submission_id"))
        batch_op.drop_index(batch_op.f("ix_api_key_organisation_id"))

    op.drop_table("api_key")
