"""A text that shows itself wherever it is not escaped, evaluated or neutralised, put into every free text of a database."""

from collections.abc import Mapping

from sqlalchemy import String, Table, text
from sqlmodel import Session

from service.migrations.tables import complete_metadata

CANARY = '=HYPERLINK("x")"><script>x</script>{{7*7}}${7*7}'
UNESCAPED = "<script>x"
EVALUATED = "</script>49"

FREE_TEXTS: Mapping[str, tuple[str, ...]] = {
    "organisation": ("name_zh", "name_en", "registration_no"),
    "user": ("name",),
    "api_key": ("name",),
    "submission": ("message",),
    "answer": ("entered", "note"),
    "earlier_answer": ("entered", "note"),
    "finding": ("reason",),
    "field_comment": ("text",),
    "evidence": ("name",),
    "workbook_upload": ("name",),
    "supplier": ("city", "contact_name", "contact_phone"),
    "delegation": ("colleague", "message"),
    "background": ("name", "licence"),
    "background_factor": ("activity_name", "product", "location"),
    "plant": ("name_zh", "name_en", "address_zh", "address_en"),
    "product": ("grade", "name_zh", "name_en", "cas", "description_zh", "description_en"),
    "product_footprint": ("deprecated_reason",),
    "customer_part_number": ("part_no",),
    "footprint_alert": ("closed_reason",),
    "scenario_version": ("name_zh", "name_en", "reasoning"),
    "campaign": ("name", "notice_zh", "notice_en"),
    "certificate": ("customer_part_no", "withdrawn_reason"),
    "exempted_flow": ("name", "reason", "evidence"),
    "invitation": ("bounce_reason",),
    "held_certificate": ("number", "issuer", "evidence", "withdrawn_reason"),
    "compliance_record": ("description", "source", "remedy", "withdrawn_reason"),
    "record_search": ("source", "withdrawn_reason"),
    "veto": ("reason", "evidence", "cleared_evidence"),
    "declaration": ("evidence", "withdrawn_reason"),
    "not_applicable": ("reason",),
    "corrective_action": ("finding", "wanted", "evidence", "closing_note"),
    "appeal": ("words", "decision"),
    "footprint_limit": ("source",),
    "method_version": ("notes",),
    "benchmark": ("source",),
    "sole_source_waiver": ("reason",),
    "allocation_run": ("name",),
    "award_memo": ("title", "reason"),
    "self_assessment": ("evidence",),
    "output_value": ("source", "ended_reason"),
    "activity_plan": ("source", "ended_reason"),
    "forecast_path": ("source", "ended_reason"),
    "target_definition": ("evidence",),
    "carbon_asset": ("registry_name", "serial", "source", "ended_reason"),
    "carbon_asset_use": ("purpose", "proof"),
    "residual_plan": ("source", "ended_reason"),
    "mail_message": ("subject", "body", "last_error"),
    "extension_request": ("reason", "answer"),
    "upstream_request": ("name",),
    "model_version": ("notes",),
    "verification_case": ("title",),
    "case_comment": ("text",),
    "verification_statement": (
        *("body_name", "accreditation", "standard", "criteria", "statement_zh", "statement_en"),
        "withdrawn_reason",
    ),
    "answer_sheet": ("name",),
    "job": ("last_error",),
    "partner": ("base_url", "auth_base_url", "client_id", "callback_client_id"),
    "received_event": ("event_id", "source", "problem"),
    "incoming_request": ("event_id", "comment", "reason"),
    "outgoing_request": ("comment", "reason"),
    "received_footprint": ("reason",),
    "system_token": ("name",),
    "webhook": ("name", "url"),
    "webhook_message": ("problem",),
    "material_flow": ("evidence", "ended_reason"),
    "recycled_source": ("name_zh", "name_en", "certificate_no"),
    "recycled_receipt": ("batch", "evidence", "ended_reason"),
    "recycled_claim": ("evidence", "reason"),
    "accounting_method": ("label", "standard", "edition", "pcr"),
    "rule_finding": ("evidence",),
    "project_proposal": ("title", "class_code", "replacement"),
    "project_document": ("reference",),
    "project_approval": ("reason",),
    "gate_rule_version": ("classes", "source"),
    "org_unit": ("name_zh", "name_en"),
    "committee_member": ("ended_reason",),
    "responsibility": ("ended_reason",),
    "plan_action": ("what", "evidence", "ended_reason"),
    "committee_decision": ("subject", "decision", "minutes", "ended_reason"),
    "training": ("course", "evidence", "ended_reason"),
    "funding_item": ("name", "source", "evidence", "ended_reason"),
    "funding_year": ("evidence", "ended_reason"),
    "kpi": ("name", "unit"),
    "assessment": ("comment", "review"),
    "behaviour": ("name_zh", "name_en", "unit", "source", "ended_reason"),
    "reward": ("name_zh", "name_en", "ended_reason"),
    "challenge": ("name_zh", "name_en", "ended_reason"),
}
"""What people, suppliers' files or other machines write."""

