"""The comparison with plain Brightway compares what it says; how fast it is, is none of a test's business."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from service.bench.comparisons import Comparison, Growth, LcaReport, Reach, largest_relative_difference, publish
from service.bench.growth import exponent
from service.bench.growth_plot import plot_growth
from service.bench.performance_document import NoPlaceError, write_document
from service.bench.report import Figure, Goal

# In a process of its own, because Brightway's project package changes the process that imports it.
TINY = """
import warnings
warnings.simplefilter("ignore")
from lca_models.model import load_model
from service.bench.comparisons import LcaReport, to_json
from service.bench.growth import measure_growth
from service.bench.lca import Sizes, calculation_cases
from service.bench.large_background import prepare
from service.bench.replay import brightway_folder
sizes = Sizes(draws=6, scenarios=24, scenarios_replayed=24, background=200, static_replayed=4, iterative_replayed=3, plainly=2,
              variants=5, variants_replayed=3)
with brightway_folder():
    model = load_model()
    prepared = prepare(model, size=sizes.background, draws=sizes.draws)
    growth = measure_growth(model, draws=(2, 4), scenarios=(12, 24), backgrounds=(200, 250), on_background=3)
    print(to_json(LcaReport(cases=tuple(calculation_cases(model, prepared, sizes)), growth=tuple(growth))))
