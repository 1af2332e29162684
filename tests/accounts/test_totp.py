import base64
from datetime import UTC, datetime, timedelta

import pytest

from service.accounts.totp import matching_step, offered_secret

# RFC 6238, appendix B: the SHA-1 secret is the ASCII text 12345678901234567890; its codes of 8 digits end in these 6.
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")]


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert matching_step(RFC_SECRET, code, at=datetime.fromtimestamp(seconds, UTC)) == seconds // 30


def test_the_code_of_the_step_before_and_after_counts_and_no_older_one() -> None:
    at = datetime.fromtimestamp(1234567890, UTC)

    matched = {shift: matching_step(RFC_SECRET, "005924", at=at + timedelta(seconds=30 * shift)) for shift in (-2, -1, 0, 1, 2)}

    step = 1234567890 // 30
    assert matched == {-2: None, -1: step, 0: step, 1: step, 2: None}


@pytest.mark.parametrize("typed", [" 005 924 ", "００５９２４", "005\u3000924"])
def test_spaces_and_full_width_digits_are_read(typed: str) -> None:
    assert matching_step(RFC_SECRET, typed, at=datetime.fromtimestamp(1234567890, UTC)) == 1234567890 // 30


@pytest.mark.parametrize("typed", ["", "005925", "05924", "0059240", "五九二四", "-05924"])
def test_anything_else_is_no_code(typed: str) -> None:
    assert matching_step(RFC_SECRET, typed, at=datetime.fromtimestamp(1234567890, UTC)) is None


def test_each_session_is_offered_its_own_secret_of_160_bits() -> None:
    offered = {offered_secret(b"0" * 64, f"{number:064}") for number in range(50)}

    assert len(offered) == 50
    assert {len(base64.b32decode(secret)) for secret in offered} == {20}
    assert offered_secret(b"0" * 64, "a") == offered_secret(b"0" * 64, "a")
    assert offered_secret(b"0" * 64, "a") != offered_secret(b"1" * 64, "a")
