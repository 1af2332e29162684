import io
import json
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from service.accounts.models import LoginSession, OneTimeToken, Role, User
from service.audit.operations import record
from service.certificates.models import Certificate
from service.certificates.snapshot import sha256_of
from service.mail.models import MailMessage, MailState
from service.personal_data import operations
from service.personal_data.export import as_archive, personal_data
from service.personal_data.operations import MARK, CanNotEraseError
from service.personal_data.places import TEXT_PLACES
from service.personal_data.subjects import Subject, UnknownPersonError, get_subject
from service.submissions.answers import Entry
from service.submissions.models import FieldComment, Receipt, Submission
from service.submissions.rules import hash_answers
from service.suppliers.models import Supplier
from tests.builders import NOW, a_maker, a_supplier, a_user
from tests.certificates import builders as certificates
from tests.security.canaries import FREE_TEXTS
from tests.submissions.builders import a_draft, a_review

NAME, PHONE = "王小明", "138 0013 8000"
ADMIN = "user:somebody-else"


def a_person(session: Session, *roles: Role) -> User:
    return a_user(session, roles=roles or (Role.ENGINEER,), name=NAME)


def a_contact(session: Session) -> Supplier:
    supplier = a_supplier(session)
    supplier.contact_name, supplier.contact_email, supplier.contact_phone = NAME, "wang@supplier.example", PHONE
    session.add(supplier)
    session.flush()
    return supplier


def erase(session: Session, email: str, by: str = ADMIN) -> None:
    operations.erase(session, get_subject(session, email), by=by, at=NOW)
    session.expire_all()


def dump(session: Session) -> str:
    """Return everything that any table of free text holds."""
    rows: list[Any] = [row for place in TEXT_PLACES for row in session.exec(select(place.table))]
    rows += [*session.exec(select(User)), *session.exec(select(Supplier))]
    return json.dumps([row.model_dump(mode="json") for row in rows], ensure_ascii=False)


def test_a_person_is_found_as_user_and_as_contact_however_the_address_is_typed(session: Session) -> None:
    a_contact(session)

    subject = get_subject(session, " Wang@Supplier.example ")

    assert (subject.user, len(subject.contacts)) == (None, 1)
    assert subject.words == ("wang@supplier.example", NAME, PHONE)
    with pytest.raises(UnknownPersonError):
        get_subject(session, "nobody@supplier.example")


def test_an_erased_user_leaves_an_id_and_can_not_sign_in(session: Session) -> None:
    user = a_person(session)
    session.add(
        LoginSession(token_hash="t", user_id=user.id, organisation_id=user.organisation_id, created_at=NOW, last_seen_at=NOW)
    )
    session.add(OneTimeToken(token_hash="o", user_id=user.id, purpose="reset", expires_at=NOW))
    record(session, "product_created", of=user, by=f"user:{user.id}", at=NOW)
    session.flush()

    erase(session, user.email)

    assert (user.name, user.email) == (MARK, f"erased-{user.id}@erased.invalid")
    assert (user.is_active, user.roles, user.password_hash, user.totp_secret) == (False, [], None, None)
    assert session.exec(select(LoginSession)).all() == []
    assert session.exec(select(OneTimeToken)).all() == []


def test_name_address_and_number_are_gone_from_every_text(session: Session) -> None:
    supplier = a_contact(session)
    draft = a_draft(session, supplier=supplier, natural_gas=Entry(entered="0", unit="Nm3", note=f"ask {NAME}, {PHONE}"))
    draft.message = f"Dear {NAME}"
    session.add(FieldComment(submission_id=draft.id, field="", text="call WANG@supplier.example", by=ADMIN, at=NOW))
    mail = MailMessage(about="x", recipient="wang@supplier.example", subject="Hello", body="a link", created_at=NOW)
    session.add(mail)
    session.flush()

    erase(session, "wang@supplier.example")

    text = dump(session)
    assert not [word for word in (NAME, PHONE, "wang@supplier.example") if word.lower() in text.lower()]
    assert (mail.subject, mail.body, mail.recipient) == (MARK, MARK, "erased@erased.invalid")
    assert draft.message == f"Dear {MARK}"


