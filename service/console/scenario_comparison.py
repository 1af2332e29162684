"""Scenarios beside each other over one base, and two parameters run through values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from lca_models.batch import Case
from lca_models.errors import ParameterError
from lca_models.model import Model
from lca_models.parameters import ParameterDefinition
from lca_models.scenarios import Axis, Combination, Comparison, GridResult, parse_axis
from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console import scenario_words as words
from service.console.choices import Options
from service.console.footprint_words import stage_name
from service.console.scenario_waterfalls import ScenarioWaterfall, scenario_waterfalls
from service.console.scenarios import base_options
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.footprints.disclosure import INSIDERS
from service.i18n import Locale, translate
from service.modelling.queries import active_model
from service.scenarios.evaluation import Base, base_of_record, compare_over, grid_over, pick
from service.scenarios.queries import LibraryEntry, library
from service.scenarios.schemas import MOST_SCENARIOS, ScenarioKey
from service.web.charts import BarChart, Part, horizontal_bars
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

_UNIT: Final = "kg CO₂e/kg"
_SHADES: Final = 5
_LARGEST_SIDE: Final = 25
_EXAMPLE: Final[Mapping[str, str]] = {
    "x": "graphitization_electricity_kwh_per_kg",
    "x_low": "6",
    "x_high": "16",
    "x_count": "6",
    "y": "electricity_kg_co2e_per_kwh",
    "y_low": "0",
    "y_high": "1",
    "y_count": "6",
}


class ComparisonQuery(FormInput):
    """What the address of a comparison holds.

    Attributes
    ----------
    together
        Lay all scenarios over each other as one more line.

    """

    base: UUID | None = None
    scenario: list[ScenarioKey] = Field(default_factory=list, max_length=MOST_SCENARIOS)
    together: Literal["yes"] | None = None


Count = Annotated[int, Field(ge=2, le=_LARGEST_SIDE)]


class GridQuery(FormInput):
    """Two parameters and the values they run through."""

    base: UUID | None = None
    scenario: list[ScenarioKey] = Field(default_factory=list, max_length=20)
    x: str = Field(max_length=80)
    x_low: float
    x_high: float
    x_count: Count
    y: str = Field(max_length=80)
    y_low: float
    y_high: float
    y_count: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonLine:
    """One combination: the base, a scenario, or all of them together.

    Attributes
    ----------
    conflicts
        Sentences that say which scenario won over which.
    reasons
        (name, reasoning) of each scenario in it.

    """

    name: str
    is_base: bool
    is_assumption: bool
    total_kg_co2e: float
    difference_kg_co2e: float
    by_stage_kg_co2e: Mapping[str, float]
    conflicts: Sequence[str]
    reasons: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """Scenarios over a base; empty `lines` while something is wrong with the address.

    Attributes
    ----------
    dropped
        What the base says of its furnace and another furnace does not take over.

    """

    form: FormState
    base_name: str
    lines: Sequence[ComparisonLine]
    totals: BarChart | None
    differences: BarChart | None
    waterfalls: Sequence[ScenarioWaterfall]
    dropped: Sequence[str]
    stages: Sequence[tuple[str, str]]
    model_version: str

    @property
    def stage_columns(self) -> list[tuple[str, str]]:
        """One column for each stage and one for the total, as the macro `table` takes them."""
        return [*((code, "number") for code, _ in self.stages), ("Σ", "number")]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """A cell of the heat table; `shade` 1 is lowest, 5 highest."""

    total_kg_co2e: float
    shade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatTable:
    """Totals over two parameters: columns run through x, rows through y."""

    x_name: str
    y_name: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[HeatCell]]]
    lowest: float
    highest: float

    @property
    def heads(self) -> list[tuple[str, str]]:
        """The columns as the macro `table` takes them."""
        return [(label, "number") for label in self.columns]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPage:
    """The form of the grid and its table, None while something is wrong."""

    form: FormState
    bases: Options
    parameters: Options
    scenarios: Sequence[tuple[str, str]]
    table: HeatTable | None
    model_version: str


@router.get("/console/scenarios/compare")
@endpoint(INSIDERS)
def show_comparison(context: Context) -> Response:
    """Show scenarios beside each other."""
    try:
        wanted = parse_form(ComparisonQuery, _query(context, ComparisonQuery), many=frozenset({"scenario"}))
        page = _comparison(context, wanted)
    except ServiceError as error:
        return render_page(context, "console/scenario_comparison.html", _failed(context, error), status=error.status)
    return render_page(context, "console/scenario_comparison.html", page)


def _query(context: Context, model: type[FormInput]) -> FormData:
    """Return the part of the address that is this page's own."""
    return FormData([item for item in context.request.query_params.multi_items() if item[0] in model.model_fields])