"""
CASES = {
    "one_footprint": (1, 1),
    "monte_carlo_foreground": (6, 6),
    "monte_carlo_static_background": (6, 4),
    "monte_carlo_uncertain_background": (6, 3),
    "supplier_variants": (5, 3),
    "scenarios": (24, 24),
}
A_CASE = Comparison(
    case="one_footprint",
    n=10,
    ours_s=0.002,
    theirs_s=0.5,
    theirs_n=5,
    theirs="bw2calc.LCA",
    max_relative_difference=1e-15,
    reach=Reach(ratio=100, ours_s=0.003),
    further_s={"theirs, once": 1.25},
)
GROWTH = (
    Growth(name="draws", sizes=(100, 1000, 10_000), seconds=(0.01, 0.1, 1.0)),
    Growth(name="draws, by activities", sizes=(200, 20_000), seconds=(0.002, 0.002)),
)


@pytest.fixture(scope="module")
def tiny() -> dict[str, Any]:
    run = subprocess.run([sys.executable, "-c", TINY], capture_output=True, text=True, check=True)
    report: dict[str, Any] = json.loads(run.stdout)
    return report


@pytest.mark.parametrize("case", CASES)
def test_both_sides_of_a_case_give_the_same_results(tiny: dict[str, Any], case: str) -> None:
    found = next(one for one in tiny["cases"] if one["case"] == case)

    assert (found["n"], found["theirs_n"]) == CASES[case]
    assert found["agrees"]
    assert found["max_relative_difference"] <= found["tolerance"] <= 1e-10
    assert found["ratio"] == pytest.approx(found["theirs_s"] / found["ours_s"])


def test_the_cases_are_those_that_were_asked_for(tiny: dict[str, Any]) -> None:
    assert [one["case"] for one in tiny["cases"]] == list(CASES)


def test_growth_is_measured_at_every_size(tiny: dict[str, Any]) -> None:
    assert [one["sizes"] for one in tiny["growth"]] == [[2, 4], [12, 24], [200, 250], [200, 250]]
    assert all(second > 0 for one in tiny["growth"] for second in one["seconds"])


@pytest.mark.parametrize(
    ("change", "holds", "agrees"),
    [
        ({}, True, True),
        ({"ours_s": 0.004}, False, True),
        ({"theirs_s": 0.1}, False, True),
        ({"max_relative_difference": 2e-12}, False, False),
        ({"max_relative_difference": float("nan")}, False, False),
        ({"max_relative_difference": 2e-12, "tolerance": 1e-10}, True, True),
        ({"errors": 1}, False, True),
        ({"reach": Reach(per_s=400, p99_ms=60), "per_s": 500.0, "p99_ms": 50.0}, True, True),
        ({"reach": Reach(per_s=400, p99_ms=60), "per_s": 500.0, "p99_ms": 70.0}, False, True),
        ({"reach": Reach(per_s=400, p99_ms=60), "per_s": 300.0, "p99_ms": 50.0}, False, True),
    ],
)
def test_a_case_holds_if_it_agrees_and_reaches_all_it_should(change: dict[str, Any], *, holds: bool, agrees: bool) -> None:
    case = replace(A_CASE, **change)

    assert (case.holds, case.agrees) == (holds, agrees)


def test_a_run_with_a_case_that_differs_or_errs_has_failed() -> None:
    assert LcaReport(cases=[A_CASE]).agrees
    assert not LcaReport(cases=[A_CASE, replace(A_CASE, max_relative_difference=1e-11)]).agrees
    assert not LcaReport(cases=[replace(A_CASE, errors=1)]).agrees


def test_the_difference_is_relative_to_the_larger_of_both() -> None:
    assert largest_relative_difference(np.array([1.0, -4.0, 0.0]), np.array([1.0, -5.0, 0.0])) == pytest.approx(0.2)
    assert largest_relative_difference(np.array([0.0]), np.array([1e-300])) == 1.0


def test_a_report_is_a_table_and_json(tmp_path: Path) -> None:
    memory = Figure(name="memory", value=130.0, unit="MiB", goal=Goal(floor=250, target=250, more_is_better=False))
    file = tmp_path / "lca.json"

    table = publish(LcaReport(cases=[A_CASE], figures=[memory], growth=GROWTH), as_json=False, output=file)

    assert "one_footprint  10  2 ms  500 ms (scaled from 5)  250x   1e-15       >= 100x, <= 3 ms  ok" in table
    assert "memory  130 MiB   <= 250 MiB  ok" in table
    case = json.loads(file.read_text())["cases"][0]
    wanted = {"case": "one_footprint", "ours_s": 0.002, "theirs_s": 0.5, "ratio": 250.0, "max_relative_difference": 1e-15, "n": 10}
    assert case.items() >= wanted.items()


def test_growth_is_a_power_of_the_size() -> None:
    assert exponent(GROWTH[0]) == pytest.approx(1.0)
    assert exponent(Growth(name="flat", sizes=(1, 10, 100, 1000), seconds=(9.0, 2.0, 2.0, 2.0))) == pytest.approx(0.0)
    assert exponent(Growth(name="square", sizes=(1, 10), seconds=(1.0, 100.0))) == pytest.approx(2.0)


def test_the_plot_names_every_line_and_draws_linear_growth_straight() -> None:
    root = ET.fromstring(plot_growth(GROWTH))  # noqa: S314 - our own drawing

    texts = [" ".join("".join(one.itertext()).split()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"draws", "draws by activities", "1,000", "100 ms"} <= set(texts)
    lines = [one.get("d", "") for one in root.iter("{http://www.w3.org/2000/svg}path") if one.get("fill") == "none"]
    (x1, y1), (x2, y2), (x3, y3) = (tuple(map(float, point.split())) for point in lines[0].removeprefix("M").split("L"))
    assert (y2 - y1) / (x2 - x1) == pytest.approx((y3 - y2) / (x3 - x2), rel=1e-2)


def test_a_run_is_written_between_the_marks_of_the_document(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    document = tmp_path / "performance.md"
    document.write_text("before\n<!-- bench: lca -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")

    write_document(LcaReport(cases=[A_CASE], growth=GROWTH), document, on=date(2026, 11, 22))

    text = document.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- bench: lca -->\n")
    assert text.endswith("\n<!-- end -->\nafter\n")
    assert "old" not in text
    assert "Last run: 2026-11-22" in text
    assert "| one_footprint | 10 | 2 ms | 500 ms (scaled from 5) | 250x | 1e-15 | >= 100x, <= 3 ms | ok |" in text
    assert "- one_footprint: theirs, once 1.25 s" in text
    assert "| draws | 100, 1,000, 10,000 | 0.01, 0.1, 1 | 1.00 |" in text
    assert (tmp_path / "pictures" / "lca-growth.svg").exists()


def test_a_document_without_marks_is_refused(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("no marks", encoding="utf-8")

    with pytest.raises(NoPlaceError, match="no lines"):
        write_document(LcaReport(cases=[A_CASE], growth=GROWTH), document, on=date(2026, 11, 22))


def test_a_worker_in_a_process_of_its_own_says_what_it_took() -> None:
    command = [sys.executable, "-m", "service.bench.calculation_worker"]

    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert said["first_s"] > 0
    assert 50 < said["peak_mib"] < 2000


@pytest.mark.long
def test_answers_over_http_are_brightways(capfd: pytest.CaptureFixture[str]) -> None:
    from service.bench.footprint_http import http_footprint  # noqa: PLC0415 - only this test needs a server

    found = http_footprint(seconds=0.5, settling_s=0.0)

    assert found.agrees
    assert found.errors == 0
    assert found.per_s
    capfd.readouterr()
