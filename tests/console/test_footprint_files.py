"""Pages that check and hand out footprint files, and the kilowatt-hour calculator."""

import json
import re
import uuid
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from service.accounts.models import Role
from service.database import Database
from service.product_footprints.models import CustomerPartNumber
from service.settings import Settings
from tests.builders import NOW, a_plant, a_product, an_organisation
from tests.conformance.documents import changed, golden
from tests.conftest import SignIn
from tests.product_footprints.builders import a_declared

Form = Callable[..., dict[str, str]]


@pytest.fixture
def declared(sqlite_database: Database) -> tuple[uuid.UUID, uuid.UUID]:
    """Return the ids of a declared footprint and of a customer that has a part number for its product."""
    with sqlite_database.writing() as session:
        return _declared(session)


def _declared(session: Session) -> tuple[uuid.UUID, uuid.UUID]:
    plant = a_plant(session)
    plant.bpns = "BPNS00000003B2OM"
    product = a_product(session, plant=plant, grade="AG-300")
    customer = an_organisation(session)
    session.add(
        CustomerPartNumber(product_id=product.id, customer_id=customer.id, part_no="CELL-7", recorded_by="user:x", recorded_at=NOW)
    )
    session.flush()
    return a_declared(session, product).id, customer.id


def test_a_pasted_document_is_checked_and_nothing_typed_is_lost(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.SALES)
    text = json.dumps(changed(golden(), "/pcf/packagingGhgEmissions", "-0.05"))

    page = client.post("/console/validator", data=form(text=text)).text

    assert "The file is not right" in page
    assert "/pcf/packagingGhgEmissions" in page
    assert "-0.05 is negative" in page
    assert "PCF-R2" in page
    assert "Synthetic graphite anode powder" in page  # still in the field


def test_an_uploaded_document_is_checked_as_the_format_that_was_chosen(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.AUDITOR)
    fields = form(format="battery")

    right = client.post("/console/validator", data=form(), files={"file": ("a.json", json.dumps(golden()))})
    wrong = client.post("/console/validator", data=fields, files={"file": ("a.json", json.dumps(golden()))})

    assert "The file is right" in right.text
    assert "The format was told from the file." in right.text
    assert "“pcfValues” is missing" in wrong.text


@pytest.mark.parametrize(("text", "says"), [("", "Choose a file"), ("{", "no JSON"), ('{"a": 1, "a": 2}', "stands twice")])
def test_what_cannot_be_read_is_told_beside_the_field(
    client: TestClient, sign_in: SignIn, form: Form, text: str, says: str
) -> None:
    sign_in(Role.SALES)
    answer = client.post("/console/validator", data=form(text=text))

    assert answer.status_code == 422
    assert says in answer.text


def without_number(client: TestClient, settings: Settings) -> None:
    """Make the company one that is no sample, and whose business partner number nobody has entered."""
    client.app.state.settings = settings.model_copy(update={"company_urn": "urn:lei:no-sample"})  # type: ignore[attr-defined] # Starlette's


def test_formats_are_offered_with_the_reason_where_one_is_not_possible(
    client: TestClient, sign_in: SignIn, settings: Settings, declared: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.SALES)
    without_number(client, settings)
    page = client.get(f"/console/declared-footprints/{declared[0]}/exports").text

    assert "PACT 3.0" in page
    assert page.count("BPNL) is not known") == 2
    assert "The customer's part number is not known" in page.replace("&#39;", "'")
    assert f"/console/declared-footprints/{declared[0]}/exports/csv" in page
    assert f"/console/declared-footprints/{declared[0]}/exports/catena-x-10" not in page


def test_a_file_is_a_download_that_no_browser_runs(
    client: TestClient, sign_in: SignIn, settings: Settings, declared: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.SALES)
    without_number(client, settings)
    address = f"/console/declared-footprints/{declared[0]}/exports"
    file = client.get(f"{address}/pact-v3")

    assert file.json()["id"] == str(declared[0])
    assert re.fullmatch(r'attachment; filename="F-\d{4}-\d{4}-pact-v3.json"', file.headers["content-disposition"])
    assert "sandbox" in file.headers["content-security-policy"]
    assert client.get(f"{address}/csv").content.startswith(b"\xef\xbb\xbfid,specVersion")
    assert client.get(f"{address}/word").status_code == 404
    assert client.get(f"{address}/catena-x-10").status_code == 409
    assert client.get(f"{address}/csv?customer=nobody").status_code == 404