def _comparison(context: Context, wanted: ComparisonQuery) -> ComparisonPage:
    if not wanted.scenario:
        raise InvalidInputError({"scenario": FieldError(N_("Pick at least one scenario to compare."))})
    entries = pick(library(context.session), wanted.scenario, field="scenario")
    combinations = [[entry] for entry in entries] + ([entries] if wanted.together and len(entries) > 1 else [])
    comparison = compare_over(context.session, _base(context, wanted.base), combinations)
    lines = _lines(context, comparison, [[], *combinations])
    return ComparisonPage(
        form=FormState(),
        base_name=_base_name(context, wanted.base),
        lines=lines,
        totals=horizontal_bars([_part(line, line.total_kg_co2e) for line in lines], unit=_UNIT),
        differences=horizontal_bars([_part(line, line.difference_kg_co2e) for line in lines[1:]], unit=_UNIT),
        waterfalls=scenario_waterfalls(
            active_model(context.session), comparison.combinations, [line.name for line in lines], locale=context.locale
        ),
        dropped=_dropped(context, comparison),
        stages=[(code, stage_name(code, context.locale)) for code in comparison.results.by_stage_kg_co2e],
        model_version=active_model(context.session).model_version,
    )


def _part(line: ComparisonLine, value: float) -> Part:
    return Part(code="scenario", label=line.name, value=value)


def _failed(context: Context, error: ServiceError) -> ComparisonPage:
    state = rejected(_query(context, ComparisonQuery), error, context.locale)
    return ComparisonPage(
        form=state, base_name="", lines=(), totals=None, differences=None, waterfalls=(), dropped=(), stages=(), model_version=""
    )


def _base(context: Context, record_id: UUID | None) -> Base:
    return Base(case=Case()) if record_id is None else base_of_record(context.session, record_id)


def _base_name(context: Context, record_id: UUID | None) -> str:
    return next((label for key, label in base_options(context) if key == str(record_id or "")), str(record_id))


def _lines(context: Context, comparison: Comparison, combinations: Sequence[Sequence[LibraryEntry]]) -> list[ComparisonLine]:
    stages = comparison.results.by_stage_kg_co2e
    return [
        ComparisonLine(
            name=_line_name(entries, context.locale),
            is_base=not entries,
            is_assumption=any(entry.scenario.status == "assumption" for entry in entries),
            total_kg_co2e=float(comparison.results.total_kg_co2e[position]),
            difference_kg_co2e=float(comparison.difference_kg_co2e[position]),
            by_stage_kg_co2e={stage: float(values[position]) for stage, values in stages.items()},
            conflicts=_conflicts(context, combination, entries),
            reasons=[
                (words.scenario_name(entry.scenario, context.locale), words.reasoning(entry.scenario, context.locale))
                for entry in entries
            ],
        )
        for position, (combination, entries) in enumerate(zip(comparison.combinations, combinations, strict=True))
    ]


def _line_name(entries: Sequence[LibraryEntry], locale: Locale) -> str:
    if not entries:
        return translate(locale, N_("Base"))
    if len(entries) > 1:
        return translate(locale, N_("All together"))
    return words.scenario_name(entries[0].scenario, locale)


def _dropped(context: Context, comparison: Comparison) -> list[str]:
    names = dict.fromkeys(name for one in comparison.combinations for name in one.dropped)
    return [words.setting_name(active_model(context.session), name, context.locale) for name in names]