def test_receipts_and_certificates_still_verify(session: Session) -> None:
    supplier = a_contact(session)
    submission = a_review(session, supplier=supplier, natural_gas=Entry(entered="0", unit="Nm3", note=f"read by {NAME}"))
    releaser = a_person(session)
    certificate = certificates.valid(session, certificates.a_record(session, released_by=f"user:{releaser.id}"))
    before = dump(session)

    erase(session, "wang@supplier.example")
    erase(session, releaser.email)

    receipt = session.exec(select(Receipt).where(Receipt.submission_id == submission.id)).one()
    assert hash_answers(receipt.content) == receipt.sha256 == session.get_one(Submission, submission.id).answers_sha256
    stored = session.get_one(Certificate, certificate.id)
    assert sha256_of(stored.snapshot) == stored.snapshot_sha256
    assert before != dump(session)


def test_a_preview_names_the_receipts_that_stay(session: Session) -> None:
    supplier = a_contact(session)
    submission = a_review(session, supplier=supplier, natural_gas=Entry(entered="0", unit="Nm3", note=f"read by {NAME}"))

    found = operations.preview(session, get_subject(session, "wang@supplier.example"))

    assert found.receipts == [submission.receipt_no]
    assert (found.has_account, found.contacts) == (False, 1)


def test_the_last_administrator_and_oneself_are_not_erased(session: Session) -> None:
    a_maker(session)
    last = a_person(session, Role.ADMIN)

    with pytest.raises(CanNotEraseError, match="last active administrator"):
        erase(session, last.email)
    a_user(session, roles=(Role.ADMIN,))
    with pytest.raises(CanNotEraseError, match="yourself"):
        erase(session, last.email, by=f"user:{last.id}")
    erase(session, last.email)


def test_nobody_elses_data_change(session: Session) -> None:
    a_contact(session)
    other = a_user(session, name="李工")
    session.add(MailMessage(about="x", recipient=other.email, subject="李工", body="text", created_at=NOW))
    session.flush()

    erase(session, "wang@supplier.example")

    assert "李工" in dump(session)
    assert other.email in dump(session)


def test_what_is_handed_over_has_everything_and_no_secret(session: Session) -> None:
    user = a_person(session, Role.ENGINEER)
    user.password_hash = "argon2-of-it"
    session.add(MailMessage(about="x", recipient=user.email, subject="Your account", body="Welcome", created_at=NOW))
    record(session, "product_created", of=user, by=f"user:{user.id}", at=NOW)
    session.flush()

    document, page = _handed_over(session, get_subject(session, user.email))

    assert document["account"][0]["name"] == NAME
    assert document["mails"][0]["body"] == "Welcome"
    assert [event["action"] for event in document["events"]] == ["product_created"]
    assert "argon2-of-it" not in json.dumps(document)
    assert NAME in page


def test_the_page_that_is_handed_over_runs_nothing(session: Session) -> None:
    supplier = a_contact(session)
    supplier.contact_name = "<script>x</script>"
    session.flush()

    _, page = _handed_over(session, get_subject(session, "wang@supplier.example"))

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def _handed_over(session: Session, subject: Subject) -> tuple[Mapping[str, Any], str]:
    archive = zipfile.ZipFile(io.BytesIO(as_archive(subject, personal_data(session, subject), at=NOW)))
    return json.loads(archive.read("personal-data.json")), archive.read("personal-data.html").decode()


def test_mails_are_forgotten_after_their_time_and_waiting_ones_never(session: Session) -> None:
    def a_mail(days: int, state: MailState) -> MailMessage:
        mail = MailMessage(
            about="x", recipient="w@x.example", subject="s", body="b", state=state, created_at=NOW - timedelta(days=days)
        )
        session.add(mail)
        return mail

    old, young, waiting = a_mail(366, MailState.SENT), a_mail(364, MailState.SENT), a_mail(366, MailState.WAITING)
    session.flush()

    operations.forget_mails(session, before=NOW - timedelta(days=365))
    session.expire_all()

    assert (old.body, old.recipient) == (MARK, "erased@erased.invalid")
    assert (young.body, waiting.body) == ("b", "b")


