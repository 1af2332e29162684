"""`anodeprint model methods`, `guard` and `gwp` as a person or a script calls them."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from service.cli import model


def run(*arguments: str) -> Result:
    return CliRunner().invoke(model.app, list(arguments))


def answer(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_alternatives_are_listed_beside_the_chosen_ones() -> None:
    found = answer("methods", "--set", "packing_coke_allocation=mass")

    totals = {(one["topic"], one["choice"]): one for one in found["alternatives"]}
    assert found["total_kg_co2e"] == pytest.approx(9.13, abs=0.005)
    assert totals["packing_coke", "mass"]["is_chosen"]
    assert totals["packing_coke", "subdivision"]["total_kg_co2e"] == pytest.approx(12.48, abs=0.005)
    assert totals["gwp", "AR6"]["total_kg_co2e"] == pytest.approx(found["total_kg_co2e"], rel=1e-12)
    assert found["two_results"]["uptake"] == pytest.approx(-0.0327, abs=5e-5)


def test_a_person_reads_the_same_as_a_table() -> None:
    text = run("methods").stdout

    assert "packing_coke    none                 13.8331" in text
    assert "flows left out, by estimate: 1.13% of the result (at most 3 %)" in text


def test_the_guard_passes_the_shipped_model_and_fails_an_open_balance() -> None:
    assert answer("guard")["obstacles"] == []

    refused = run("guard", "--set", "milling_fines_recovered_share=0.1")

    assert refused.exit_code == 1
    assert "The mass balance of P1_milling_shaping is open" in refused.stdout


def test_a_calculation_takes_another_set_of_gwp100() -> None:
    assert answer("calculate", "--gwp", "AR4")["gwp"] == "AR4"
    assert "GWP100 AR5" in run("calculate", "--gwp", "AR5").stdout

    wrong = run("calculate", "--gwp", "AR7")

    assert wrong.exit_code == 2
    assert "gwp can't be “AR7”. Use one of: AR6, AR5, AR4." in wrong.stderr


def test_the_sets_are_listed_by_gas() -> None:
    assert answer("gwp")["AR5"]["CH4_fossil"] == 30
    assert "CF4" in run("gwp").stdout
