from dataclasses import replace
from datetime import date
from pathlib import Path

from service.allocation.solving import solve
from service.bench.allocation import check_with_scipy, measure, random_problem
from service.bench.performance_document import write_figures


def test_the_benchmark_confirms_every_plan_and_writes_its_table(tmp_path: Path) -> None:
    report = measure(suppliers=40, materials=2, seeds=(0,))
    document = tmp_path / "performance.md"
    document.write_text("a\n<!-- bench: allocation -->\nold\n<!-- end -->\nb\n", encoding="utf-8")

    write_figures(report, document, name="allocation", on=date(2026, 11, 22))

    text = document.read_text(encoding="utf-8")
    assert not any(figure.errors for figure in report.figures)
    assert "| all pairs: cheapest plan |" in text
    assert "old" not in text
    assert text.startswith("a\n")
    assert text.endswith("b\n")


def test_a_plan_that_is_too_dear_or_too_good_to_be_true_is_not_confirmed() -> None:
    problem = random_problem(seed=0, suppliers=12, materials=2, share=1.0)
    answer, check = solve(problem), check_with_scipy(problem)

    assert check.agrees_with(answer, gap=1e-3)
    assert not check.agrees_with(replace(answer, cost=(answer.cost or 0) * 1.01), gap=1e-3)
    assert not check.agrees_with(replace(answer, cost=(answer.cost or 0) * 0.95), gap=1e-3)