def test_the_battery_file_names_the_customers_part_number(
    client: TestClient, sign_in: SignIn, settings: Settings, declared: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.SALES)
    client.app.state.settings = settings.model_copy(update={"company_bpnl": "BPNL00000003CSGV"})  # type: ignore[attr-defined] # Starlette's
    address = f"/console/declared-footprints/{declared[0]}/exports"

    file = client.get(f"{address}/battery-component?customer={declared[1]}")

    assert (file.status_code, file.json()["customerPartId"]) == (200, "CELL-7")
    assert "not possible" not in client.get(f"{address}?customer={declared[1]}").text


def test_buyers_get_no_files_of_declared_footprints(
    client: TestClient, sign_in: SignIn, declared: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.PROCUREMENT)

    for path in ("", "/pact-v3", "/csv"):
        assert client.get(f"/console/declared-footprints/{declared[0]}/exports{path}").status_code == 403


def test_the_calculator_shows_its_arithmetic(client: TestClient, sign_in: SignIn) -> None:
    # 12.48 kg/kg x 1100 g/kWh / 1000 / (1 - 0.05) = 14.4505 kg/kWh; per kWh delivered: / (60 x 15) = 0.016056
    sign_in(Role.SALES)
    page = client.get("/console/kwh-calculator?footprint=12.48&grams=1100&loss=5&cycles=60&years=15").text

    assert "14.45" in page
    assert "0.0161" in page
    assert "12.48 kg CO₂e/kg × 1,100 g/kWh" in page or "12.48 kg CO₂e/kg × 1100 g/kWh" in page


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("footprint=12&grams=", "Please fill this in"),
        ("footprint=abc&grams=1100", "is not a number"),
        ("footprint=12&grams=1100&loss=100", "less than 100"),
        ("footprint=12&grams=1100&cycles=60", "go together"),
        ("footprint=12&grams=1100&low=13", "outside the interval"),
    ],
)
def test_the_calculator_names_field_and_fix(client: TestClient, sign_in: SignIn, query: str, says: str) -> None:
    sign_in(Role.SALES)
    answer = client.get(f"/console/kwh-calculator?{query}")

    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="12"' in answer.text or 'value="abc"' in answer.text


def test_the_calculator_is_filled_in_from_a_declared_footprint(
    client: TestClient, sign_in: SignIn, declared: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.SALES)
    page = client.get(f"/console/kwh-calculator?from={declared[0]}").text

    assert re.search(r'name="raw_material"[^>]*value="\d', page)
    assert "AG-300" in page
    assert client.get("/console/kwh-calculator?from=nonsense").status_code == 404
    assert client.get(f"/console/kwh-calculator?from={uuid.uuid4()}").status_code == 404


def test_programs_get_the_same_numbers(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SALES)
    answer = client.get("/api/v1/kwh-footprint?footprint=12.48&grams=1100&loss=5&raw_material=3.4&production=9.08").json()

    # 1.1 / 0.95 = 1.157895 kg bought for each kWh; 12.48 x 1.157895 = 14.450526
    assert answer["bought_kg_per_kwh"] == pytest.approx(1.1 / 0.95)
    assert answer["per_kwh_of_capacity"]["total"] == pytest.approx(14.450526, abs=1e-6)
    assert answer["per_kwh_of_capacity"]["raw_material"] + answer["per_kwh_of_capacity"]["production"] == pytest.approx(14.450526)
    assert answer["per_kwh_delivered"] is None
    assert client.get("/api/v1/kwh-footprint?footprint=12&grams=0").status_code == 422


@pytest.mark.parametrize(
    ("file", "begins"), [("gb-t-24067-pdf", b"%PDF-"), ("gb-t-24067-xlsx", b"PK"), ("iso-14067-pdf", b"%PDF-")]
)
def test_reports_are_handed_out_beside_the_formats(
    client: TestClient, sign_in: SignIn, declared: tuple[uuid.UUID, uuid.UUID], file: str, begins: bytes
) -> None:
    sign_in(Role.SALES)
    answer = client.get(f"/console/declared-footprints/{declared[0]}/exports/{file}")

    assert answer.content.startswith(begins)
    assert "attachment" in answer.headers["content-disposition"]
    assert f"exports/{file}" in client.get(f"/console/declared-footprints/{declared[0]}/exports").text
