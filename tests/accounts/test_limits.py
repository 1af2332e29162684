from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from service.accounts.limits import Limit, spend
from service.database import Database
from service.errors import TooManyRequestsError

REQUEST = Request({"type": "http", "client": ("192.0.2.7", 4711), "headers": []})
TWO_PER_MINUTE = Limit(name="test", tries=2, per_s=60)


def test_the_third_try_of_two_is_refused_and_says_how_long_to_wait(database: Database) -> None:
    at = datetime(2026, 11, 22, 2, 0, 15, tzinfo=UTC)  # 15 s into its minute, so 45 s are left
    spend(database, TWO_PER_MINUTE, request=REQUEST, form=None, at=at)
    spend(database, TWO_PER_MINUTE, request=REQUEST, form=None, at=at)

    with pytest.raises(TooManyRequestsError) as refused:
        spend(database, TWO_PER_MINUTE, request=REQUEST, form=None, at=at)

    assert refused.value.retry_after_s == 45


def test_the_next_window_starts_at_zero(database: Database) -> None:
    for _ in range(2):
        spend(database, TWO_PER_MINUTE, request=REQUEST, form=None, at=datetime(2026, 11, 22, 2, 0, 59, tzinfo=UTC))

    spend(database, TWO_PER_MINUTE, request=REQUEST, form=None, at=datetime(2026, 11, 22, 2, 1, 0, tzinfo=UTC))
