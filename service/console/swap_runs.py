"""Pages on searches of all combinations: progress, the front of cost against carbon, its export."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import flow_label, read_filter
from service.console.exports import CSV, XLSX, attachment, csv_of
from service.console.swap_shown import customer_names
from service.console.swaps import READERS, WRITERS
from service.errors import N_, NotFoundError
from service.footprints.disclosure import may_see_inputs
from service.footprints.views import HEADLINE
from service.i18n import translate
from service.products.models import Product
from service.products.queries import get_product
from service.suppliers.queries import names_of
from service.suppliers.workbook import Column, Value, write_workbook
from service.swaps import operations, queries
from service.swaps.models import SwapRun
from service.swaps.pareto import BreakEven, best_at, break_even
from service.swaps.schemas import FrontQuery
from service.web.charts_pareto import Line, ParetoChart, Spot, pareto_chart
from service.web.forms import FormState

router = APIRouter()

SHEET: Final = "前沿 Front"
NOTES_SHEET: Final = "说明 Notes"
_EXACT: Final = N_("Suppliers count with their answers")
_IN_BLOCKS: Final = N_("Suppliers count with their rounded footprints")
_REFRESH_S: Final = 2
_NUMBERED: Final = 12
"""Points whose numbers can be read beside each other."""
_NEXT_BEST: Final = 2
"""Points are numbered from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLine:
    """A combination of the front, or today.

    Attributes
    ----------
    choices
        (input, who delivers how much of it), of the inputs in which it differs from today.
    carbon
        The figure that is held against cost: the footprint or its 90th percentile, kg CO2e per kg.
    change
        Address of the explorer with this combination.

    """

    number: str
    choices: Sequence[tuple[str, str]]
    kg_co2e_per_kg: float
    p90_kg_co2e_per_kg: float
    cny_per_t: float | None
    score: float | None
    defect_share: float | None
    carbon: float
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapRunPage:
    """A search and what it found.

    Attributes
    ----------
    ladder
        Carbon prices, yuan per t CO2e, each with the number of the point that is best there.
    compared
        Numbers of two points and how they stand to each other.

    """

    run: SwapRun
    product: Product
    started_by: str
    problem: str
    refresh_s: int | None
    may_write: bool
    filter: FrontQuery
    form: FormState
    points: Sequence[PointLine]
    today: PointLine | None
    without_price: Sequence[PointLine]
    without_price_count: int
    chart: ParetoChart | None
    price: float
    best: str
    ladder: Sequence[tuple[float, str]]
    compared: tuple[PointLine, PointLine, BreakEven] | None
    options: Sequence[tuple[str, str]]


@router.get("/console/swaps/runs/{swap_run_id:uuid}")
@endpoint(READERS)
def show_run(context: Context, swap_run_id: uuid.UUID) -> Response:
    """Show how far a search is, or what it found; the page asks again by itself until it is done."""
    run = _run(context, swap_run_id)
    wanted, form = read_filter(FrontQuery, context.request, context.locale)
    return render_page(context, "console/swap_run.html", _page(context, run, wanted, form))


