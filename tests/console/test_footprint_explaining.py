"""The pages that explain a footprint: explanation, comparison, inputs."""

import re
import uuid
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.footprints.models import FootprintRecord
from tests.builders import a_product, a_supplier
from tests.conftest import SignIn
from tests.footprints.builders import a_record, a_toll_product, an_accepted_submission


@pytest.fixture
def record(database: Database) -> FootprintRecord:
    """A footprint with a toll plant's answers."""
    with database.writing() as session:
        supplier = a_supplier(session, name_zh="蒙炭代工", name_en="Mengtan Toll")
        an_accepted_submission(session, supplier)
        return a_record(session, a_toll_product(session, a_product(session, grade="AG-7"), supplier))


@pytest.fixture
def other(database: Database) -> FootprintRecord:
    """A footprint of another product, all default."""
    with database.writing() as session:
        return a_record(session, a_product(session, grade="AG-9"))


@pytest.mark.parametrize("page", ["explain", "compare", "inputs"])
@pytest.mark.parametrize("role", [Role.SALES, Role.PROCUREMENT, Role.ADMIN])
def test_only_insiders_see_the_pages(client: TestClient, sign_in: SignIn, record: FootprintRecord, role: Role, page: str) -> None:
    sign_in(role)

    assert client.get(f"/console/footprints/{record.id}/{page}").status_code == 403


def test_the_tabs_lead_to_each_other(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/footprints/{record.id}").text

    assert f'href="/console/footprints/{record.id}/explain"' in page
    assert f'href="/console/footprints/{record.id}" aria-current="page"' in page


def test_those_who_see_the_result_only_get_no_tabs(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.SALES)

    assert "/explain" not in client.get(f"/console/footprints/{record.id}").text


def test_the_explanation_names_flows_scopes_suppliers_and_parameters(
    client: TestClient, sign_in: SignIn, record: FootprintRecord
) -> None:
    sign_in(Role.AUDITOR)

    page = client.get(f"/console/footprints/{record.id}/explain").text

    assert "Mengtan Toll" in page
    assert "Scope 2: electricity that our plant buys" in page
    assert "graphitization_electricity_kwh_per_kg" in page
    assert page.count('class="chart-node ') == 8  # the seven steps and the toll transport


def test_the_flow_chart_says_what_it_shows(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.AUDITOR)

    page = client.get(f"/console/footprints/{record.id}/explain").text

    drawing = re.search(r'<svg class="chart-flows".*?</svg>', page, flags=re.DOTALL)
    assert drawing is not None
    svg = ET.fromstring(drawing[0])  # noqa: S314 - our own page
    named = {one.get("id"): one.text for one in svg if one.tag in {"title", "desc"}}
    assert svg.get("role") == "img"
    assert all(named[name] for name in str(svg.get("aria-labelledby")).split())


def test_the_tree_can_be_opened_to_its_leaves(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/footprints/{record.id}/explain").text

    tree = page[page.index('<ul class="tree"') : page.index("chart-table-bars", page.index('<ul class="tree"'))]
    assert tree.count("<details") == 8
    assert "Packed anode material" in tree
    assert "Green petroleum coke" in tree


def test_the_steps_from_the_default_are_shown_first(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/footprints/{record.id}/compare").text

    assert "The model&#39;s default" in page
    assert "Graphitization (P3)" in page
    assert "Shapley" in page


def test_two_records_are_compared_parameter_by_parameter(
    client: TestClient, sign_in: SignIn, record: FootprintRecord, other: FootprintRecord
) -> None:
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/footprints/{record.id}/compare?other={other.id}&grouping=parameter").text

    assert other.number in page
    assert "graphitization_electricity_kwh_per_kg" in page


def test_a_footprint_is_compared_with_one_of_its_views(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/footprints/{record.id}/compare?other=view:provinces").text

    assert "Electricity view" in page
    assert "This footprint, electricity: Provinces of the plants" in page


def test_a_footprint_does_not_differ_from_itself(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)

    assert "Nothing differs" in client.get(f"/console/footprints/{record.id}/compare?other={record.id}").text


@pytest.mark.parametrize("other_id", [f"{uuid.UUID(int=1)}", "view:moon"])
def test_what_does_not_exist_can_not_be_compared_with(
    client: TestClient, sign_in: SignIn, record: FootprintRecord, other_id: str
) -> None:
    sign_in(Role.ENGINEER)

    assert client.get(f"/console/footprints/{record.id}/compare?other={other_id}").status_code == 404


def test_an_address_that_can_not_be_read_says_so(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)

    answer = client.get(f"/console/footprints/{record.id}/compare?other=nobody&grouping=moon")

    assert answer.status_code == 200
    assert "is not one of the choices" in answer.text


def test_the_pages_read_chinese(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)

    explained = client.get(f"/console/footprints/{record.id}/explain?lang=zh-CN").text
    compared = client.get(f"/console/footprints/{record.id}/compare?lang=zh-CN").text

    assert "贡献树" in explained
    assert "蒙炭代工" in explained
    assert "模型默认值" in compared