MACHINE_TEXTS: Mapping[str, tuple[str, ...]] = {
    "committee_member": ("place",),
    "responsibility": ("item",),
    "plan_action": ("item", "status"),
    "committee_decision": ("item",),
    "training": ("item",),
    "funding_item": ("kind",),
    "kpi_contract": ("created_by", "unit_signed_by", "committee_signed_by"),
    "kpi": ("indicator",),
    "assessment": ("status", "scorecard_sha256", "assessed_by", "approved_by"),
    "behaviour": ("confidence",),
    "carbon_account": ("pseudonym", "consent_version"),
    "points_transaction": ("kind",),
    "points_posting": ("account",),
    "redemption": ("code",),
    "api_key": ("token_hash",),
    "verification_case": ("number", "status", "opened_by", "closed_by"),
    "case_comment": ("about", "author", "settled_by"),
    "verification_statement": ("coverage", "level", "conclusion", "stated_by", "published_by", "withdrawn_by"),
    "evidence_pack": ("status", "asked_by", "sha256"),
    "share_link": ("token_hash", "created_by"),
    "answer_sheet": ("workbook_sha256", "saved_by"),
    "audit_event": ("actor", "action", "object_type", "object_id"),
    "partner": ("secret_hash", "callback_secret", "created_by"),
    "exchange_grant": ("granted_by",),
    "received_event": ("type",),
    "incoming_request": ("state", "answered_by"),
    "outgoing_request": ("flow", "state", "asked_by"),
    "outgoing_event": ("type", "state"),
    "received_footprint": ("state", "flow", "brought_by"),
    "system_token": ("token_hash", "created_by"),
    "forecast_path": ("kind",),
    "target_definition": ("key", "value", "status", "proposed_by", "decided_by"),
    "target_settlement": ("content_sha256", "status", "drafted_by", "approved_by"),
    "carbon_asset": ("kind",),
    "carbon_asset_use": ("recorded_by",),
    "webhook": ("secret", "created_by"),
    "webhook_message": ("event", "state"),
    "audit_leaf": ("salt", "leaf_hash"),
    "material_account": ("created_by",),
    "material_flow": ("from_node", "to_node", "material", "kind", "basis", "treatment", "created_by"),
    "recycled_source": ("material", "custody", "created_by"),
    "recycled_receipt": ("created_by",),
    "recycled_claim": ("number", "status", "proposed_by", "decided_by"),
    "accounting_method": (
        *("gwp", "electricity", "uptake", "packing_coke_allocation", "fines_allocation", "petroleum_coke", "coal_tar_pitch"),
        *("status", "created_by", "released_by"),
    ),
    "rule_finding": ("rule", "found_by"),
    "project_proposal": ("number", "kind", "process", "province_code", "status", "proposed_by", "changed_by"),
    "project_document": ("kind", "added_by"),
    "project_assessment": ("assessed_by",),
    "project_approval": ("role", "verdict", "decided_by"),
    "gate_rule_version": ("rule", "province_code", "entered_by", "approved_by"),
    "audit_checkpoint": ("root_hash", "note", "key"),
    "footprint_limit": ("electricity_view", "recorded_by", "withdrawn_by"),
    "method_version": ("label", "content_hash", "status", "created_by", "released_by"),
    "benchmark": ("flow", "origin", "frozen_by"),
    "score": ("flow", "category", "inputs_hash", "grade", "grade_by_points", "frozen_quarter", "calculated_by"),
    "rank_run": ("flow", "basis"),
    "offer": ("flow", "recorded_by"),
    "demand": ("flow", "recorded_by"),
    "sole_source_waiver": ("flow", "asked_by", "approved_by", "ended_by"),
    "allocation_run": ("number", "problem", "question_hash", "origin", "started_by"),
    "award_memo": ("number", "flow", "pdf_sha256", "decided_by"),
    "self_assessment": ("item", "assessed_by"),
    "swap_run": ("model_version", "started_by"),
    "background": ("file_format", "manifest_sha256", "imported_by"),
    "background_factor": ("parameter", "activity_unit", "set_by"),
    "campaign": ("depth", "digest", "status", "created_by"),
    "reminder": ("step",),
    "certificate": (
        *("public_id", "number", "status", "snapshot_sha256", "pdf_sha256", "unsigned_pdf_sha256", "signing_key_id"),
        *("issued_by", "withdrawn_by"),
    ),
    "evidence": ("scan", "media_type", "sha256", "uploaded_by"),
    "earlier_answer": ("field", "entered_unit", "absent", "evidence_kind", "typed_by"),
    "answer": ("field", "entered_unit", "absent", "evidence_kind", "door", "typed_by"),
    "delegation": ("token_hash", "pin_hash", "created_by"),
    "exempted_flow": ("flow", "recorded_by", "withdrawn_by"),
    "field_comment": ("field", "by"),
    "finding": ("field", "rule", "level", "template"),
    "footprint_batch": ("started_by",),
    "certificate_batch": ("started_by",),
    "footprint_record": ("number", "status", "electricity_view", "model_version", "inputs_sha256", "calculated_by", "released_by"),
    "held_certificate": ("kind", "level", "proof", "recorded_by", "withdrawn_by"),
    "compliance_record": (
        *("area", "violation", "remedy_recorded_by", "remedy_verified_by"),
        *("recorded_by", "withdrawn_by"),
    ),
    "record_search": ("area", "searched_by", "withdrawn_by"),
    "veto": ("kind", "raised_by", "cleared_by"),
    "declaration": ("indicator", "proof", "recorded_by", "withdrawn_by"),
    "not_applicable": ("indicator", "asked_by", "approved_by", "withdrawn_by"),
    "corrective_action": ("number", "indicator", "status", "done_by", "closed_by", "opened_by"),
    "appeal": ("indicator", "status", "filed_by", "decided_by"),
    "idempotency_record": ("scope", "key", "body_sha256"),
    "invitation": ("token_hash", "pin_hash", "locale", "created_by"),
    "job": ("name", "key", "state", "lease_holder"),
    "login_session": ("token_hash",),
    "mail_message": ("about", "state", "recipient", "reports_to"),
    "model_table": ("sha256", "content"),
    "model_version": ("label", "content_hash", "origin", "status", "parent_hash", "parent_label", "created_by", "released_by"),
    "one_time_token": ("token_hash", "purpose"),
    "organisation": ("kind",),
    "plant": ("province_code", "bpns"),
    "product": ("furnace",),
    "product_footprint": ("document_sha256", "status", "declared_by", "deprecated_by"),
    "footprint_identifier": ("kind", "value"),
    "customer_part_number": ("recorded_by",),
    "footprint_alert": ("kind", "reason", "closed_by"),
    "product_input": ("flow",),
    "purchase": ("flow",),
    "rate_window": ("key",),
    "receipt": ("number", "sha256", "submitted_by"),
    "own_scenario": ("created_by",),
    "scenario_version": ("electricity", "written_by"),
    "submission": (
        "number",
        "supplier_type",
        "depth",
        "reviewer",
        "status",
        "submitted_by",
        "receipt_no",
        "answers_sha256",
        "decided_by",
        "created_by",
    ),
    "supplier": ("supplier_type", "province_code", "contact_email"),
    "answer_review": ("field", "grade", "by"),
    "evidence_link": ("field",),
    "extension_request": ("asked_by", "answered_by"),
    "upstream_request": ("flow", "created_by"),
    "user": ("email", "password_hash", "totp_secret", "locale"),
    "workbook_upload": ("sha256", "uploaded_by"),
}
"""What the program writes, or takes from a fixed list only; addresses of mail are checked."""


