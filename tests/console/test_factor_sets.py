import html
import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.footprints.models import FootprintRecord
from service.modelling.models import ModelStatus
from service.modelling.queries import active_model, all_versions, get_version
from tests.builders import a_product
from tests.conftest import SignIn
from tests.footprints.builders import a_record
from tests.lca_models.test_factor_uploads import HEADER, NEW

Form = Callable[..., dict[str, str]]
FIELDS = {
    "key": "footprint_2025",
    "family": "footprint",
    "data_year": "2025",
    "name_zh": "2025年电力碳足迹因子",
    "name_en": "Electricity factors of 2025",
    "document": "Announcement 2026 No. 40",
    "licence": "official document",
    "published": "2026-01-10",
    "valid_from": "2026-01-10",
}


@pytest.fixture
def record(database: Database) -> FootprintRecord:
    with database.writing() as session:
        return a_record(session, a_product(session, grade="AG-350"))


def texts(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def upload(client: TestClient, form: Form, content: bytes, *, name: str = "factors.csv", **fields: str) -> tuple[int, str, str]:
    answer = client.post("/console/factor-sets", data=form(**{**FIELDS, **fields}), files={"file": (name, content)})
    return answer.status_code, answer.headers.get("location", ""), texts(answer.text)


def test_the_sets_are_listed_with_year_document_validity_and_standing(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)

    page = texts(client.get("/console/factor-sets").text)

    assert "Announcement 2025 No. 47" in page
    assert "2025-01-31 – 2025-10-22 Superseded by footprint_2024" in page
    assert "never in a product footprint" in page
    assert "Upload a new set" not in page


def test_what_another_set_changes_is_shown_by_footprint(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.AUDITOR)

    page = texts(client.get("/console/factor-sets/changes?before=footprint_2023&after=footprint_2024").text)
    found = client.get("/api/v1/factor-sets/changes?before=footprint_2023&after=footprint_2024").json()

    assert "−0.705" in page  # 16.474 kWh x (0.5777 - 0.6205)
    assert f"AG-350 {record.number}" in page
    assert found["results"][1]["number"] == record.number
    assert found["results"][1]["difference_kg_co2e"] == pytest.approx(record.result["electricity_kwh"] * (0.5777 - 0.6205))
    assert found["results"][1]["parameters"]["electricity_kg_co2e_per_kwh"] == [0.6205, 0.5777]


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ("direct_co2_2023", "“direct_co2_2023” holds direct-CO2 factors for company inventories"),
        ("footprint_2031", "There is no factor set “footprint_2031”"),
        ("screening_2023", "are of different families"),
    ],
)
def test_sets_that_can_not_be_compared_say_why(client: TestClient, sign_in: SignIn, after: str, message: str) -> None:
    sign_in(Role.ENGINEER)

    answer = client.get(f"/console/factor-sets/changes?before=footprint_2024&after={after}")

    assert answer.status_code == 409
    assert message in texts(answer.text)


def test_an_upload_begins_a_draft_and_changes_nothing_until_a_second_person_releases_it(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, record: FootprintRecord
) -> None:
    sign_in(Role.ENGINEER)

    status, location, _ = upload(client, form, (HEADER + NEW).encode())
    page = texts(client.get(location).text)

    assert (status, location.rpartition("/")[0]) == (303, "/console/factor-sets/drafts")
    assert "Nothing is applied yet" in page
    assert "From Electricity carbon footprint factors, data of 2024 to Electricity factors of 2025" in page
    assert f"AG-350 {record.number}" in page
    assert "0.5777 0.5400" in page
    with database.reading() as session:
        ((draft_id, version),) = [(one.id, one.version) for one in all_versions(session) if one.status is ModelStatus.DRAFT]
        assert active_model(session).electricity.in_force["footprint"] == "footprint_2024"
    own = client.post(f"/console/model/versions/{draft_id}/release", data=form(version=str(version)))
    assert own.status_code in {403, 409, 422}
    with database.reading() as session:
        assert get_version(session, draft_id).status is ModelStatus.DRAFT


def test_a_workbook_is_read_like_a_table(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER)
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for line in (HEADER + NEW).splitlines():
        sheet.append([float(cell) if re.fullmatch(r"\d+\.\d+", cell) else cell for cell in line.split(",")])
    content = io.BytesIO()
    workbook.save(content)

    assert upload(client, form, content.getvalue(), name="factors.xlsx")[0] == 303


@pytest.mark.parametrize(
    ("content", "fields", "message"),
    [
        (NEW.replace("0.5400,kgCO2e/kWh", "0.5400,kgCO2/kWh"), {}, "factors.csv, line 2, column unit: “kgCO2/kWh” is not allowed"),
        (NEW.replace("0.5400", "540"), {}, "factors.csv, line 2, column value: 540 is outside 0 to 2"),
        (NEW.replace("China,", "=1+1,", 1), {}, "would be run as a formula by spreadsheet programs"),
        (NEW, {"valid_from": "2199-01-01"}, "which is in the future. Upload it on that day"),
        (NEW, {"published": "2026-01-20"}, "can't be valid (2026-01-10) before it was published (2026-01-20)"),
        (NEW, {"published": "2025-10-01", "valid_from": "2025-10-01"}, "must begin later than that, not on 2025-10-01"),
        (NEW, {"key": "Footprint 2025"}, "“Footprint 2025” does not have the form expected"),
        (NEW, {"key": "footprint_2024"}, "There is a factor set “footprint_2024” already"),
    ],
)
def test_an_upload_that_can_not_be_used_keeps_what_was_typed(
    request: pytest.FixtureRequest, content: str, fields: dict[str, str], message: str
) -> None:
    client, sign_in, form, database = (request.getfixturevalue(name) for name in ("client", "sign_in", "form", "database"))
    sign_in(Role.ENGINEER)

    answer = client.post(
        "/console/factor-sets", data=form(**{**FIELDS, **fields}), files={"file": ("factors.csv", (HEADER + content).encode())}
    )

    assert answer.status_code == 422
    assert message in texts(answer.text)
    assert 'value="Electricity factors of 2025"' in answer.text
    with database.reading() as session:
        assert [one for one in all_versions(session) if one.status is ModelStatus.DRAFT] == []


def test_an_upload_without_file_says_so(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post("/console/factor-sets", data=form(**FIELDS))

    assert answer.status_code == 422
    assert "Please choose a file" in answer.text


def test_the_template_is_the_set_in_force(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    answer = client.get("/console/factor-sets/template.csv")

    text = answer.content.decode("utf-8-sig")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert text.startswith("region_code,region,region_zh,kind,value,unit,confidence,note")
    assert "pcf_lifecycle_average,0.5777,kgCO2e/kWh" in text


def test_the_views_of_a_footprint_stand_beside_each_other(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.REVIEWER)

    page = texts(client.get(f"/console/footprints/{record.id}/electricity").text)

    for name in ("National average", "Provinces of the plants", "Contracts", "EU draft act", "China label"):
        assert name in page
    assert "Final text not confirmed" in page
    assert "Electricity carbon footprint factors, data of 2024" in page
    assert "0.7082" in page
