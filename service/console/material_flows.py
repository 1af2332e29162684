"""Material flows: accounts per plant and period, closure of each process, loops, yields and the flow chart."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.console.choices import Options
from service.console.footprints import product_options
from service.console.material_words import (
    BASES,
    CAUSES,
    DATA_KINDS,
    FLOWS,
    KINDS,
    TREATMENTS,
    account_choices,
    flow_tabs,
    material_choices,
    node_choices,
    node_name,
)
from service.console.register_columns import plant_choices, worded
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.database import new_id
from service.errors import N_
from service.i18n import Locale, explain, translate
from service.material_flows import operations, queries
from service.material_flows.balances import SITE, Closure
from service.material_flows.catalogue import materials, nodes
from service.material_flows.loops import Throughput
from service.material_flows.models import FlowKind, MaterialAccount, MaterialFlow
from service.material_flows.schemas import AccountInput, FlowInput
from service.material_flows.suggestions import suggested_flows
from service.material_flows.summaries import AccountSummary, summaries, summary_of, yield_trends
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.products.queries import get_plant
from service.web.charts_flows import FlowChart, FlowLink, FlowNode, flow_chart
from service.web.forms import FormInput, FormState, parse_form

router = APIRouter()

_UNIT: Final = "t"
_ABOVE: Final = (N_("Material flows"), FLOWS)

ACCOUNTS: Final = Register(
    key="material_account",
    path=f"{FLOWS}/accounts",
    title=N_("Periods of accounts"),
    lead=N_("For which plant and period material is balanced, and how far both sides of a process may differ"),
    empty=N_("Open the account of a plant and a year, then enter its flows."),
    add_label=N_("Open an account"),
    table=MaterialAccount,
    fields=AccountInput,
    columns=(
        Column(
            key="plant_id",
            label=N_("Plant"),
            kind=Kind.CHOICE,
            choices=plant_choices,
            filtered=True,
            href=lambda row: f"{FLOWS}/{row.id}",
        ),
        Column(key="period_start", label=N_("First day"), kind=Kind.DATE),
        Column(key="period_end", label=N_("Last day"), kind=Kind.DATE),
        Column(
            key="tolerance", label=N_("Tolerance"), kind=Kind.NUMBER, unit="1", hint=N_("0.02 = two per cent of the larger side")
        ),
    ),
    identity=("plant_id", "period_start"),
    sort=("-period_end",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.open_account,
    change=operations.change_account,
    above=_ABOVE,
    tabs=flow_tabs,
)
MATERIAL_FLOWS: Final = Register(
    key="material_flow",
    path=f"{FLOWS}/flows",
    title=N_("Flows"),
    lead=N_("Tonnes of dry material from one place to another, with the slip or ledger that proves them"),
    empty=N_("Enter the flows of an account here, or import them from Excel."),
    add_label=N_("Enter a flow"),
    table=MaterialFlow,
    fields=FlowInput,
    columns=(
        Column(key="account_id", label=N_("Account"), kind=Kind.CHOICE, choices=account_choices, filtered=True),
        Column(key="from_node", label=N_("From"), kind=Kind.CHOICE, choices=node_choices, filtered=True),
        Column(key="to_node", label=N_("To"), kind=Kind.CHOICE, choices=node_choices, filtered=True),
        Column(key="material", label=N_("Material"), kind=Kind.CHOICE, choices=material_choices, filtered=True),
        Column(key="kind", label=N_("Kind of flow"), kind=Kind.CHOICE, choices=worded(KINDS), filtered=True),
        Column(key="amount_t", label=N_("Amount"), kind=Kind.NUMBER, unit="t"),
        Column(key="basis", label=N_("Where the amount is from"), kind=Kind.CHOICE, choices=worded(BASES), filtered=True),
        Column(key="treatment", label=N_("Treatment"), kind=Kind.CHOICE, choices=worded(TREATMENTS)),
        Column(key="is_hazardous", label=N_("Hazardous waste"), kind=Kind.YES_NO),
        Column(
            key="evidence",
            label=N_("Evidence"),
            in_list=False,
            hint=N_("Numbers of weigh-bridge slips, or page of the stock ledger"),
        ),
    ),
    identity=("account_id", "from_node", "to_node", "material"),
    sort=("-amount_t",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.add_flow,
    change=operations.change_flow,
    ending=Ending(label=N_("Take this flow out"), run=operations.end_flow),
    above=_ABOVE,
    tabs=flow_tabs,
)


class SuggestionForm(FormInput):
    """Which product's flows of the model are to stand in."""

    product_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendLine:
    """What leaves besides the product, per tonne of it, account by account."""

    material: str
    kind: str
    t_per_t: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowsPage:
    """All accounts; `trends` are (plant, periods, lines)."""

    tabs: Sequence[tuple[str, str, bool]]
    rows: Sequence[tuple[AccountSummary, str]]
    trends: Sequence[tuple[str, Sequence[str], Sequence[TrendLine]]]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureLine:
    """Both sides of a process, and in words what a difference may come from."""

    name: str
    closure: Closure
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLine:
    """One flow in words."""

    flow: MaterialFlow
    source: str
    target: str
    material: str
    kind: str
    basis: str
    data_kind: str
    treatment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """One account."""

    summary: AccountSummary
    plant: str
    closures: Sequence[ClosureLine]
    lines: Sequence[FlowLine]
    yields: Sequence[tuple[str, str, float, float | None]]
    throughputs: Sequence[tuple[str, float, float, float, float]]
    problem: str | None
    chart: FlowChart | None
    products: Options
    form: FormState
    may_write: bool
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