def test_no_place_of_texts_is_missing() -> None:
    """Every free text that may name somebody is in the list, or said here to be about something else."""
    listed = {f"{place.table.__tablename__}.{column}" for place in TEXT_PLACES for column in place.columns}
    free = {f"{table}.{column}" for table, columns in FREE_TEXTS.items() for column in columns}

    assert sorted(free - listed - ABOUT_SOMETHING_ELSE) == []


ABOUT_SOMETHING_ELSE = {
    *("meter.serial", "meter.place", "emission_source.name_zh", "emission_source.name_en", "activity_entry.typed"),
    *("building.name_zh", "building.name_en", "building.ended_reason", "retrofit.name", "retrofit.ended_reason"),
    *("office_figure.indicator", "office_figure.unit", "office_figure.ended_reason"),
    *("partner.base_url", "partner.auth_base_url", "partner.client_id", "partner.callback_client_id"),
    *("received_event.event_id", "received_event.source", "received_event.problem", "incoming_request.event_id"),
    *("organisation.name_zh", "organisation.name_en", "organisation.registration_no"),
    *("user.name", "supplier.city", "supplier.contact_name", "supplier.contact_phone"),  # handled by themselves
    *("background.name", "background.licence"),
    *("background_factor.activity_name", "background_factor.product", "background_factor.location"),
    *("plant.name_zh", "plant.name_en", "plant.address_zh", "plant.address_en"),
    *("product.grade", "product.name_zh", "product.name_en", "product.cas"),
    *("product.description_zh", "product.description_en", "customer_part_number.part_no"),
    *(
        "product_footprint.deprecated_reason",
        "footprint_alert.closed_reason",
        "inventory_restatement.reason",
    ),  # proof of a decision
    *("scenario_version.name_zh", "scenario_version.name_en", "scenario_version.reasoning"),
    *(f"measure_version.{name}" for name in ("name_zh", "name_en", "reasoning", "evidence")),  # proof of a decision
    *(f"{table}.{name}" for table in ("investment", "technology_project") for name in ("name_zh", "name_en")),
    *("carbon_price_ladder.source", "design_decision.reason"),  # proof of a decision
    *("carbon_asset.registry_name", "carbon_asset.serial", "carbon_asset_use.purpose", "carbon_asset_use.proof"),
    *("design_comparison.title", "peer_figure.peer", "peer_figure.sector", "public_claim.figure_unit", "public_post.slug"),
    *("certificate.customer_part_no", "certificate.withdrawn_reason"),
    *("exempted_flow.name", "exempted_flow.reason", "exempted_flow.evidence"),
    "api_key.name",
    *("org_unit.name_zh", "org_unit.name_en", "funding_item.name", "kpi.name", "kpi.unit"),
    *(f"behaviour.{name}" for name in ("name_zh", "name_en", "unit", "source", "ended_reason")),
    *(f"{table}.{name}" for table in ("reward", "challenge") for name in ("name_zh", "name_en", "ended_reason")),
    *("power_contract.number", "green_certificate.project", "green_certificate.owner", "transport_vehicle.plate"),
    *("transport_leg.waybill", "hub_operation.hub", "consumption_weight.document", "consumption_weight.ended_reason"),
    *("recycled_source.name_zh", "recycled_source.name_en", "recycled_source.certificate_no", "recycled_receipt.batch"),
    *("accounting_method.label", "accounting_method.standard", "accounting_method.edition", "accounting_method.pcr"),
    *("project_proposal.title", "project_proposal.class_code", "project_document.reference"),
    *("gate_rule_version.classes", "gate_rule_version.source"),
    "project_approval.reason",  # proof of a decision
    *("model_version.notes", "method_version.notes", "job.last_error"),
    *("benchmark.source", "held_certificate.number"),
    *("award_memo.title", "award_memo.reason"),  # proof of a decision, as its PDF
    *("system_token.name", "webhook.name", "webhook.url", "webhook_message.problem"),
    *(f"verification_statement.{name}" for name in ("accreditation", "body_name", "criteria", "standard")),
    # A statement is proof word by word; it names an organisation, and whoever stated it stands beside it by id.
    *(f"verification_statement.{name}" for name in ("statement_zh", "statement_en", "withdrawn_reason")),
}
