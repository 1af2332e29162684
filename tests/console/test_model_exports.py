import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from lca_models import load_model
from lca_models.calculation import calculate_footprint
from lca_models.interchange.model_import import calculate_import, read_inventory
from lca_models.interchange.sheets import read_sheets
from service.accounts.models import Role, User
from service.interchange import ExportFormat
from service.suppliers import spreadsheet

SignIn = Callable[..., User]
MODEL = load_model()


def name(ending: str) -> str:
    version = MODEL.model_version.replace("+", "-")
    return f'attachment; filename="anodeprint-{version}-{ending}"'


def test_the_excel_download_holds_both_workbooks_and_the_score(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    answer = client.get("/console/model/exports/excel")

    assert answer.headers["content-disposition"] == name("excel.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        inventory, method, notes = sorted(archive.namelist(), key=lambda one: (one.endswith(".txt"), "method" in one))
        sheets = read_sheets(spreadsheet.read_sheets(archive.read(inventory))["sheets"], file=inventory)
        assert method.endswith("-method.xlsx")
        assert MODEL.content_hash in archive.read(notes).decode()
    result = calculate_import(MODEL, read_inventory(sheets, model=MODEL, factors={}))
    assert result.solution.total_kg_co2e == pytest.approx(calculate_footprint(MODEL, check=False).total_kg_co2e, rel=1e-12)


def test_the_openlca_download_is_an_archive_of_schema_2(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)

    answer = client.get("/console/model/exports/openlca")

    assert answer.headers["content-disposition"] == name("openlca.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert json.loads(archive.read("olca-schema.json")) == {"version": 2}


def test_the_brightway_download_is_a_project_archive(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.REVIEWER)
    before = set(sys.modules)

    answer = client.get("/console/model/exports/brightway")

    assert answer.headers["content-disposition"] == name("brightway.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        names = archive.getnames()
    assert len({one.partition("/")[0] for one in names}) == 1
    assert not {"bw2data", "bw2io"} & (set(sys.modules) - before)  # that happens in a process of its own
    assert any(one.endswith("/lci/databases.db") for one in names)
    assert client.get("/console/model/exports/brightway").content == answer.content  # made once


def test_the_model_leaves_the_company_only_with_those_who_work_on_it(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SALES)
    assert client.get("/console/model/exports/excel").status_code == 403

    sign_in(Role.ENGINEER)
    assert client.get("/console/model/exports/simapro").status_code == 404


def test_the_versions_page_offers_the_downloads_to_those_who_may_take_them(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)
    shown = client.get("/console/model/versions").text
    for wanted in ExportFormat:
        assert f'href="/console/model/exports/{wanted}"' in shown

    sign_in(Role.SALES)
    assert "/console/model/exports/" not in client.get("/console/model/versions").text
