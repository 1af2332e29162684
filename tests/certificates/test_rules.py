from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.certificates import rules
from service.certificates.models import CertificateStatus
from service.certificates.rules import Standing
from service.errors import InvalidTransitionError

UNTIL = date(2028, 12, 31)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2028, 11, 1), Standing.VALID),  # 60 days before the end
        (date(2028, 11, 2), Standing.EXPIRING),  # 59 days
        (date(2028, 12, 31), Standing.EXPIRING),  # the last day counts
        (date(2029, 1, 1), Standing.EXPIRED),
    ],
)
def test_a_valid_certificate_gives_notice_for_60_days_and_holds_on_its_last_day(today: date, expected: Standing) -> None:
    assert rules.standing(CertificateStatus.VALID, UNTIL, today=today) is expected


@pytest.mark.parametrize("status", [CertificateStatus.WITHDRAWN, CertificateStatus.SUPERSEDED, CertificateStatus.RENDERING])
def test_other_statuses_do_not_depend_on_the_day(status: CertificateStatus) -> None:
    assert rules.standing(status, UNTIL, today=UNTIL + timedelta(days=1)).value == status.value


@pytest.mark.parametrize("status", [CertificateStatus.WITHDRAWN, CertificateStatus.SUPERSEDED])
@pytest.mark.parametrize("wanted", list(CertificateStatus))
def test_what_has_ended_never_comes_back(status: CertificateStatus, wanted: CertificateStatus) -> None:
    with pytest.raises(InvalidTransitionError):
        rules.check_transition(status, wanted)


def test_a_certificate_holds_three_years_after_its_period_at_most() -> None:
    assert rules.latest_valid_until(date(2025, 12, 31)) == date(2028, 12, 31)
    assert rules.latest_valid_until(date(2024, 2, 29)) == date(2027, 2, 28)


def test_numbers_name_year_count_and_revision() -> None:
    assert rules.certificate_number(2026, 7) == "AP-2026-0007"
    assert rules.revised_number("AP-2026-0007", 2) == "AP-2026-0007-R2"
    assert rules.revised_number("AP-2026-0007-R2", 3) == "AP-2026-0007-R3"


@given(st.binary(min_size=rules.PUBLIC_ID_BYTES, max_size=rules.PUBLIC_ID_BYTES))
def test_a_public_id_keeps_all_160_bits(random: bytes) -> None:
    public_id = rules.public_id_from(random)

    assert len(public_id) == 32  # 160 bits, 5 a letter
    assert public_id.isalnum()
    assert rules.public_id_from(bytes([random[0] ^ 1]) + random[1:]) != public_id
