"""`anodeprint model` as a person or a script calls it."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lca_models.scenarios import shipped_scenarios
from service.cli.model import app

DATA = Path(str(files("lca_models") / "data"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answer(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("anodeprint: ")
    return result.stderr


def tables(*names: str, factors: str, product: str) -> list[str]:
    return [
        "calculate",
        *(part for name in names for part in ("--processes", str(DATA / name))),
        *("--factors", str(DATA / factors), "--product", product),
    ]


def test_the_default_is_12_48() -> None:
    found = answer("calculate")

    assert found["total_kg_co2e"] == pytest.approx(12.48, abs=0.02)
    assert found["electricity_kwh"] == pytest.approx(16.474, abs=0.001)
    assert set(found["by_stage"]) == {"P1", "P2", "P3", "P4", "P5", "P6", "P7"}
    assert {"by_process", "by_gas", "parameters", "model_version"} <= set(found)


def test_parameters_are_set_by_name() -> None:
    found = answer("calculate", "--set", "furnace=box", "--set", "electricity_kg_co2e_per_kwh=0.758")

    assert found["total_kg_co2e"] == pytest.approx(12.2, rel=0.01)
    assert found["parameters"]["furnace"] == "box"


def test_the_electricity_view_is_chosen_and_marked() -> None:
    found = answer("calculate", "--electricity", "province:CN-NM")

    assert found["electricity_view"] == {
        "key": "province:CN-NM",
        "name_en": "Inner Mongolia",
        "name_zh": "内蒙古",
        "kg_co2e_per_kwh": 0.7507,
        "status": "screening",
        "year": "2023",
    }
    assert "not official" in found["notices"][0]["text"]


def test_the_shipped_tables_give_the_default_as_anybodys_inventory() -> None:
    arguments = tables("unit_processes.csv", factors="upstream_factors.csv", product="anode_graphite_packed")

    found = answer(*arguments, "--use", "P3_graphitisation:acheson_crucible")

    assert found["total_kg_co2e"] == pytest.approx(12.482, abs=0.0005)
    assert found["uncharacterised"] == ["NMVOC", "NOx", "PM10", "SO2"]
    assert found["scaling"]["P1_milling_shaping"] == pytest.approx(1.0771, abs=0.0001)
    assert sum(found["by_process"].values()) == pytest.approx(found["total_kg_co2e"], rel=1e-12)


def test_the_furnace_must_be_picked_there() -> None:
    message = refused(*tables("unit_processes.csv", factors="upstream_factors.csv", product="anode_graphite_packed"))

    assert "P3_graphitisation:acheson_crucible, P3_graphitisation:box" in message
    assert "--use" in message


def test_the_literature_route_is_reproduced() -> None:
    names = ("literature_route.csv", "upstream_builds.csv")

    found = answer(*tables(*names, factors="literature_factors.csv", product="synthetic_graphite_battery_grade"))

    assert found["total_kg_co2e"] == pytest.approx(29.336, abs=0.0005)
    assert "U1_calcined_petroleum_coke" in found["scaling"]
    assert not {"U3_graphite_crucible_block", "U4_coal_tar_pitch"} & set(found["scaling"])


def test_unlinked_flows_are_all_listed_on_standard_error() -> None:
    message = refused(*tables("literature_route.csv", factors="literature_factors.csv", product="synthetic_graphite_battery_grade"))

    assert "calcined_petroleum_coke in L4_block:IyerKelly" in message
    assert "calcined_petroleum_coke in L5_coke_milling:Carrere" in message


def test_unknown_emissions_may_be_allowed(tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(
        "process,flow,direction,amount,unit\nA,a,reference,1,kg\nA,steam,emission_air,1,kg\nA,coke,input,2,kg\n", encoding="utf-8"
    )
    arguments = ["calculate", "--processes", str(mine), "--factors", str(DATA / "upstream_factors.csv"), "--product", "a"]
    arguments[4] = str(tmp_path / "factors.csv")
    (tmp_path / "factors.csv").write_text("flow,ef,unit\ncoke,0.5,tCO2e/t\n", encoding="utf-8-sig")

    assert "steam in A" in refused(*arguments)
    found = answer(*arguments, "--allow-uncharacterised")
    assert found["total_kg_co2e"] == 1.0
    assert found["uncharacterised"] == ["steam"]
    assert "counted as zero: steam (unknown)" in run(*arguments, "--allow-uncharacterised").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "furnace"], "--set furnace: write it as NAME=VALUE"),
        (["--set", "=1"], "write it as NAME=VALUE"),
        (["--set", "furnace="], "write it as NAME=VALUE"),
        (["--set", "toll_share=1", "--set", "toll_share=0"], "toll_share is given twice (1 and 0)"),
        (["--set", "yield=1"], "There is no parameter “yield”"),
        (["--set", "milling_yield=2"], "outside 0.3 to 1"),
        (["--electricity", "coal"], "There is no electricity view “coal”"),
        (["--product", "x"], "--product belongs to your own inventory; give --processes too"),
        (["--use", "x"], "--use belongs to your own inventory"),
        (["--processes", "nowhere.csv"], "--factors FILE.csv is missing"),
        (["--processes", "nowhere.csv", "--factors", "f.csv"], "--product FLOW is missing"),
        (
            ["--processes", "nowhere.csv", "--factors", "f.csv", "--product", "x"],
            "nowhere.csv can't be read: No such file or directory",
        ),
        (["--processes", "x.csv", "--set", "furnace=box"], "--set belongs to the shipped model"),
        (["--processes", "x.csv", "--electricity", "market"], "--electricity belongs to the shipped model"),
    ],
)
def test_bad_input_ends_with_code_2_and_says_what_to_do(arguments: list[str], message: str) -> None:
    assert message in refused("calculate", *arguments)


def test_views_are_listed() -> None:
    found = {view["key"]: view for view in answer("views")}

    # One of the nation, one of the market, one each for 30 provinces, the EU draft and the China label.
    assert len(found) == 34
    assert found["national"]["kg_co2e_per_kwh"] == 0.5777
    assert found["market"]["kg_co2e_per_kwh"] == 0.7082
    assert found["province:CN-GD"]["status"] == "screening"
    assert "province:CN-GD" in run("views").stdout


def test_parameters_are_listed_with_unit_and_range() -> None:
    found = {one["name"]: one for one in answer("parameters")}

    kwh = found["graphitization_electricity_kwh_per_kg"]
    assert (kwh["default"], kwh["unit"], kwh["low"], kwh["high"]) == (13.0, "kWh/kg", 10.0, 16.5)
    assert kwh["default_by_furnace"]["box"] == "9.5"
    assert found["furnace"]["choices"] == ["acheson_crucible", "box", "inner_string", "continuous"]
    listed = run("parameters").stdout
    assert "furnace = acheson_crucible choice  allowed acheson_crucible | box | inner_string | continuous" in listed
    assert all(name in listed for name in found)


def test_every_listed_parameter_can_be_set_to_its_default() -> None:
    for one in answer("parameters"):
        if not one["default_by_furnace"] or "acheson_crucible" in one["default_by_furnace"]:
            found = answer("calculate", "--set", f"{one['name']}={one['default']!r}".replace("'", ""))
            assert found["total_kg_co2e"] == pytest.approx(12.4819, abs=0.001), one["name"]


def test_verify_compares_engine_and_brightway_for_all_systems() -> None:
    found = answer("verify", "--draws", "5")

    systems = found["systems"]
    # Every furnace in every view, three GWP sets, every shipped scenario, and 5 drawn parameter vectors for each furnace.
    assert len(systems) == 4 * 34 + 3 + len(shipped_scenarios()) + 4
    assert [row["rows"] for row in systems[-4:]] == [5] * 4
    assert {row["furnace"] for row in systems} == {"acheson_crucible", "box", "inner_string", "continuous"}
    assert max(row["relative_difference"] for row in systems) <= 1e-12


def test_the_text_output_shows_total_stages_and_notes() -> None:
    """12.4819 + 16.4742 kWh x (0.7082 - 0.5777) = 14.6318."""
    text = run("calculate", "--electricity", "market").stdout

    assert text.startswith("14.6318 kg CO2e per kg packed anode")
    assert "P3" in text
    assert "note: No contracts are evidenced" in text


def test_scenarios_are_compared_with_a_base() -> None:
    rows = answer("scenarios", "--scenario", "furnace_box", "--scenario", "furnace_box+grid_2030_mid")

    assert [row["scenarios"] for row in rows] == [[], ["furnace_box"], ["furnace_box", "grid_2030_mid"]]
    assert round(rows[1]["total_kg_co2e"], 1) == 9.8
    assert rows[1]["difference_kg_co2e"] == pytest.approx(rows[1]["total_kg_co2e"] - rows[0]["total_kg_co2e"])
    assert [row["status"] for row in rows] == ["", "sourced", "assumption"]
    assert sum(rows[2]["by_stage"].values()) == pytest.approx(rows[2]["total_kg_co2e"])


def test_scenarios_print_the_library_and_name_conflicts() -> None:
    assert "grid_2060_high" in run("scenarios").stdout
    assert "grid_2060_low (0.0314) over grid_coal (0.9567)" in run("scenarios", "--scenario", "grid_coal+grid_2060_low").stdout


def test_a_grid_of_two_parameters_has_a_line_for_each_combination() -> None:
    found = answer("scenarios", "--grid", "finishing_yield=0.9:1:3", "--grid", "furnace=box,continuous")

    assert [axis["parameter"] for axis in found["axes"]] == ["finishing_yield", "furnace"]
    assert [len(row) for row in found["total_kg_co2e"]] == [2, 2, 2]
    lines = run("scenarios", "--grid", "finishing_yield=0.9:1:3", "--grid", "furnace=box,continuous").stdout.splitlines()
    assert len(lines) == 1 + 6


def test_a_scenario_may_lie_under_a_grid() -> None:
    found = answer("scenarios", "--scenario", "furnace_box", "--grid", "finishing_yield=0.95:1:2", "--set", "toll_share=1")

    expected = answer("calculate", "--set", "furnace=box", "--set", "finishing_yield=0.95", "--set", "toll_share=1")
    assert found["total_kg_co2e"][0] == pytest.approx(expected["total_kg_co2e"])


def test_sets_of_factors_are_listed_with_document_and_validity() -> None:
    found = {row["set"]: row for row in answer("factors", "list")}

    assert (found["footprint_2023"]["superseded_by"], found["footprint_2023"]["valid_to"]) == ("footprint_2024", "2025-10-22")
    assert found["direct_co2_2023"]["kind"] == "direct_co2"
    assert "2024 No. 12" in run("factors", "list").stdout


def test_what_another_set_changes_is_shown_before_anything_is_applied() -> None:
    found = answer("factors", "changes", "--from", "footprint_2023", "--to", "footprint_2024")

    first = found["results"][0]
    assert (first["furnace"], first["electricity"]) == ("acheson_crucible", "national")
    assert round(first["before_kg_co2e"], 1) == 13.2
    assert round(first["after_kg_co2e"], 1) == 12.5
    assert first["parameters"]["electricity_kg_co2e_per_kwh"] == [0.6205, 0.5777]
    assert "nothing is applied" in run("factors", "changes", "--from", "footprint_2023", "--to", "footprint_2024").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scenarios", "--scenario", "furnace_blast"], "There is no scenario"),
        (["scenarios", "--grid", "finishing=1:2:3"], "There is no parameter “finishing”"),
        (["factors", "changes", "--from", "footprint_2023", "--to", "direct_co2_2023"], "holds direct-CO2 factors"),
        (["factors", "changes", "--from", "footprint_2022", "--to", "footprint_2024"], "There is no factor set “footprint_2022”"),
    ],
)
def test_scenarios_and_factors_say_what_is_wrong(arguments: list[str], message: str) -> None:
    assert message in refused(*arguments)
