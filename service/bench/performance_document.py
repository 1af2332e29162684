"""`docs/performance.md`: the tables of each last run between their marks, and the drawing beside it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from service.bench.comparisons import LcaReport, figure_rows, rows_of
from service.bench.growth import exponent
from service.bench.growth_plot import plot_growth
from service.bench.report import Report, figure_table, machine

PICTURE: Final = Path("pictures") / "lca-growth.svg"
"""Beside the document."""


class NoPlaceError(ValueError):
    """The document has no marks to write between."""


def write_document(report: LcaReport, document: Path, *, on: date) -> None:
    """Write a run's tables between the marks of a Markdown file, and its drawing into `pictures` beside it."""
    _write_between(document, "lca", _content(report, on=on))
    (document.parent / PICTURE).write_text(plot_growth(report.growth), encoding="utf-8")


def write_figures(report: Report, document: Path, *, name: str, on: date) -> None:
    """Write a run's figures between the marks `<!-- bench: name -->` and `<!-- end -->` of a Markdown file."""
    _write_between(document, name, "\n\n".join((_last_run(on), _table(figure_table(report)), *report.notes)))


def _write_between(document: Path, name: str, content: str) -> None:
    text = document.read_text(encoding="utf-8")
    block = re.compile(rf"(<!-- bench: {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not block.search(text):
        raise NoPlaceError(f"{document} has no lines “<!-- bench: {name} -->” and “<!-- end -->” to write between")
    document.write_text(block.sub(lambda match: f"{match[1]}\n{content}\n\n{match[2]}", text), encoding="utf-8")


def _last_run(on: date) -> str:
    found = machine()
    where = f"{on.isoformat()}, {found['cpus']} CPUs, load {found['load_1_min']:.1f}, Python {found['python']}, {found['system']}"
    return f"Last run: {where}."


def _content(report: LcaReport, *, on: date) -> str:
    return "\n\n".join(
        (
            _last_run(on),
            _table(rows_of(report)),
            "Done once before, or timed beside; not in the times above:",
            "\n".join(f"- {case.case}: {_further(case.further_s)}" for case in report.cases if case.further_s),
            _table(figure_rows(report)),
            _table([("grows with", "sizes", "seconds", "time ~ size to the power of"), *_growth_rows(report)]),
        )
    )


def _further(seconds: Mapping[str, float]) -> str:
    return "; ".join(f"{name} {value:.3g} s" for name, value in seconds.items())


def _growth_rows(report: LcaReport) -> Sequence[tuple[str, ...]]:
    return [
        (
            one.name,
            ", ".join(f"{size:,}" for size in one.sizes),
            ", ".join(f"{second:.2g}" for second in one.seconds),
            f"{exponent(one):.2f}",
        )
        for one in report.growth
    ]


def _table(rows: Sequence[Sequence[str]]) -> str:
    header, *body = rows
    lines = [header, ["---"] * len(header), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
