"""Every export gives its receiver the score of the model, also after the receiver changed parameters."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import olca_schema
import pytest

from lca_models import load_model
from lca_models.batch import calculate_batch
from lca_models.calculation import calculate_footprint
from lca_models.emissions import GwpSet
from lca_models.errors import ModelError
from lca_models.formulas import evaluate, parse_formula
from lca_models.interchange import excel, openlca, project
from lca_models.interchange.as_brightway import as_database, score
from lca_models.interchange.database import ActivityExchange, Database
from lca_models.model import read_model, shipped_tables
from tests.lca_models.interchange.receiving import NO_HOME, receive_workbooks, run

# A furnace, a yield, a factor that several processes take, and one that another parameter follows by default.
CHANGES = {
    "graphitization_electricity_kwh_per_kg": 10.0,
    "milling_yield": 0.8,
    "electricity_kg_co2e_per_kwh": 0.4,
    "coal_tar_pitch_kg_co2e_per_kg": 0.9,
}
SINGLE_PRECISION = 1e-6
MODEL = load_model()


@pytest.mark.parametrize("furnace", MODEL.parameter("furnace").choices)
@pytest.mark.parametrize("electricity", ["national", "market", "province:CN-NM"])
@pytest.mark.parametrize("gwp", list(GwpSet))
def test_the_database_alone_gives_the_score_of_the_model(furnace: str, electricity: str, gwp: GwpSet) -> None:
    database = as_database(MODEL, {"furnace": furnace}, electricity=electricity, gwp=gwp)

    footprint = calculate_footprint(MODEL, {"furnace": furnace}, electricity=electricity, gwp=gwp, check=False)
    assert score(database) == pytest.approx(footprint.total_kg_co2e, rel=1e-12)
    assert database.total_kg_co2e == pytest.approx(footprint.total_kg_co2e, rel=1e-14)


def test_activities_are_unique_by_name_unit_and_location_and_codes_are_words() -> None:
    database = as_database(MODEL)

    nodes = [(one.name, one.unit, one.location) for one in database.activities]
    assert len(set(nodes)) == len(nodes)
    assert len(database.inputs) == len(database.activities) + len(database.flows)
    for code in database.inputs:
        with pytest.raises(ValueError, match="could not convert"):
            float(code)


@pytest.mark.parametrize("name", ["7", "1e5", "mill::two"])
def test_a_process_whose_name_importers_would_misread_is_refused(name: str) -> None:
    tables = {file: content.replace(b"P6_site_utilities", name.encode()) for file, content in shipped_tables().items()}

    with pytest.raises(ModelError, match="can't be exported"):
        as_database(read_model(tables, version="1"))


def test_a_factor_set_by_somebody_is_not_split_by_gas_any_more() -> None:
    split = as_database(MODEL).inputs["natural_gas_kg_co2e_per_nm3"]
    whole = as_database(MODEL, {"natural_gas_kg_co2e_per_nm3": 3.0}).inputs["natural_gas_kg_co2e_per_nm3"]

    assert {one.input for one in split.exchanges if one.type == "biosphere"} > {"CO2_fossil", "CH4_fossil", "upstream_unsplit"}  # type: ignore[union-attr]
    assert [(one.input, one.amount) for one in whole.exchanges if one.type == "biosphere"] == [("upstream_unsplit", 3.0)]  # type: ignore[union-attr]


def test_settings_that_are_not_the_defaults_make_a_database_of_another_name() -> None:
    names = {
        as_database(MODEL).name,
        as_database(MODEL, {"furnace": "box"}).name,
        as_database(MODEL, electricity="market").name,
        as_database(MODEL, gwp=GwpSet.AR5).name,
    }

    assert len(names) == 4
    assert as_database(MODEL).name == f"anodeprint {MODEL.model_version}"


def test_uncertainty_stands_on_parameters_and_on_no_amount_that_follows_them() -> None:
    database = as_database(MODEL)

    assert all(not (one.formula and one.uncertainty) for activity in database.activities for one in activity.exchanges)
    kwh = next(one for one in database.parameters if one.name == "graphitization_electricity_kwh_per_kg")
    default = MODEL.parameter(kwh.name).default_for("acheson_crucible")
    assert default is not None
    assert kwh.uncertainty is not None
    fields = kwh.uncertainty.as_stats_arrays()
    assert (fields["uncertainty type"], fields["minimum"], fields["maximum"]) == (5, default.low, default.high)


@pytest.mark.parametrize(("given", "view"), [({}, "national"), ({"furnace": "continuous", "toll_share": 0.3}, "market")])
def test_the_workbook_gives_the_same_score_in_brightway_2_5(given: dict[str, float | str], view: str, tmp_path: Path) -> None:
    database = as_database(MODEL, given, electricity=view)
    own = {name: value for name, value in CHANGES.items() if view == "national" or "electricity_kg" not in name}

    found = receive_workbooks(database, own, folder=tmp_path)

    changed = calculate_footprint(MODEL, {**given, **own}, electricity=view, check=False).total_kg_co2e
    assert found["before"]["exact"] == pytest.approx(database.total_kg_co2e, rel=1e-12)
    assert found["after"]["exact"] == pytest.approx(changed, rel=1e-12)
    assert changed != pytest.approx(database.total_kg_co2e, rel=0.01)
    assert found["before"]["score"] == pytest.approx(database.total_kg_co2e, rel=SINGLE_PRECISION)
    assert found["after"]["score"] == pytest.approx(changed, rel=SINGLE_PRECISION)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_same_workbook_gives_the_same_score_in_brightway2(tmp_path: Path) -> None:
    python = legacy_python(tmp_path / "legacy")
    database = as_database(MODEL)

    found = receive_workbooks(database, CHANGES, folder=tmp_path, python=python)

    changed = calculate_footprint(MODEL, CHANGES, check=False).total_kg_co2e
    assert found["before"]["exact"] == pytest.approx(database.total_kg_co2e, rel=1e-12)
    assert found["after"]["exact"] == pytest.approx(changed, rel=1e-12)
    assert found["before"]["score"] == pytest.approx(database.total_kg_co2e, rel=SINGLE_PRECISION)
    assert found["after"]["score"] == pytest.approx(changed, rel=SINGLE_PRECISION)


def legacy_python(folder: Path) -> Path:
    """Return the Python of an environment with `brightway2`; skip if it can't be installed here."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "brightway2==2.4.7"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"brightway2 2.4.7 can't be installed here: {done.stderr[-300:]}")
    return python