def _conflicts(context: Context, combination: Combination, entries: Sequence[LibraryEntry]) -> list[str]:
    names = {entry.scenario.key: words.scenario_name(entry.scenario, context.locale) for entry in entries}
    model, locale = active_model(context.session), context.locale
    text = N_("%(setting)s: “%(later)s” (%(later_value)s) wins over “%(earlier)s” (%(earlier_value)s).")
    return [
        translate(
            locale,
            text,
            setting=words.setting_name(model, one.setting, locale),
            later=names[one.later],
            later_value=words.setting_value(model, one.setting, one.later_value, locale),
            earlier=names[one.earlier],
            earlier_value=words.setting_value(model, one.setting, one.earlier_value, locale),
        )
        for one in combination.conflicts
    ]


@router.get("/console/scenarios/grid")
@endpoint(INSIDERS)
def show_grid(context: Context) -> Response:
    """Show a heat table of two parameters; without a query, an example."""
    model = active_model(context.session)
    query = _query(context, GridQuery)
    typed = {name: value for name, value in query.items() if isinstance(value, str)}
    form = FormState(values=typed if "x" in typed else {**_EXAMPLE, **typed})
    try:
        wanted = _grid_query(query, form)
        table = _heat_table(model, _grid(context, model, wanted), context.locale)
    except ServiceError as error:
        state = rejected(query, error, context.locale)
        page = _grid_page(context, model, FormState(values=form.values, errors=state.errors), None)
        return render_page(context, "console/scenario_grid.html", page, status=error.status)
    return render_page(context, "console/scenario_grid.html", _grid_page(context, model, form, table))


def _grid_query(query: FormData, form: FormState) -> GridQuery:
    items = [(name, value) for name, value in form.values.items() if name != "scenario"]
    chosen = [("scenario", value) for value in query.getlist("scenario")]
    return parse_form(GridQuery, FormData([*items, *chosen]), many=frozenset({"scenario"}))


def _grid(context: Context, model: Model, wanted: GridQuery) -> GridResult:
    entries = pick(library(context.session), wanted.scenario, field="scenario")
    x = _axis(model, "x", wanted.x, (wanted.x_low, wanted.x_high, wanted.x_count))
    y = _axis(model, "y", wanted.y, (wanted.y_low, wanted.y_high, wanted.y_count))
    if x.parameter == y.parameter:
        raise InvalidInputError({"y": FieldError(N_("Pick another parameter than for the columns."))})
    return grid_over(context.session, _base(context, wanted.base), entries, [y, x])


def _axis(model: Model, side: str, name: str, spread: tuple[float, float, int]) -> Axis:
    low, high, count = spread
    try:
        return parse_axis(model, f"{name}={low!r}:{high!r}:{count}")
    except ParameterError as error:
        field = side if name not in model.definitions else f"{side}_low"
        raise InvalidInputError({field: FieldError(error.template, **error.values)}) from error


def _heat_table(model: Model, grid: GridResult, locale: Locale) -> HeatTable:
    rows, columns = grid.axes
    lowest, highest = float(grid.total_kg_co2e.min()), float(grid.total_kg_co2e.max())
    span = (highest - lowest) or 1.0
    return HeatTable(
        x_name=words.setting_name(model, columns.parameter, locale),
        y_name=words.setting_name(model, rows.parameter, locale),
        columns=[words.setting_value(model, columns.parameter, value, locale) for value in columns.values],
        rows=[
            (
                words.setting_value(model, rows.parameter, value, locale),
                [HeatCell(total_kg_co2e=float(one), shade=_shade((float(one) - lowest) / span)) for one in line],
            )
            for value, line in zip(rows.values, grid.total_kg_co2e, strict=True)
        ],
        lowest=lowest,
        highest=highest,
    )


def _shade(share: float) -> int:
    return min(int(share * _SHADES) + 1, _SHADES)


def _grid_page(context: Context, model: Model, form: FormState, table: HeatTable | None) -> GridPage:
    known = library(context.session)
    chosen = [key for key in context.request.query_params.getlist("scenario") if key in known]
    return GridPage(
        form=form,
        bases=base_options(context),
        parameters=[(one.name, _parameter_label(one, context.locale)) for one in model.parameters if not one.choices],
        scenarios=[(key, words.scenario_name(known[key].scenario, context.locale)) for key in chosen],
        table=table,
        model_version=model.model_version,
    )


def _parameter_label(definition: ParameterDefinition, locale: Locale) -> str:
    unit = "" if definition.unit == "1" else f" ({definition.unit})"
    return f"{words.meaning(definition, locale)}{unit}"
