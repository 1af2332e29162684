from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEvent
from service.compliance import operations, queries
from service.compliance.models import Proof
from service.compliance.schemas import CertificateClaim, RemedyInput, SearchInput
from service.errors import ConflictError, InvalidInputError, SamePersonError, StaleVersionError
from tests.builders import NOW, a_supplier
from tests.compliance.builders import (
    ONE,
    OTHER,
    TODAY,
    certificate_fields,
    declaration_fields,
    record_fields,
    veto_fields,
)

REMEDY = RemedyInput(remedied_on=date(2026, 3, 1), remedy="Cover built, seen on site")


def problem_of(field: str, act: Callable[..., object], *arguments: object, **others: object) -> str:
    with pytest.raises(InvalidInputError) as caught:
        act(*arguments, **others)
    return str(caught.value.fields[field])


def test_a_certificate_on_file_counts_until_it_is_withdrawn(session: Session) -> None:
    supplier = a_supplier(session)
    row = operations.record_certificate(session, supplier, certificate_fields(), today=TODAY, by=ONE, at=NOW)
    assert list(queries.certificates_of(session, supplier.id, on=TODAY)) == [row]
    assert list(queries.certificates_of(session, supplier.id, on=date(2024, 12, 31))) == []  # not issued yet

    operations.withdraw(session, row, reason="Of another company", by=ONE, at=NOW)

    assert list(queries.certificates_of(session, supplier.id, on=TODAY)) == []
    assert row.withdrawn_reason == "Of another company"
    with pytest.raises(StaleVersionError):
        operations.withdraw(session, row, reason="Again", by=OTHER, at=NOW)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"issued_on": "2026-11-23"}, "issued_on", "2026-11-23 lies ahead; today is 2026-11-22"),
        ({"checked_on": "2027-01-01"}, "checked_on", "lies ahead"),
        ({"kind": "pcf_verification"}, "level", "needs the level"),
        ({"level": "limited"}, "level", "leave this empty"),
        ({"kind": "pcf_verification", "level": "limited", "is_contract_only": True}, "is_contract_only", "verifies nothing"),
    ],
)
def test_a_certificate_that_cannot_be_true_is_refused_at_its_field(
    session: Session, changes: dict[str, object], field: str, words: str
) -> None:
    supplier = a_supplier(session)
    fields = certificate_fields(**changes)

    problem = problem_of(field, operations.record_certificate, session, supplier, fields, today=TODAY, by=ONE, at=NOW)

    assert words in problem


def test_the_same_certificate_is_not_filed_twice(session: Session) -> None:
    supplier = a_supplier(session)
    operations.record_certificate(session, supplier, certificate_fields(), today=TODAY, by=ONE, at=NOW)

    assert "valid until 2027-12-31" in problem_of(
        "number", operations.record_certificate, session, supplier, certificate_fields(number="e-1"), today=TODAY, by=ONE, at=NOW
    )


def test_what_a_supplier_tells_of_counts_only_once_somebody_has_looked_at_it(session: Session) -> None:
    supplier = a_supplier(session)
    claim = CertificateClaim.model_validate(certificate_fields().model_dump(include=set(CertificateClaim.model_fields)))
    told = operations.tell_certificate(session, supplier, claim, today=TODAY, by="user:supplier", at=NOW)
    assert told.proof is Proof.CLAIM
    assert list(queries.certificates_of(session, supplier.id, on=TODAY)) == []
    assert list(queries.told_certificates_of(session, supplier.id)) == [told]

    seen = operations.record_certificate(session, supplier, certificate_fields(), today=TODAY, by=ONE, at=NOW)

    assert list(queries.certificates_of(session, supplier.id, on=TODAY)) == [seen]
    assert list(queries.told_certificates_of(session, supplier.id)) == []


def test_a_remedy_is_verified_by_another_person_than_the_one_who_noted_it(session: Session) -> None:
    supplier = a_supplier(session)
    record = operations.record_violation(session, supplier, record_fields(), today=TODAY, by=ONE, at=NOW)
    with pytest.raises(ConflictError, match="no remedy"):
        operations.verify_remedy(session, record, by=OTHER, at=NOW)

    operations.record_remedy(session, record, REMEDY, today=TODAY, by=OTHER, at=NOW)
    with pytest.raises(SamePersonError, match="another person"):
        operations.verify_remedy(session, record, by=OTHER, at=NOW)
    operations.verify_remedy(session, record, by=ONE, at=NOW)

    assert record.remedy_verified_by == ONE
    with pytest.raises(ConflictError, match="verified already"):
        operations.record_remedy(session, record, REMEDY, today=TODAY, by=OTHER, at=NOW)


def test_a_remedy_before_the_violation_is_refused(session: Session) -> None:
    record = operations.record_violation(session, a_supplier(session), record_fields(), today=TODAY, by=ONE, at=NOW)
    early = RemedyInput(remedied_on=date(2025, 1, 1), remedy="Cover built")

    assert "before the violation of 2025-11-22" in problem_of(
        "remedied_on", operations.record_remedy, session, record, early, today=TODAY, by=OTHER, at=NOW
    )


