import html
from collections.abc import Callable
from datetime import UTC, date, datetime

from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from tests import builders
from tests.conftest import MovableClock, SignIn
from tests.monitoring.builders import a_source

FormOf = Callable[..., dict[str, str]]


def test_a_figure_for_a_source_that_ended_meanwhile_comes_back_with_the_months_it_counts_in(
    client: TestClient, sign_in: SignIn, form: FormOf, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        plant = builders.a_plant(session)
        ended = a_source(session, plant, "diesel", starts=date(2025, 1, 1), ends=date(2026, 8, 1))
        a_source(session, plant, "natural_gas")
        address, key, name = f"/console/plan/monitoring/month?plant={plant.id}&month=2026-09", str(ended.id), ended.name_zh
    sign_in(Role.ENGINEER)

    shown = client.get(address).text
    refused = client.post(address, data=form(**{f"amount-{key}": "12.5", f"evidence_number-{key}": "bill 9"}))

    assert f"amount-{key}" not in shown
    assert refused.status_code == 422
    assert f"“{name}” is counted from 2025-01 to 2026-08, so not in 2026-09." in html.unescape(refused.text)
    assert 'value="12.5"' in refused.text
    assert 'value="bill 9"' in refused.text


def test_a_month_is_over_when_it_is_over_in_the_country_of_the_plant(
    client: TestClient, sign_in: SignIn, form: FormOf, sqlite_database: Database, clock: MovableClock
) -> None:
    with sqlite_database.writing() as session:
        plant = builders.a_plant(session)
        source = a_source(session, plant, "diesel")
        address, typed = f"/console/plan/monitoring/month?plant={plant.id}&month=2026-10", {f"amount-{source.id}": "12.5"}
    clock.now = datetime(2026, 10, 30, 15, 50, tzinfo=UTC)  # 23:50 of the 30th in Shanghai
    sign_in(Role.ENGINEER)
    too_early = client.post(address, data=form(**typed))
    clock.now = datetime(2026, 10, 30, 16, 5, tzinfo=UTC)  # 00:05 of the 31st, the month's last day

    assert too_early.status_code == 422
    assert "2026-10 is not over yet" in html.unescape(too_early.text)
    assert client.post(address, data=form(**typed)).status_code == 303