def text_columns(table: Table) -> set[str]:
    """Return the names of a table's text columns."""
    return {column.name for column in table.columns if isinstance(getattr(column.type, "impl", column.type), String)}


def unclassified_columns() -> set[str]:
    """Return text columns of which nobody has said yet whether people write them, and names that no table has."""
    said = {f"{table}.{name}" for texts in (FREE_TEXTS, MACHINE_TEXTS) for table, names in texts.items() for name in names}
    tables = complete_metadata().sorted_tables
    there = {f"{table.name}.{name}" for table in tables for name in text_columns(table) if table.name != "alembic_version"}
    return said ^ there


def plant_canaries(session: Session) -> None:
    """Put the canary into every free text there is, with a mark of its row (`#plant2#`).

    Choices keep their keys, which a canary would make unreadable.
    """
    connection = session.connection()
    for guard in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%no_update'")).all():
        connection.execute(text(f'DROP TRIGGER "{guard}"'))  # what the service never changes may have been written hostile
    for table, columns in FREE_TEXTS.items():
        for name in columns:
            condition = "entered_unit IS NOT NULL OR note IS NOT NULL" if (table, name) == ("answer", "entered") else "1 = 1"
            value = f":canary || ' #{table}' || rowid || '#'"
            statement = f'UPDATE "{table}" SET "{name}" = {value} WHERE {condition}'  # noqa: S608 - names from above
            connection.execute(text(statement), {"canary": CANARY})
    session.expire_all()
