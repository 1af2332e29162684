import html
from collections.abc import Callable
from datetime import date

from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from tests import builders
from tests.conftest import SignIn
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
