"""What a score rests on, gathered from answers, files, certificates, registers and the portal's own observations."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from service.campaigns.models import Reminder
from service.compliance.models import (
    CertificateKind,
    ComplianceRecord,
    Declaration,
    HeldCertificate,
    Proof,
    RecordArea,
    RecordSearch,
    Veto,
    VetoKind,
    Violation,
)
from service.green_score.facts import Facts, Shown, ViolationFacts
from service.green_score.gathering import gather, gather_facts
from service.green_score.models import NotApplicable
from service.green_score.portal_facts import grace_ends
from service.submissions.models import Evidence, EvidenceLink, FieldComment, Receipt, Submission, SubmissionStatus
from service.suppliers.models import Supplier
from tests import builders
from tests.builders import PERIOD
from tests.footprints.builders import TOLL_ANSWERS, a_toll_supplier, an_accepted_submission
from tests.green_score.builders import FLOW, NOW, a_benchmark

TODAY = date(2026, 11, 22)
BEFORE = (date(2024, 1, 1), date(2024, 12, 31))


def facts_of(session: Session, supplier: Supplier, *, on: date = TODAY) -> Facts:
    return gather_facts(session, supplier, FLOW, PERIOD, category="toll_graphitization", on=on)


def a_file(session: Session, submission: Submission, *fields: str, valid_until: date | None = None) -> Evidence:
    evidence = Evidence(
        submission_id=submission.id,
        organisation_id=submission.organisation_id,
        name="bill.pdf",
        media_type="application/pdf",
        size_bytes=1,
        sha256="0" * 64,
        valid_until=valid_until,
        uploaded_by="user:x",
        uploaded_at=NOW,
    )
    session.add(evidence)
    session.flush()
    for field in fields:
        session.add(EvidenceLink(evidence_id=evidence.id, field=field))
    session.flush()
    session.refresh(evidence)
    return evidence


def a_toll_plant(session: Session, **answers: float | str) -> tuple[Supplier, Submission]:
    supplier = a_toll_supplier(session)
    return supplier, an_accepted_submission(session, supplier, {**TOLL_ANSWERS, **answers})


def a_request(session: Session, supplier: Supplier, status: SubmissionStatus, *, deadline: date) -> Submission:
    request = builders.a_submission(session, supplier=supplier, status=status)
    request.deadline = deadline
    session.flush()
    return request


def common(supplier: Supplier) -> Mapping[str, Any]:
    return {"supplier_id": supplier.id, "recorded_by": "user:x", "recorded_at": NOW}


def test_electricity_counts_by_what_proves_it(session: Session) -> None:
    supplier, submission = a_toll_plant(
        session, onsite_electricity=2_000_000.0, onsite_kind="solar_pv", green_certificate_numbers="GEC-2025-000101–000220"
    )
    a_file(session, submission)

    electricity = facts_of(session, supplier).electricity

    assert electricity is not None
    assert electricity.renewable_mwh == {"own_generation": 2000.0, "traded_with_certificates": 6000.0}
    assert electricity.total_mwh == 32_000.0  # 30,000 bought + 2,000 of its own
    assert electricity.required_share == pytest.approx(0.23)  # Inner Mongolia, 2023
    assert electricity.proof is Proof.METERED


@pytest.mark.parametrize(
    ("answers", "has_file", "kind"),
    [
        ({}, True, "unbundled_certificates"),
        ({}, False, "without_cancellation"),
        ({"green_certificate_numbers": "GEC-2025-000101–000220", "power_source": "grid"}, False, "unbundled_certificates"),
        ({"green_certificate_numbers": "GEC-2025-000101–000220", "green_sold_on": "yes"}, True, "without_cancellation"),
    ],
)
def test_green_power_is_worth_what_its_certificates_are(
    session: Session, *, answers: dict[str, str], has_file: bool, kind: str
) -> None:
    supplier, submission = a_toll_plant(session, **answers)
    if has_file:
        a_file(session, submission)

    electricity = facts_of(session, supplier).electricity

    assert electricity is not None
    assert electricity.renewable_mwh == {kind: 6000.0}


def test_an_unknown_province_has_no_required_share(session: Session) -> None:
    supplier, _ = a_toll_plant(session, site_province="CN-XZ")

    electricity = facts_of(session, supplier).electricity

    assert electricity is not None
    assert electricity.required_share is None


def test_a_meter_that_no_file_shows_is_a_claim(session: Session) -> None:
    supplier, submission = a_toll_plant(session)
    assert facts_of(session, supplier).shown["B3"] == Shown(level="annual", proof=Proof.CLAIM)

    a_file(session, submission, "furnace_electricity")
    facts = facts_of(session, supplier)

    assert facts.shown["B3"] == Shown(level="sub_metered", proof=Proof.METERED)
    assert facts.energy is not None
    assert facts.energy.proof is Proof.CLAIM  # output and auxiliaries stay claims


def test_a_file_that_ended_before_the_period_backs_nothing(session: Session) -> None:
    supplier, submission = a_toll_plant(session)
    a_file(session, submission, valid_until=date(2025, 12, 30))

    assert facts_of(session, supplier).portal.evidence_share == 0.0


def test_energy_per_tonne_is_held_against_the_supplier_s_own_furnace(session: Session) -> None:
    supplier, _ = a_toll_plant(session)

    energy = facts_of(session, supplier).energy

    assert energy is not None
    assert energy.kwh_per_t == pytest.approx(13_300.0)  # (12,350,000 + 285,000) kWh / 950 t
    assert (energy.advanced, energy.access, energy.limit) == (10_000.0, 13_000.0, 16_500.0)
    assert "acheson_crucible" in energy.levels_source


def test_an_unanswered_part_of_energy_is_never_zero(session: Session) -> None:
    supplier = a_toll_supplier(session)
    an_accepted_submission(session, supplier, {k: v for k, v in TOLL_ANSWERS.items() if k != "auxiliary_electricity"})

    assert facts_of(session, supplier).energy is None


def test_the_footprint_brings_trend_and_verification_along(session: Session) -> None:
    supplier = a_toll_supplier(session)
    before = an_accepted_submission(session, supplier, {**TOLL_ANSWERS, "furnace_electricity": 13_300_000.0}, period=BEFORE)
    before.status = SubmissionStatus.EXPIRED  # too old to be calculated with, but it was accepted
    now = an_accepted_submission(session, supplier)
    session.add(
        HeldCertificate(
            kind=CertificateKind.PCF_VERIFICATION,
            number="V-1",
            issuer="Verifier",
            level="limited",
            issued_on=date(2026, 1, 1),
            valid_until=date(2027, 1, 1),
            proof=Proof.VERIFIED,
            evidence="statement",
            **common(supplier),
        )
    )
    session.flush()

    facts = facts_of(session, supplier)

    assert facts.footprint is not None
    assert facts.footprint.earlier is not None
    assert (facts.footprint.verification, facts.footprint.verified_until) == ("limited", date(2027, 1, 1))
    assert (facts.footprint.earlier.period_end, facts.footprint.earlier_was_due) == (BEFORE[1], True)
    assert facts.footprint.earlier.kg_co2e_per_kg > facts.footprint.kg_co2e_per_kg
    assert {f"submission:{before.id}", f"submission:{now.id}"} <= set(facts.sources["A2"])


def test_an_earlier_period_that_was_asked_for_is_due(session: Session) -> None:
    supplier = a_toll_supplier(session)
    an_accepted_submission(session, supplier)
    first = facts_of(session, supplier).footprint
    builders.a_submission(session, supplier=supplier, status=SubmissionStatus.EXPIRED, period=BEFORE)

    asked = facts_of(session, supplier).footprint

    assert first is not None
    assert asked is not None
    assert (first.earlier_was_due, asked.earlier_was_due) == (False, True)


def test_who_says_nothing_has_no_footprint_but_a_benchmark(session: Session) -> None:
    a_benchmark(session)

    facts = facts_of(session, a_toll_supplier(session))

    assert (facts.footprint, facts.electricity, facts.energy) == (None, None, None)
    assert facts.anchors is not None
    assert facts.anchors.kg_co2e_per_kg == 5.0
    assert facts.portal.accepted_share is None


def test_papers_registers_exclusions_and_approvals_come_along_with_their_sources(session: Session) -> None:
    supplier = a_toll_supplier(session)
    fine = ComplianceRecord(
        area=RecordArea.ENVIRONMENT,
        violation=Violation.FINE_SMALL,
        happened_on=date(2025, 11, 22),
        description="dust",
        source="register",
        remedied_on=date(2026, 1, 1),
        **common(supplier),
    )
    search = RecordSearch(
        area=RecordArea.ENVIRONMENT, searched_on=TODAY, source="register", searched_by="x", supplier_id=supplier.id, recorded_at=NOW
    )
    veto = Veto(
        supplier_id=supplier.id,
        kind=VetoKind.PERMIT,
        since=TODAY,
        reason="no permit",
        evidence="letter",
        raised_by="user:x",
        raised_at=NOW,
    )
    declaration = Declaration(
        indicator="E2", content={"number": 0.45}, proof=Proof.DOCUMENT, evidence="ledger", period_end=PERIOD[1], **common(supplier)
    )
    waived = NotApplicable(supplier_id=supplier.id, indicator="E1", reason="powder", asked_by="user:x", asked_at=NOW)
    session.add_all([fine, search, veto, declaration, waived])
    session.flush()

    first = facts_of(session, supplier)
    waived.approved_by, waived.approved_at = "user:y", NOW
    fine.remedy_verified_by = "user:y"
    session.flush()
    second = facts_of(session, supplier)

    assert first.records[RecordArea.ENVIRONMENT].violations == (
        ViolationFacts(violation=Violation.FINE_SMALL, happened_on=date(2025, 11, 22), is_remedied=False),
    )
    assert second.records[RecordArea.ENVIRONMENT].violations[0].is_remedied
    assert RecordArea.CONDUCT not in first.records
    assert (first.not_applicable, second.not_applicable) == (frozenset(), frozenset({"E1"}))
    assert first.vetoes == (VetoKind.PERMIT,)
    assert first.shown["E2"] == Shown(number=0.45, proof=Proof.DOCUMENT)
    assert first.sources["G1"] == (f"record_search:{search.id}", f"compliance_record:{fine.id}")


def test_files_and_corrections_make_the_evidence_shares(session: Session) -> None:
    supplier, submission = a_toll_plant(session)
    a_file(session, submission, "furnace_electricity", "auxiliary_electricity")
    session.add(FieldComment(submission_id=submission.id, field="charge_in", text="?", by="user:r", at=NOW))
    session.flush()

    portal = facts_of(session, supplier).portal

    # product_output, grid_, green_, furnace_, auxiliary_electricity, charge_in, product_out, packing_coke_net and _sold
    assert portal.evidence_share == pytest.approx(2 / 9)
    assert portal.corrected_share == pytest.approx(1 / 9)


def test_lateness_is_that_of_the_last_four_requests_and_of_the_first_time_each_was_handed_in(session: Session) -> None:
    supplier = a_toll_supplier(session)
    for number, late in enumerate((90, 10, 0, -5)):
        request = a_request(session, supplier, SubmissionStatus.SUPERSEDED, deadline=date(2026, 1 + number, 10))
        day = datetime.combine(request.deadline, datetime.min.time(), tzinfo=UTC) + timedelta(days=late)
        for turn in (0, 30):
            session.add(
                Receipt(
                    submission_id=request.id,
                    organisation_id=supplier.organisation_id,
                    number=f"R-{number}-{turn}",
                    content={},
                    sha256="0" * 64,
                    submitted_by="user:x",
                    submitted_at=day + timedelta(days=turn),
                )
            )
    a_request(session, supplier, SubmissionStatus.OPENED, deadline=date(2026, 11, 20))
    a_request(session, supplier, SubmissionStatus.OPENED, deadline=date(2026, 12, 20))

    assert facts_of(session, supplier).portal.days_late == (10.0, 0.0, 0.0, 2.0)


@pytest.mark.parametrize(
    ("status", "deadline", "reminders", "refuses"),
    [
        (SubmissionStatus.OPENED, date(2026, 8, 23), 0, True),  # 91 days before 22 November
        (SubmissionStatus.OPENED, date(2026, 8, 24), 0, False),  # 90 days
        (SubmissionStatus.OPENED, date(2026, 11, 1), 3, True),
        (SubmissionStatus.OPENED, date(2026, 11, 1), 2, False),
        (SubmissionStatus.SUBMITTED, date(2026, 8, 1), 4, False),
        (SubmissionStatus.DECLINED, date(2026, 8, 1), 0, True),
    ],
)
def test_who_neither_answers_for_90_days_nor_after_three_reminders_refuses(
    session: Session, *, status: SubmissionStatus, deadline: date, reminders: int, refuses: bool
) -> None:
    supplier = a_toll_supplier(session)
    request = a_request(session, supplier, status, deadline=deadline)
    for number in range(reminders):
        session.add(Reminder(submission_id=request.id, step=f"T-{number}", sent_at=NOW))
    session.flush()

    assert facts_of(session, supplier).portal.refuses_data is refuses


def test_a_period_is_open_until_ten_working_days_after_the_due_date_and_while_we_review(session: Session) -> None:
    assert grace_ends(date(2026, 11, 6)) == date(2026, 11, 20)  # a Friday; two weeks of five working days
    supplier = a_toll_supplier(session)
    request = a_request(session, supplier, SubmissionStatus.OPENED, deadline=date(2026, 11, 6))

    def is_open(on: date) -> bool:
        return gather(session, supplier, FLOW, PERIOD, category="default", on=on).is_open

    assert (is_open(date(2026, 11, 20)), is_open(date(2026, 11, 21))) == (True, False)
    request.status = SubmissionStatus.IN_REVIEW
    session.flush()
    assert is_open(date(2026, 11, 21))


def test_a_due_request_without_accepted_answers_has_none_of_its_fields_accepted(session: Session) -> None:
    supplier = a_toll_supplier(session)
    an_accepted_submission(session, supplier, period=BEFORE)
    request = a_request(session, supplier, SubmissionStatus.OPENED, deadline=date(2026, 11, 6))
    # While it waits the year before counts: 11 of the 12 required questions, natural gas was left out.
    assert facts_of(session, supplier, on=date(2026, 11, 10)).portal.accepted_share == pytest.approx(11 / 12)

    assert facts_of(session, supplier).portal.accepted_share == 0.0
    request.status = SubmissionStatus.WITHDRAWN
    session.flush()
    assert facts_of(session, supplier).portal.accepted_share == pytest.approx(11 / 12)
