"""The drawings of the committee's page: geometry once, for the page and for paper alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.committee.gathering import Board
from service.committee.presented import Chart, Presented
from service.targets.catalogue import Basis
from service.web.charts_changes import Change, Waterfall, waterfall
from service.web.charts_paths import PathChart, Series, path_chart

_LOOKS: Final[Mapping[Basis, str]] = {
    Basis.CURRENT_PRICE: "actual",
    Basis.CONSTANT_PRICE: "forecast",
    Basis.PER_TONNE: "measures",
    Basis.ABSOLUTE: "required",
}
"""Which line of a path chart each basis is drawn as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawings:
    """What is drawn; None of a chart that lacks what it needs.

    Attributes
    ----------
    moved_labels
        The years that the steps lead from and to.

    """

    paths: PathChart | None
    moved: Waterfall | None
    moved_labels: Sequence[str]


def draw(board: Board, shown: Presented) -> Drawings:
    """Place the charts of what is shown."""
    charts = {section.key: section.chart for section in shown.sections if section.chart is not None}
    return Drawings(
        paths=_paths(charts["targets"]) if "targets" in charts else None,
        moved=_steps(board.moved.before, charts["moved"]) if board.moved is not None and "moved" in charts else None,
        moved_labels=() if board.moved is None else (str(board.moved.first), str(board.moved.last)),
    )


def _paths(chart: Chart) -> PathChart | None:
    years = [int(one) for one in chart.categories]
    series = [
        Series(
            kind=look,
            label=label,
            values={year: value for year, value in zip(years, values, strict=True) if value is not None},
        )
        for (label, values), look in zip(chart.series.items(), _LOOKS.values(), strict=True)
    ]
    return path_chart(series, None, unit=chart.unit)


def _steps(before: float, chart: Chart) -> Waterfall:
    (values,) = chart.series.values()
    changes = [Change(label=label, value=value or 0.0) for label, value in zip(chart.categories, values, strict=True)]
    return waterfall(before, changes, unit=chart.unit)
