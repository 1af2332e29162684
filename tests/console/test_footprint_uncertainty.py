"""The pages on how sure a footprint is, as an engineer sees them."""

import uuid

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.console.uncertain_parameters import short_meaning
from service.database import Database
from tests.builders import a_product, a_supplier
from tests.conftest import SignIn
from tests.footprints.builders import a_record, a_toll_product, an_accepted_submission


@pytest.fixture
def records(database: Database) -> tuple[uuid.UUID, uuid.UUID]:
    """A footprint with a toll plant's answers and one of defaults."""
    with database.writing() as session:
        supplier = a_supplier(session, name_zh="蒙炭代工", name_en="Mengtan Toll")
        an_accepted_submission(session, supplier)
        measured = a_record(session, a_toll_product(session, a_product(session, grade="AG-7"), supplier))
        return measured.id, a_record(session, a_product(session, grade="AG-8")).id


def test_the_page_shows_median_and_point_value_and_why_they_differ(
    client: TestClient, sign_in: SignIn, records: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/footprints/{records[1]}/uncertainty").text

    assert "Median of the simulated footprint" in page
    assert "<strong>14.0</strong>" in page
    assert "12.5" in page
    assert "Most ranges reach farther up than down" in page
    assert "What moves the mean away from the point value?" in page


def test_the_page_shows_one_distribution_for_each_view(
    client: TestClient, sign_in: SignIn, records: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.REVIEWER)

    page = client.get(f"/console/footprints/{records[0]}/uncertainty").text

    assert "views are never mixed into one" in page
    for view in ("National average", "Provinces of the plants", "Contracts", "EU draft act", "China label"):
        assert page.count(view) >= 2  # in the chart and in the table


def test_the_page_names_what_each_spread_rests_on(
    client: TestClient, sign_in: SignIn, records: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.AUDITOR)

    page = client.get(f"/console/footprints/{records[0]}/uncertainty").text

    assert "read from a calibrated meter or scale" in page
    assert "range stated by the model&#39;s sources" in page
    assert "graphitization_electricity_kwh_per_kg" in page
    assert "P1_milling_shaping / PM10" in page  # no parameter sets it


def test_the_page_is_the_same_each_time(client: TestClient, sign_in: SignIn, records: tuple[uuid.UUID, uuid.UUID]) -> None:
    sign_in(Role.ENGINEER)
    address = f"/console/footprints/{records[0]}/uncertainty"

    first, again = (client.get(address).text.partition("<main")[2].partition("csrf")[0] for _ in range(2))

    assert first == again


def test_the_page_is_said_in_chinese(client: TestClient, sign_in: SignIn, records: tuple[uuid.UUID, uuid.UUID]) -> None:
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/footprints/{records[0]}/uncertainty", headers={"Accept-Language": "zh-CN"}).text

    assert "模拟碳足迹的中位数" in page
    assert "读自经校准的仪表或衡器" in page


def test_another_footprint_is_chosen_and_compared(
    client: TestClient, sign_in: SignIn, records: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.ENGINEER)
    address = f"/console/footprints/{records[0]}/uncertainty/compare"

    asked, answered = client.get(address), client.get(address, params={"other": str(records[1])})

    assert f'value="{records[1]}"' in asked.text
    assert "of 100 cases" not in asked.text
    assert "F-2026-0001 is lower than F-2026-0002 in" in answered.text
    assert "it would be" in answered.text


@pytest.mark.parametrize(
    ("other", "status", "words"),
    [
        ("nonsense", 200, "“nonsense” is not one of the choices; pick one from the list."),
        ("", 200, "Compare with"),
        (str(uuid.UUID(int=5)), 404, "does not exist, or you may not see it"),
    ],
)
def test_a_footprint_that_can_not_be_compared_with_is_explained(
    client: TestClient, sign_in: SignIn, records: tuple[uuid.UUID, uuid.UUID], *, other: str, status: int, words: str
) -> None:
    sign_in(Role.ENGINEER)

    answer = client.get(f"/console/footprints/{records[0]}/uncertainty/compare", params={"other": other})

    assert answer.status_code == status
    assert "of 100 cases" not in answer.text
    assert words in answer.text


@pytest.mark.parametrize(
    ("parameter", "english", "chinese"),
    [
        ("graphite_crucible_kg_per_kg", "crucible graphite worn", "坩埚石墨消耗"),
        ("packing_coke_net_kg_per_kg", "packing coke used up", "保温料、电阻料净消耗"),
        ("milling_yield", "shaped powder out per dry green coke into crushing, milling and shaping", None),
    ],
)
def test_charts_name_parameters_in_few_words(parameter: str, english: str, chinese: str | None) -> None:
    assert short_meaning(parameter, "en") == english
    assert chinese is None or short_meaning(parameter, "zh-CN") == chinese
