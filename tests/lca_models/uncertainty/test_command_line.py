"""`anodeprint model uncertainty` and `anodeprint model compare` as a person or a script calls them."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from service.cli import app

KWH = "graphitization_electricity_kwh_per_kg"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["model", *arguments])


def answer(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_default_has_a_median_above_its_point_value() -> None:
    found = answer("uncertainty", "--draws", "4096")["views"]["national"]

    assert found["point_kg_co2e"] == pytest.approx(12.48, abs=0.01)
    assert found["median_kg_co2e"] == pytest.approx(14.0, abs=0.15)
    assert found["percentiles_kg_co2e"]["P5"] < found["median_kg_co2e"] < found["percentiles_kg_co2e"]["P90"]
    assert next(iter(found["variance"])) == KWH
    assert {one["parameter"] for one in found["parameters"]} > {KWH, "milling_yield"}


def test_each_view_is_answered_by_itself() -> None:
    found = answer("uncertainty", "--electricity", "national", "--electricity", "market", "--draws", "300")["views"]

    assert set(found) == {"national", "market"}
    assert found["national"]["median_kg_co2e"] < found["market"]["median_kg_co2e"]


def test_the_same_seed_gives_the_same_answer() -> None:
    first, again, other = (answer("uncertainty", "--draws", "300", "--seed", seed) for seed in ("5", "5", "6"))

    assert first == again
    assert first["views"] != other["views"]


def test_better_evidence_makes_the_result_surer() -> None:
    metered, estimated = (
        answer("uncertainty", "--set", f"{KWH}=13", "--evidence", f"{KWH}={kind}")["views"]["national"]
        for kind in ("metered", "estimated")
    )

    assert metered["sd_kg_co2e"] < estimated["sd_kg_co2e"]
    assert metered["variance"][KWH] < estimated["variance"][KWH]


def test_a_distribution_can_be_given() -> None:
    found = answer("uncertainty", "--distribution", f"{KWH}=triangular:9,11,12", "--draws", "300")["views"]["national"]

    described = next(one for one in found["parameters"] if one["parameter"] == KWH)
    assert described["distributions"] == ["triangular 9 to 12"]
    assert described["basis"] == ["given"]


def test_sobol_indices_come_on_demand() -> None:
    found = answer("uncertainty", "--draws", "300", "--sobol", "64")["views"]["national"]["sobol"]

    assert set(found["first"]) == set(found["total"])
    assert found["evaluations"] == 64 * (len(found["total"]) + 2)


def test_the_answer_for_people_says_why_median_and_point_value_differ() -> None:
    result = run("uncertainty", "--draws", "500", "--sobol", "64")

    assert result.exit_code == 0
    assert "ranges that reach farther up lift the median above it" in result.stdout
    assert "point value 12.4819" in result.stdout
    assert "first order" in result.stdout


def test_two_footprints_are_compared_with_common_draws() -> None:
    found = answer("compare", "--set", "furnace=box", "--against", "furnace=acheson_crucible")

    assert found["probability_first_lower"] > 0.95
    assert found["point_difference_kg_co2e"] == pytest.approx(9.8 - 12.48, abs=0.1)
    assert found["difference_sd_kg_co2e"] < found["difference_sd_if_independent_kg_co2e"]


def test_two_views_are_compared_in_words() -> None:
    result = run("compare", "--electricity", "province:CN-SC", "--against-electricity", "province:CN-NM", "--draws", "500")

    assert result.exit_code == 0
    assert "the first is lower in 100.0 of 100 cases" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--draws", "0"], "0 draws are not possible. Ask for 2 to 100000"),
        (["--draws", "1000000"], "1000000 draws are not possible"),
        (["--seed", "-1"], "The seed -1 is negative"),
        (["--sampling", "sobol"], "power of two, not 1000. Use 1024 draws"),
        (["--sampling", "gibbs"], "--sampling gibbs: use one of: random, latin-hypercube, sobol"),
        (["--sobol", "100"], "100 base points are not possible: use a power of two"),
        (["--electricity", "province:CN-XX"], "There is no electricity view “province:CN-XX”"),
        (["--evidence", "milling_yield"], "--evidence milling_yield: write it as NAME=WORD"),
        (["--evidence", "a=metered", "--evidence", "a=billed"], "--evidence a is given twice"),
        (["--evidence", "milling_yield=metered"], "milling_yield has evidence “metered”, but no value"),
        (
            ["--distribution", "milling_yield=triangular:0.9,0.8,0.7"],
            "--distribution milling_yield: The range from 0.9 to 0.7 is empty",
        ),
        (
            ["--distribution", "milling_yield=lognormal:0.9,-1.1"],
            "--distribution milling_yield: A geometric standard deviation of -1.1",
        ),
        (["--distribution", "furnace=fixed:1"], "furnace can't be"),
        (
            ["--distribution", "milling_yield=fixed:0.9", "--set", "milling_yield=0.8"],
            "milling_yield has a value and a distribution",
        ),
        (["--draws", "30"], "30 draws are too few to tell"),
    ],
)
def test_what_can_not_be_simulated_is_one_line_with_the_fix(arguments: list[str], words: str) -> None:
    result = run("uncertainty", *arguments)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