def test_the_project_archive_restores_to_the_same_score_and_looks_up_no_host(tmp_path: Path) -> None:
    database = as_database(MODEL)
    (tmp_path / "inventory.xlsx").write_bytes(excel.write_inventory(database))
    (tmp_path / "method.xlsx").write_bytes(excel.write_method(database))

    seen = run("spied_archive.py", str(tmp_path), json.dumps(database.method), folder=tmp_path)
    found = run(
        *("receiver.py", str(tmp_path / "project.tar.gz"), json.dumps(database.method), database.product.code, json.dumps(CHANGES)),
        folder=tmp_path,
    )

    assert seen == {"hosts": [], "spy_works": True, "written_beside": []}
    changed = calculate_footprint(MODEL, CHANGES, check=False).total_kg_co2e
    assert found["before"]["exact"] == pytest.approx(database.total_kg_co2e, rel=1e-12)
    assert found["after"]["exact"] == pytest.approx(changed, rel=1e-12)
    assert found["before"]["score"] == pytest.approx(database.total_kg_co2e, rel=SINGLE_PRECISION)


def test_the_openlca_archive_gives_the_same_score_through_bw2io(tmp_path: Path) -> None:
    database = as_database(MODEL, {"furnace": "box"}, gwp=GwpSet.AR5)
    with zipfile.ZipFile(io.BytesIO(openlca.write_json_ld(database))) as archive:
        archive.extractall(tmp_path / "json")

    found = run("openlca_receiver.py", str(tmp_path / "json"), openlca.process_id(database, database.product.code), folder=tmp_path)

    assert found["exact"] == pytest.approx(database.total_kg_co2e, rel=1e-12)
    assert found["score"] == pytest.approx(database.total_kg_co2e, rel=SINGLE_PRECISION)


def test_the_openlca_archive_is_the_same_byte_for_byte_and_has_formulas_and_distributions() -> None:
    database = as_database(MODEL)
    content = openlca.write_json_ld(database)

    assert content == openlca.write_json_ld(as_database(MODEL))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parameters = [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("parameters/")]
        processes = [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("processes/")]
    known = {one["name"]: one for one in parameters}
    assert known["graphitization_electricity_kwh_per_kg"]["uncertainty"]["distributionType"] == "TRIANGLE_DISTRIBUTION"
    assert known["coating_pitch_kg_co2e_per_kg"]["formula"] == "coal_tar_pitch_kg_co2e_per_kg"
    formulas = [one["amountFormula"] for process in processes for one in process["exchanges"] if "amountFormula" in one]
    assert "graphitization_electricity_kwh_per_kg" in formulas
    assert olca_schema.Process.from_dict(processes[0]).exchanges


def test_openlca_formulas_separate_arguments_by_semicolons() -> None:
    assert openlca._formula("max(a, 0)*min(b, 1)") == "max(a; 0)*min(b; 1)"


def test_importing_the_exporters_imports_no_brightway_project() -> None:
    names = ", ".join(module.__name__ for module in (excel, openlca, project))
    probe = f"import sys, {names}; assert not {{'bw2data', 'bw2io'}} & set(sys.modules)"

    subprocess.run([sys.executable, "-c", probe], env=os.environ | {"HOME": NO_HOME}, check=True, timeout=60)


def test_a_calculation_with_its_check_needs_no_home_and_looks_up_no_host(tmp_path: Path) -> None:
    assert run("spied_calculation.py", folder=tmp_path) == {"hosts": [], "spy_works": True, "has_bw2data": False, "agrees": True}


def recalculated(database: Database, changes: Mapping[str, float]) -> float:
    """Return the score after parameters changed, calculated from the database's own formulas alone."""
    rows = {one.name: one for one in database.parameters}

    def value_of(name: str) -> float:
        if name in changes:
            return changes[name]
        return float(evaluate(parse_formula(rows[name].formula), value_of)) if rows[name].formula else rows[name].amount

    def exchange(one: ActivityExchange) -> ActivityExchange:
        return replace(one, amount=float(evaluate(parse_formula(one.formula), value_of))) if one.formula else one

    activities = [replace(one, exchanges=tuple(map(exchange, one.exchanges))) for one in database.activities]
    return score(replace(database, activities=tuple(activities)))


CHOICES = [{}, *({one.name: choice} for one in MODEL.parameters for choice in one.choices[1:])]


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_a_receiver_may_change_any_exported_parameter_by_itself(choices: dict[str, float | str]) -> None:
    database = as_database(MODEL, choices)

    for one in database.parameters:
        if one.name in MODEL.definitions:
            changes = {one.name: one.amount * 0.99 if one.amount else 0.01}
            wanted = calculate_batch(MODEL, {**choices, **changes}).total_kg_co2e[0]
            assert recalculated(database, changes) == pytest.approx(wanted, rel=1e-12), one.name