@router.post("/console/swaps/runs/{swap_run_id:uuid}/cancel")
@endpoint(WRITERS)
def cancel_run(context: Context, swap_run_id: uuid.UUID) -> Response:
    """Stop a search."""
    run = _run(context, swap_run_id)
    operations.cancel_run(context.session, run, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/swaps/{run.product_id}", N_("The search is stopped."))


@router.get("/console/swaps/runs/{swap_run_id:uuid}/export.csv")
@endpoint(READERS)
def export_csv(context: Context, swap_run_id: uuid.UUID) -> Response:
    """Send the front as CSV, with the mark by which Excel knows UTF-8."""
    run = _run(context, swap_run_id)
    return attachment(csv_of(_columns(run), _rows(context, run)), CSV, "swaps.csv")


@router.get("/console/swaps/runs/{swap_run_id:uuid}/export.xlsx")
@endpoint(READERS)
def export_xlsx(context: Context, swap_run_id: uuid.UUID) -> Response:
    """Send the front as a workbook, with what it rests on as a second sheet."""
    run = _run(context, swap_run_id)
    product = get_product(context.session, run.product_id)
    notes = [
        product.grade,
        f"{run.period_start} – {run.period_end}",
        run.model_version,
        translate(context.locale, _EXACT if run.is_exact else _IN_BLOCKS),
        *([translate(context.locale, N_("Sample data"))] if run.is_sample else []),
    ]
    content = write_workbook(
        sheet=SHEET,
        columns=_columns(run),
        rows=_rows(context, run),
        choices={"依据 / Rests on": notes},
        choices_sheet=NOTES_SHEET,
    )
    return attachment(content, XLSX, "swaps.xlsx")


def _run(context: Context, swap_run_id: uuid.UUID) -> SwapRun:
    """Return a run that whoever asks may see: exact ones are for those who may see answers."""
    run = queries.get_run(context.session, swap_run_id)
    if run.is_exact and not may_see_inputs(context.asking):
        raise NotFoundError
    return run


def _page(context: Context, run: SwapRun, wanted: FrontQuery, form: FormState) -> SwapRunPage:
    product, actor = get_product(context.session, run.product_id), run.started_by
    mark = "on_p90_front" if wanted.carbon == "p90" else "on_front"
    lines = _lines(context, run, [one for one in run.front if one[mark]], wanted)
    ladder = context.settings.carbon_prices_cny_per_t
    price = wanted.price if wanted.price is not None else ladder[0]
    places = [(line.cny_per_t, line.carbon) for line in lines if line.cny_per_t is not None]
    best = best_at(places, cny_per_t_co2e=price)
    today = _lines(context, run, [run.summary["today"]], wanted)[0] if run.summary else None
    return SwapRunPage(
        run=run,
        product=product,
        started_by=names_of_actors(context.session, [actor]).get(actor, actor),
        problem=translate(context.locale, run.problem["template"], **run.problem["values"]) if run.problem else "",
        refresh_s=None if run.finished_at or run.is_cancelled else _REFRESH_S,
        may_write=WRITERS.lets_in(context.principal),
        filter=wanted,
        form=form,
        points=lines,
        today=today,
        without_price=_lines(context, run, run.summary.get("without_price", []), wanted),
        without_price_count=run.summary.get("without_price_count", 0),
        chart=_chart(context, run, lines, today, best),
        price=price,
        best="" if best is None else lines[best].number,
        ladder=[(one, lines[found].number) for one in ladder if (found := best_at(places, cny_per_t_co2e=one)) is not None],
        compared=_compared(lines, wanted),
        options=[(line.number, line.number) for line in lines],
    )


def _lines(context: Context, run: SwapRun, stored: Sequence[Mapping[str, Any]], wanted: FrontQuery) -> list[PointLine]:
    ids = {uuid.UUID(one) for point in stored for mix in point["mixes"].values() for one in mix}
    names = names_of(context.session, ids, context.locale)
    return [
        _line(context, run, point, number=str(number), names=names, wanted=wanted) for number, point in enumerate(stored, start=1)
    ]


def _line(
    context: Context, run: SwapRun, point: Mapping[str, Any], *, number: str, names: Mapping[uuid.UUID, str], wanted: FrontQuery
) -> PointLine:
    return PointLine(
        number=number,
        choices=[(flow_label(flow, context.locale), _said(mix, names)) for flow, mix in _changed(run, point).items()],
        kg_co2e_per_kg=point["kg_co2e_per_kg"],
        p90_kg_co2e_per_kg=point["p90_kg_co2e_per_kg"],
        cny_per_t=point["cny_per_t"],
        score=point["score"],
        defect_share=point["defect_share"],
        carbon=point["p90_kg_co2e_per_kg" if wanted.carbon == "p90" else "kg_co2e_per_kg"],
        href=_href(run, point["mixes"]),
    )


def _changed(run: SwapRun, point: Mapping[str, Any]) -> Mapping[str, Mapping[str, float]]:
    """Return the inputs of a combination that differ from today."""
    today: Mapping[str, Any] = run.summary["today"]["mixes"]
    return {flow: mix for flow, mix in point["mixes"].items() if mix != today.get(flow)}


def _said(mix: Mapping[str, float], names: Mapping[uuid.UUID, str]) -> str:
    """Return who delivers, with the share where there are several."""
    if len(mix) == 1:
        return names[uuid.UUID(next(iter(mix)))]
    return ", ".join(f"{names[uuid.UUID(one)]} {share * 100:.4g} %" for one, share in mix.items())


def _href(run: SwapRun, mixes: Mapping[str, Mapping[str, float]]) -> str:
    fields = {f"mix.{flow}.{one}": f"{share * 100:.6g}" for flow, mix in mixes.items() for one, share in mix.items()}
    period = {"period_start": run.period_start.isoformat(), "period_end": run.period_end.isoformat()}
    return f"/console/swaps/{run.product_id}?{urlencode({**period, **fields})}"


def _chart(
    context: Context, run: SwapRun, lines: Sequence[PointLine], today: PointLine | None, best: int | None
) -> ParetoChart | None:
    on = context.today
    names = customer_names(context)
    limits = [
        Line(label=names[one.customer_id], kg_co2e_per_kg=one.limit_kg_co2e_per_kg)
        for one in queries.limits_of(context.session, product_id=run.product_id, on=on)
        if one.electricity_view == HEADLINE
    ]
    priced = [(place, line) for place, line in enumerate(lines) if line.cny_per_t is not None]
    spots = [_spot(line, "best" if place == best else _tone(place, len(lines))) for place, line in priced]
    if today is not None and today.cny_per_t is not None:
        spots.append(_spot(replace(today, number=""), "today"))
    return pareto_chart(spots, limits)


def _tone(place: int, count: int) -> str:
    """Return how a point is drawn: of many only the first and the last have their number beside them."""
    return "front" if count <= _NUMBERED or place in {0, count - 1} else "quiet"


def _spot(line: PointLine, tone: str) -> Spot:
    label = "; ".join(f"{label}: {said}" for label, said in line.choices)
    return Spot(number=line.number, label=label, cny_per_t=line.cny_per_t or 0.0, kg_co2e_per_kg=line.carbon, tone=tone)


def _compared(lines: Sequence[PointLine], wanted: FrontQuery) -> tuple[PointLine, PointLine, BreakEven] | None:
    """Return the two points that were asked for; without a question the first two."""
    numbers = (wanted.first or 1, wanted.second or _NEXT_BEST)
    if max(numbers) > len(lines):
        return None
    first, second = (lines[number - 1] for number in numbers)
    if first.cny_per_t is None or second.cny_per_t is None:
        return None
    return first, second, break_even((first.cny_per_t, first.carbon), (second.cny_per_t, second.carbon))


def _columns(run: SwapRun) -> list[Column]:
    inputs = [Column(key=flow, header=_both(flow), hint="", width=36) for flow in run.choices]
    return [
        Column(key="number", header="序号 / No.", hint="", width=10),
        *inputs,
        Column(key="cny_per_t", header="成本 元/吨产品 / Cost, CNY per t of product", hint="", width=20),
        Column(key="kg", header="碳足迹 kgCO2e/kg / Footprint", hint="", width=20),
        Column(key="p90", header="碳足迹 P90 kgCO2e/kg / Footprint, P90", hint="", width=20),
        Column(key="score", header="绿色评分 / Green score", hint="", width=14),
        Column(key="defects", header="不良率 / Defect share", hint="", width=14),
        Column(key="front", header="在前沿上 / On the front", hint="", width=14),
        Column(key="p90_front", header="在 P90 前沿上 / On the P90 front", hint="", width=14),
    ]


def _both(flow: str) -> str:
    return f"{flow_label(flow, 'zh-CN')} / {flow_label(flow, 'en')}"


def _rows(context: Context, run: SwapRun) -> Iterator[Sequence[Value]]:
    ids = {uuid.UUID(one) for point in run.front for mix in point["mixes"].values() for one in mix}
    names = names_of(context.session, ids, context.locale)
    for number, point in enumerate(run.front, start=1):
        mixes = [_said(point["mixes"][flow], names) for flow in run.choices]
        figures = [point[name] for name in ("cny_per_t", "kg_co2e_per_kg", "p90_kg_co2e_per_kg", "score", "defect_share")]
        fronts = ["✓" if point[name] else "" for name in ("on_front", "on_p90_front")]
        yield (number, *mixes, *figures, *fronts)
