from datetime import date

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from service.compliance.models import CertificateKind
from service.compliance.rules import LARGEST_NUMBERS, LEVELS, notice_stage, standing_certificates
from service.green_score.method import shipped_method
from tests.compliance.builders import TODAY, a_held_certificate, certificate_fields


@pytest.mark.parametrize(
    ("end", "stage"),
    [
        (date(2027, 2, 21), None),  # 91 days after 22 November: 8 + 31 + 31 + 21
        (date(2027, 2, 20), 90),
        (date(2027, 1, 22), 90),  # 61 days
        (date(2027, 1, 21), 60),
        (date(2026, 12, 23), 60),  # 31 days
        (date(2026, 12, 22), 30),
        (date(2026, 11, 22), 30),  # its last day
        (date(2026, 11, 21), 0),
    ],
)
def test_an_end_is_announced_in_stages(end: date, stage: int | None) -> None:
    assert notice_stage(end, today=TODAY) == stage


def test_a_certificate_that_ends_before_it_begins_or_far_too_late_is_refused() -> None:
    with pytest.raises(ValidationError, match="not after its issue on 2025-01-01"):
        certificate_fields(valid_until="2025-01-01")
    with pytest.raises(ValidationError, match="check the year"):
        certificate_fields(valid_until="2036-01-01")
    assert certificate_fields(valid_until="2035-12-31").valid_until == date(2035, 12, 31)


def test_of_several_certificates_the_one_in_force_speaks_for_the_supplier(session: Session) -> None:
    ended = a_held_certificate(session, valid_until=date(2026, 1, 1))
    elsewhere = a_held_certificate(session, valid_until=date(2029, 1, 1), number="E-2")
    elsewhere.covers_site = False
    here = a_held_certificate(session, valid_until=date(2027, 1, 1), number="E-3")
    promised = a_held_certificate(session, valid_until=date(2030, 1, 1), number="E-4")
    promised.is_contract_only = True

    best = standing_certificates([ended, elsewhere, here, promised], on=TODAY)

    assert best == {CertificateKind.ISO_14001: here}


def test_papers_speak_the_method_s_language() -> None:
    ladders = shipped_method().ladders
    assert {indicator: set(levels) for indicator, levels in LEVELS.items()} == {name: set(ladders[name]) for name in LEVELS}
    assert {*LEVELS, *LARGEST_NUMBERS} <= set(shipped_method().indicators)