def _show_account(context: Context, form: FormState, material_account_id: uuid.UUID) -> Response:
    account = queries.get_account(context.session, material_account_id)
    summary, locale = summary_of(context.session, account), context.locale
    plant = get_plant(context.session, account.plant_id)
    page = AccountPage(
        summary=summary,
        plant=plant.name_zh if locale == "zh-CN" else plant.name_en,
        closures=[_closure_line(one, locale) for one in summary.closures],
        lines=[_flow_line(flow, locale) for flow in summary.flows],
        yields=[
            (materials()[one.material].name(locale), translate(locale, KINDS[one.kind]), one.amount_t, one.t_per_t)
            for one in summary.yields
        ],
        throughputs=[
            (node_name(one.node, locale), one.fed_t, one.returned_t, one.through_t, one.passes) for one in summary.throughputs or ()
        ],
        problem=None if summary.problem is None else explain(locale, summary.problem),
        chart=_chart(summary, locale),
        products=product_options(context),
        form=form,
        may_write=_may_write(context),
    )
    return render_page(context, "console/material_account.html", page, status=form.status)


@router.get("/console/plan/material-flows")
@endpoint(PLAN_READERS)
def show_flows(context: Context) -> Response:
    """Show all accounts with what does not close, and the yields over time."""
    found = summaries(context.session)
    plants = dict(plant_choices(context))
    page = FlowsPage(
        tabs=flow_tabs(context),
        rows=[(one, plants[str(one.account.plant_id)]) for one in found],
        trends=[
            (name, [f"{one.account.period_start} – {one.account.period_end}" for one in own], _trends(own, context.locale))
            for plant_id, name in plants.items()
            if (own := [one for one in reversed(found) if str(one.account.plant_id) == plant_id])
        ],
        may_write=_may_write(context),
    )
    return render_page(context, "console/material_flows.html", page)


add_register(router, ACCOUNTS)
add_register(router, MATERIAL_FLOWS)


@router.get("/console/plan/material-flows/{material_account_id}")
@endpoint(PLAN_READERS)
def show_account(context: Context, material_account_id: uuid.UUID) -> Response:
    """Show one account: what closes, what goes round, what leaves as by-product or waste."""
    return _show_account(context, FormState(), material_account_id)


