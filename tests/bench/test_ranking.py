from datetime import date
from pathlib import Path

from service.bench.performance_document import write_figures
from service.bench.ranking import measure


def test_the_benchmark_agrees_with_pymcdm_and_writes_its_table(tmp_path: Path) -> None:
    report = measure(suppliers=30, criteria=4, samples=200)
    document = tmp_path / "performance.md"
    document.write_text("<!-- bench: ranking -->\nold\n<!-- end -->\n", encoding="utf-8")

    write_figures(report, document, name="ranking", on=date(2026, 11, 22))

    text = document.read_text(encoding="utf-8")
    assert not any(figure.errors for figure in report.figures)
    assert "| weights and all values |" in text
    assert "| pymcdm's weighted sum, scaled from 20 draws |" in text
