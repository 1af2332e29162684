"""The process map of the model, and the page of one process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.model import Model, stage_of
from lca_models.parameters import FURNACE
from service.accounts.access import STAFF, Context, endpoint
from service.accounts.pages import render_page
from service.console.choices import Options
from service.console.model_drawing import ModelMap, Step, bought, draw_map, emitted
from service.console.model_shown import ModelHead, ShownModel, chosen_furnace, furnace_options, model_head, shown_model
from service.console.model_words import (
    confidence_words,
    direction_name,
    distribution_name,
    furnace_name,
    meaning_of,
    model_flow_name,
    process_name,
    stage_label,
)
from service.errors import NotFoundError
from service.i18n import Locale
from service.modelling.inspection import ExchangeLine, default_footprint, exchange_lines, furnace_of, route_of

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    """The map, and the same as a list for narrow screens.

    Attributes
    ----------
    names, hrefs
        Of processes and flows, by key.
    furnace_names
        Of the variants, by process.
    stages
        Code of the stage, by process.
    own
        kg CO2e per kg that each process brings by itself.
    steps
        (process, supplies, emissions, variants) for the list.

    """

    head: ModelHead
    map: ModelMap
    names: Mapping[str, str]
    furnace_names: Mapping[str, str]
    hrefs: Mapping[str, str]
    stages: Mapping[str, str]
    own: Mapping[str, float]
    total_kg_co2e: float
    furnace: str
    furnace_name: str
    furnaces: Options
    version_id: str
    steps: Sequence[tuple[str, Sequence[ExchangeLine], Sequence[ExchangeLine], Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRow:
    """An exchange in words."""

    line: ExchangeLine
    name: str
    href: str | None
    direction: str
    distribution: str
    confidence: tuple[str, str]
    driver: str
    driver_href: str | None
    rows_href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPage:
    """One process; `takers` are (process, its name, page) that take its product."""

    head: ModelHead
    name: str
    key: str
    stage: str
    stage_code: str
    product: str
    unit: str
    amount: float
    rows: Sequence[ExchangeRow]
    own_kg_co2e: float
    total_kg_co2e: float
    scaling: float
    furnace_name: str
    variants: Sequence[tuple[str, str, bool]]
    takers: Sequence[tuple[str, str]]


@router.get("/console/model")
@endpoint(STAFF)
def show_map(context: Context) -> Response:
    """Draw the route of a furnace."""
    shown = shown_model(context)
    furnace = chosen_furnace(context, shown.model)
    return render_page(context, "console/model.html", _map_page(shown, furnace, context.locale))


@router.get("/console/model/processes/{process}")
@endpoint(STAFF)
def show_process(context: Context, process: str) -> Response:
    """Show every exchange of a process with where it comes from."""
    shown = shown_model(context)
    if process not in shown.model.processes:
        raise NotFoundError
    return render_page(context, "console/model_process.html", _process_page(shown, process, context))


def _map_page(shown: ShownModel, furnace: str, locale: Locale) -> MapPage:
    model = shown.model
    footprint = default_footprint(model, furnace)
    steps = [_step(model, name, furnace) for name in route_of(model, furnace)]
    flows = {line.exchange.flow for step in steps for line in step.lines}
    processes = {name for step in steps for name in (step.process, *step.variants)}
    return MapPage(
        head=model_head(shown, locale, active=""),
        map=draw_map(steps),
        names={
            **{flow: model_flow_name(model, flow, locale) for flow in flows},
            **{name: process_name(model, name.partition(":")[0], locale) for name in processes},
        },
        furnace_names={name: furnace_name(furnace_of(name), locale) for name in processes},
        hrefs={
            **{flow: shown.link("/factors", q=flow) for flow in flows},
            **{name: _process_href(shown, name, furnace) for name in processes},
        },
        stages={name: stage_of(name) for name in processes},
        own=footprint.by_process_kg_co2e,
        total_kg_co2e=footprint.total_kg_co2e,
        furnace=furnace,
        furnace_name=furnace_name(furnace, locale),
        furnaces=furnace_options(model, locale),
        version_id=str(shown.version.id) if shown.version else "",
        steps=[(step.process, bought(step.lines), emitted(step.lines), step.variants) for step in steps],
    )


def _step(model: Model, process: str, furnace: str) -> Step:
    return Step(process=process, lines=exchange_lines(model, process, furnace), variants=_variants(model, process))


def _variants(model: Model, process: str) -> tuple[str, ...]:
    """Return the processes that could stand in the place of this one, itself among them; none if it has no variants."""
    stem, colon, _ = process.partition(":")
    return tuple(name for name in model.processes if name.startswith(stem + colon)) if colon else ()


def _process_href(shown: ShownModel, process: str, furnace: str) -> str:
    default = shown.model.parameter(FURNACE).choices[0]
    chosen = furnace_of(process) or furnace
    return shown.link(f"/processes/{process}", **({} if chosen == default else {"furnace": chosen}))


def _process_page(shown: ShownModel, process: str, context: Context) -> ProcessPage:
    model, locale = shown.model, context.locale
    furnace = furnace_of(process) or chosen_furnace(context, model)
    footprint = default_footprint(model, furnace)
    reference = model.processes[process].reference
    return ProcessPage(
        head=model_head(shown, locale, active=""),
        name=process_name(model, process, locale),
        key=process,
        stage=stage_label(model, stage_of(process), locale),
        stage_code=stage_of(process),
        product=model_flow_name(model, reference.flow, locale),
        unit=reference.unit,
        amount=reference.amount,
        rows=[_row(shown, line, furnace, locale) for line in exchange_lines(model, process, furnace)],
        own_kg_co2e=footprint.by_process_kg_co2e.get(process, 0.0),
        total_kg_co2e=footprint.total_kg_co2e,
        scaling=footprint.scaling.get(process, 0.0),
        furnace_name=furnace_name(furnace, locale),
        variants=[
            (furnace_name(furnace_of(name), locale), _process_href(shown, name, furnace), name == process)
            for name in _variants(model, process)
        ],
        takers=[
            (process_name(model, name, locale), _process_href(shown, name, furnace))
            for name in route_of(model, furnace)
            if any(one.flow == reference.flow for one in model.processes[name].exchanges)
        ],
    )


def _row(shown: ShownModel, line: ExchangeLine, furnace: str, locale: Locale) -> ExchangeRow:
    exchange = line.exchange
    is_bought = exchange.direction in {"input", "waste"}
    href = _process_href(shown, line.producer, furnace) if line.producer else None
    driver = line.formula.driver if line.formula else ""
    return ExchangeRow(
        line=line,
        name=model_flow_name(shown.model, exchange.flow, locale),
        href=href or (shown.link("/factors", q=exchange.flow) if is_bought else None),
        direction=direction_name(exchange.direction.value, locale),
        distribution=distribution_name(exchange.evidence.distribution, locale),
        confidence=confidence_words(exchange.evidence.confidence, locale),
        driver=meaning_of(shown.model, driver, locale) if driver else "",
        driver_href=shown.link(f"/parameters/{driver}") if driver else None,
        rows_href=shown.rows_link(exchange.evidence.place.file, exchange.process, exchange.flow),
    )