@router.post("/console/plan/material-flows/{material_account_id}/suggestions")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_account)
def take_suggestions(context: Context, material_account_id: uuid.UUID) -> Response:
    """Fill in what is not measured with the model's flows of a product, marked as defaults."""
    account = queries.get_account(context.session, material_account_id)
    product_id = parse_form(SuggestionForm, context.form).product_id
    suggested = suggested_flows(context.session, account, product_id)
    count = operations.add_suggested(context.session, suggested, by=context.asking.actor, at=context.at)
    path = f"{FLOWS}/{material_account_id}"
    if not count:
        message = N_("The model has nothing to add: all its flows are entered, or no output is recorded for the period.")
        return see_other(context, path, message, kind="info")
    return see_other(context, path, N_("%(count)s flows of the model were added as defaults."), count=count)


def _may_write(context: Context) -> bool:
    return PLAN_EDITORS.lets_in(context.principal)


def _trends(accounts: Sequence[AccountSummary], locale: Locale) -> Sequence[TrendLine]:
    return [
        TrendLine(material=materials()[one.material].name(locale), kind=translate(locale, KINDS[one.kind]), t_per_t=one.t_per_t)
        for one in yield_trends(accounts)
    ]


def _closure_line(closure: Closure, locale: Locale) -> ClosureLine:
    name = translate(locale, N_("The whole plant")) if closure.node == SITE else node_name(closure.node, locale)
    if closure.cause is None:
        return ClosureLine(name=name, closure=closure, words="")
    material = materials()[closure.suspect].name(locale) if closure.suspect else ""
    return ClosureLine(name=name, closure=closure, words=translate(locale, CAUSES[closure.cause], material=material))


def _flow_line(flow: MaterialFlow, locale: Locale) -> FlowLine:
    return FlowLine(
        flow=flow,
        source=node_name(flow.from_node, locale),
        target=node_name(flow.to_node, locale),
        material=materials()[flow.material].name(locale),
        kind=translate(locale, KINDS[flow.kind]),
        basis=translate(locale, BASES[flow.basis]),
        data_kind=DATA_KINDS[flow.basis],
        treatment="" if flow.treatment is None else translate(locale, TREATMENTS[flow.treatment]),
    )


def _chart(summary: AccountSummary, locale: Locale) -> FlowChart | None:
    """Return the flow chart: the last process at the bottom, on each a stub of what is fed from outside."""
    if not summary.throughputs or not summary.product_t:
        return None
    makers = {flow.from_node for flow in summary.flows if flow.kind is FlowKind.PRODUCT and nodes()[flow.to_node].is_outside}
    route = list(nodes())
    last_first = sorted(summary.throughputs, key=lambda one: (one.node not in makers, -route.index(one.node)))
    return flow_chart([_chart_node(one, locale) for one in last_first], _links(summary.flows), unit=_UNIT)


def _chart_node(one: Throughput, locale: Locale) -> FlowNode:
    """Return a process of the chart; circuits beside the route have the colours of utilities and transport, and their own names."""
    code, mark = _CIRCUITS.get(one.node, (one.node, ""))
    mark = translate(locale, mark) if mark else ""
    return FlowNode(key=one.node, code=code, label=node_name(one.node, locale), own=one.fed_t, passed_on=one.through_t, mark=mark)


def _links(flows: Sequence[MaterialFlow]) -> Sequence[FlowLink]:
    amounts: dict[tuple[str, str], float] = {}
    for flow in flows:
        if not (nodes()[flow.from_node].is_outside or nodes()[flow.to_node].is_outside):
            amounts[flow.from_node, flow.to_node] = amounts.get((flow.from_node, flow.to_node), 0.0) + flow.amount_t
    return [FlowLink(source=source, target=target, value=value) for (source, target), value in amounts.items()]


_CIRCUITS: Final[Mapping[str, tuple[str, str]]] = {"packing": ("P6", N_("Packing loop")), "recycling": ("P7", N_("Scrap"))}