def test_a_violation_is_taken_back_by_another_person_only(session: Session) -> None:
    supplier = a_supplier(session)
    record = operations.record_violation(session, supplier, record_fields(), today=TODAY, by=ONE, at=NOW)
    with pytest.raises(SamePersonError):
        operations.withdraw(session, record, reason="Not this company", by=ONE, at=NOW)

    operations.withdraw(session, record, reason="Not this company", by=OTHER, at=NOW)

    assert list(queries.records_of(session, supplier.id, on=TODAY)) == []


def test_the_same_violation_does_not_count_twice(session: Session) -> None:
    supplier = a_supplier(session)
    operations.record_violation(session, supplier, record_fields(), today=TODAY, by=ONE, at=NOW)

    assert "would count twice" in problem_of(
        "source", operations.record_violation, session, supplier, record_fields(), today=TODAY, by=OTHER, at=NOW
    )


def test_a_yellow_rating_belongs_to_the_environment(session: Session) -> None:
    fields = record_fields(area="conduct", violation="yellow_credit")

    assert "environment" in problem_of(
        "area", operations.record_violation, session, a_supplier(session), fields, today=TODAY, by=ONE, at=NOW
    )


def test_looks_into_registers_are_kept_latest_first(session: Session) -> None:
    supplier = a_supplier(session)
    for day in (date(2026, 1, 5), date(2026, 6, 5)):
        look = SearchInput.model_validate({"area": "environment", "searched_on": day, "source": "national register"})
        operations.record_search(session, supplier, look, today=TODAY, by=ONE, at=NOW)

    assert [row.searched_on.month for row in queries.searches_of(session, supplier.id, on=TODAY)] == [6, 1]
    assert [row.searched_on.month for row in queries.searches_of(session, supplier.id, on=date(2026, 3, 1))] == [1]


def test_an_exclusion_is_cleared_by_another_person_with_evidence_and_once(session: Session) -> None:
    supplier = a_supplier(session)
    veto = operations.raise_veto(session, supplier, veto_fields(), today=TODAY, by=ONE, at=NOW)
    assert list(queries.vetoes_of(session, supplier.id, on=TODAY)) == [veto]
    with pytest.raises(SamePersonError):
        operations.clear_veto(session, veto, evidence="Rated blue", by=ONE, at=NOW)

    operations.clear_veto(session, veto, evidence="Rated blue", by=OTHER, at=NOW + timedelta(days=1))

    assert list(queries.vetoes_of(session, supplier.id, on=TODAY)) == []
    assert list(queries.all_vetoes_of(session, supplier.id)) == [veto]
    with pytest.raises(StaleVersionError):
        operations.clear_veto(session, veto, evidence="Again", by=OTHER, at=NOW)


def test_a_supplier_is_excluded_once_for_a_reason(session: Session) -> None:
    supplier = a_supplier(session)
    operations.raise_veto(session, supplier, veto_fields(), today=TODAY, by=ONE, at=NOW)

    problem = problem_of("kind", operations.raise_veto, session, supplier, veto_fields(), today=TODAY, by=OTHER, at=NOW)

    assert "already" in problem


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"number": "45"}, "number", "45 is more than the whole; write a share from 0 to 1, for example 0.45 for 45 %"),
        ({"indicator": "F1", "number": "12"}, "number", "at most 10"),
        ({"indicator": "D1"}, "number", "takes a level, not a number"),
        ({"indicator": "D1", "number": None, "level": "best"}, "level", "none, qualitative, quantified"),
        ({"level": "full"}, "level", "takes a number"),
        ({"number": None}, "number", "needs a number"),
        ({"indicator": "A1"}, "indicator", "“A1” is not shown by papers; use one of: B3, D1, D2"),
        ({"period_end": "2027-01-01"}, "period_end", "lies ahead"),
    ],
)
def test_what_papers_cannot_show_is_refused_at_its_field(
    session: Session, changes: dict[str, object], field: str, words: str
) -> None:
    fields = declaration_fields(**changes)

    assert words in problem_of(
        field, operations.record_declaration, session, a_supplier(session), fields, today=TODAY, by=ONE, at=NOW
    )


def test_the_newest_paper_of_an_indicator_comes_first_and_a_withdrawn_one_is_left_out(session: Session) -> None:
    supplier = a_supplier(session)
    for year, number in ((2024, "0.3"), (2025, "0.5"), (2023, "0.1")):
        fields = declaration_fields(number=number, period_end=f"{year}-12-31")
        operations.record_declaration(session, supplier, fields, today=TODAY, by=ONE, at=NOW)

    first, *rest = queries.declarations_of(session, supplier.id, on=TODAY)
    assert first.content == {"number": 0.5}
    operations.withdraw(session, first, reason="Misread", by=ONE, at=NOW)

    assert list(queries.declarations_of(session, supplier.id, on=TODAY)) == rest


def test_every_write_is_in_the_audit_trail(session: Session) -> None:
    supplier = a_supplier(session)
    record = operations.record_violation(session, supplier, record_fields(), today=TODAY, by=ONE, at=NOW)
    operations.record_remedy(session, record, REMEDY, today=TODAY, by=ONE, at=NOW)
    operations.verify_remedy(session, record, by=OTHER, at=NOW)
    operations.withdraw(session, record, reason="Not this company", by=OTHER, at=NOW)

    events = session.exec(select(AuditEvent.action).where(AuditEvent.object_id == str(record.id))).all()

    expected = ["compliance_record_withdrawn", "violation_recorded", "violation_remedied", "violation_remedy_verified"]
    assert sorted(events) == expected
