"""Why emissions, or emissions per output, changed between two years."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from lca_models.errors import ModelError
from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.company_inventory.words import subject_words
from service.console.choices import Options, read_filter
from service.console.target_words import EFFECTS, target_tabs
from service.i18n import Locale, translate
from service.plan.policies import PLAN_READERS
from service.products.queries import all_plants
from service.targets.catalogue import Indicator, unit_of
from service.targets.changes import Cell, Explanation, Question, explain
from service.targets.definitions import reading_of
from service.targets.figures import YearFigures
from service.targets.gathering import closed_years, figures_of
from service.targets.words import BASES
from service.web.charts_changes import Change, Waterfall, waterfall
from service.web.forms import FormInput, FormState

router = APIRouter()

NOISE: Final = 1e-9
"""Of the largest cell's change; what is less comes from the last digits of a division."""


class ChangeFilter(FormInput):
    """What the address of the page may hold; without years the first and the last closed one."""

    first: int | None = Field(default=None, ge=2000, le=2100)
    last: int | None = Field(default=None, ge=2000, le=2100)
    question: Question = Question.CURRENT_PRICE


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLine:
    """The effects of one plant and carrier."""

    plant: str
    carrier: str
    effects: Sequence[float]
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The change in one sentence: by how many per cent, and the effects that pushed it up and down most."""

    change: float
    per_tonne: float | None
    up: tuple[str, float] | None
    down: tuple[str, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """The change between two years.

    Attributes
    ----------
    effects
        Name, from end to end, and year by year added up.
    steps
        Each year's step with its effects in the same order.

    """

    tabs: Sequence[tuple[str, str, bool]]
    years: Options
    questions: Options
    first: int | None
    last: int | None
    question: Question
    form: FormState
    unit: str
    basis: str
    explanation: Explanation | None
    obstacle: str | None
    chart: Waterfall | None
    summary: Summary | None
    effects: Sequence[tuple[str, float, float]]
    steps: Sequence[tuple[str, str, float, Sequence[float]]]
    cells: Sequence[CellLine]
    effect_columns: list[tuple[str, str]]
    is_sample: bool


@router.get("/console/plan/changes")
@endpoint(PLAN_READERS)
def show_changes(context: Context) -> Response:
    """Explain the change between two closed years."""
    wanted, form = read_filter(ChangeFilter, context.request, context.locale)
    closed = closed_years(context.session)
    first = wanted.first if wanted.first in closed else next(iter(closed), None)
    last = wanted.last if wanted.last in closed else next(reversed(closed), None)
    reading = reading_of(context.session)
    years = [
        figures_of(context.session, year, reading, at=context.at)
        for year in closed
        if first is not None and last is not None and first <= year <= last
    ]
    return render_page(context, "console/changes.html", _page(context, wanted.question, years, closed, form))


def _page(
    context: Context, question: Question, years: Sequence[YearFigures], closed: Sequence[int], form: FormState
) -> ChangesPage:
    locale = context.locale
    found, obstacle = _explained(years, question, locale)
    names = [translate(locale, text) for text in EFFECTS.values()]
    return ChangesPage(
        tabs=target_tabs(context),
        years=[(str(year), str(year)) for year in closed],
        questions=[(one.value, translate(locale, BASES[one.basis])) for one in Question],
        first=years[0].year if years else None,
        last=years[-1].year if years else None,
        question=question,
        form=form,
        unit=unit_of(Indicator.CO2, question.basis),
        basis=translate(locale, BASES[question.basis]),
        explanation=found,
        obstacle=obstacle,
        chart=_chart(found, names) if found else None,
        summary=_summary(found, years, locale) if found else None,
        effects=_effects(found, names) if found else (),
        steps=_steps(found) if found else (),
        cells=_cells(context, found.cells) if found else (),
        effect_columns=[(name, "number") for name in names],
        is_sample=any(one.is_sample for one in years),
    )


def _explained(years: Sequence[YearFigures], question: Question, locale: Locale) -> tuple[Explanation | None, str | None]:
    try:
        return explain(years, question), None
    except ModelError as error:
        return None, translate(locale, error.template, **error.values)


def _chart(found: Explanation, names: Sequence[str]) -> Waterfall:
    changes = [Change(label=name, value=found.end_point[key]) for key, name in zip(EFFECTS, names, strict=True)]
    return waterfall(found.before, changes, unit=unit_of(Indicator.CO2, found.question.basis))


def _effects(found: Explanation, names: Sequence[str]) -> Sequence[tuple[str, float, float]]:
    return [(name, found.end_point[key], found.chained[key]) for key, name in zip(EFFECTS, names, strict=True)]


def _steps(found: Explanation) -> Sequence[tuple[str, str, float, Sequence[float]]]:
    return [(one.earlier, one.later, one.total_change, [one.additive[key] for key in EFFECTS]) for one in found.steps]


def _summary(found: Explanation, years: Sequence[YearFigures], locale: Locale) -> Summary:
    by_effect = sorted(found.end_point.items(), key=lambda item: item[1])
    (lowest, less), (highest, more) = by_effect[0], by_effect[-1]
    tonnes = [one.figure(Indicator.CO2, Question.PER_TONNE.basis) for one in (years[0], years[-1])]
    return Summary(
        change=found.after / found.before - 1 if found.before else 0.0,
        per_tonne=tonnes[1] / tonnes[0] - 1 if tonnes[0] and tonnes[1] is not None else None,
        up=(translate(locale, EFFECTS[highest]), more) if more > 0 else None,
        down=(translate(locale, EFFECTS[lowest]), less) if less < 0 else None,
    )


def _cells(context: Context, cells: Sequence[Cell]) -> Sequence[CellLine]:
    chinese = context.locale == "zh-CN"
    plants: Mapping[uuid.UUID | None, str] = {
        one.id: one.name_zh if chinese else one.name_en for one in all_plants(context.session)
    }
    least = NOISE * max((abs(cell.total) for cell in cells), default=0.0)
    lines = [
        CellLine(
            plant=plants.get(cell.key[0], ""),
            carrier=subject_words(cell.key[1]).zh if chinese else subject_words(cell.key[1]).en,
            effects=[effect if abs(effect := cell.effects[key]) > least else 0.0 for key in EFFECTS],
            total=cell.total,
        )
        for cell in cells
    ]
    return sorted((one for one in lines if any(one.effects)), key=lambda one: -abs(one.total))
