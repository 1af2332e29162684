"""Why a footprint is what it is: flows between processes, scopes, suppliers, inputs, contribution tree, reach of each parameter."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.explanations import Explanations
from lca_models.explanations.attribution import GRID, OWN_PLANT, UNNAMED, Scope
from lca_models.explanations.links import Flows
from lca_models.explanations.tornado import Swing, Tornado
from lca_models.explanations.tree import Branch, BranchKind, Closed
from lca_models.model import Model, stage_of
from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console import footprint_words as words
from service.console.footprint_electricity import supplier_names
from service.console.footprint_tabs import FootprintHead, FootprintTab, footprint_head
from service.console.model_words import meaning_of, model_flow_name, process_name
from service.errors import N_
from service.footprints import queries
from service.footprints.disclosure import INSIDERS
from service.footprints.explaining import explanations_of, side_of, tornado_of
from service.footprints.models import FootprintRecord
from service.footprints.provenance import KINDS
from service.i18n import Locale, translate
from service.web.charts import BarChart, Part, horizontal_bars, stacked_bar
from service.web.charts_changes import Reach, TornadoChart, tornado_chart
from service.web.charts_flows import FlowChart, FlowLink, FlowNode, flow_chart
from service.web.formatting import format_number

router = APIRouter()

UNIT: Final = "kg CO₂e/kg"
_SHOWN_INPUTS: Final = 9
_SHOWN_SWINGS: Final = 12
_OPENED: Final = 3
"""Levels of the tree that are open at first."""

_SCOPES: Final[Mapping[Scope, tuple[str, str]]] = {
    Scope.DIRECT: (
        N_("Scope 1: our own stacks"),
        N_("What the processes of our plant emit, and the burning of natural gas and diesel in it."),
    ),
    Scope.ELECTRICITY: (
        N_("Scope 2: electricity that our plant buys"),
        N_(
            "Counted whole with its life-cycle factor, which is published as one sum: fuel supply and grid losses in it, scope 3 "
            "under the GHG Protocol, are not told apart. Direct-CO₂ factors are never mixed in."
        ),
    ),
    Scope.OTHER: (
        N_("Scope 3: everything else"),
        N_("What is bought with its upstream, transport, waste treatment, and toll plants with their electricity."),
    ),
}
_PARTIES: Final[Mapping[str, str]] = {
    OWN_PLANT: N_("Our plant: its own emissions"),
    GRID: N_("Our plant: electricity bought"),
    UNNAMED: N_("Suppliers that nobody has named"),
}
_KINDS: Final[Mapping[str, str]] = {
    "primary": N_("Primary data"),
    "secondary": N_("Secondary data"),
    "default": N_("Default data"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeLine:
    """A scope with what is in it."""

    name: str
    meaning: str
    kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLine:
    """A process in the flows."""

    name: str
    code: str
    amount: float
    unit: str
    own_kg_co2e: float
    received_kg_co2e: float
    passed_on_kg_co2e: float
    kg_co2e_per_unit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """What one process takes from another."""

    producer: str
    consumer: str
    amount: float
    unit: str
    kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchLine:
    """A branch of the tree; `share` is of the total."""

    name: str
    note: str
    code: str
    amount: float
    unit: str
    kg_co2e: float
    share: float
    is_open: bool
    is_loop: bool
    is_cut: bool
    children: Sequence["BranchLine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SwingLine:
    """A parameter at both ends of its range."""

    name: str
    meaning: str
    swing: Swing


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainPage:
    """All explanations of a footprint."""

    head: FootprintHead
    record_id: uuid.UUID
    total_kg_co2e: float
    flows: FlowChart
    processes: Sequence[ProcessLine]
    links: Sequence[LinkLine]
    scopes: Sequence[ScopeLine]
    parties: BarChart
    inputs: BarChart
    kinds: BarChart
    gases: Sequence[tuple[str, float]]
    tree: BranchLine
    tornado: TornadoChart
    swings: Sequence[SwingLine]
    fixed: Sequence[str]


@router.get("/console/footprints/{record_id:uuid}/explain")
@endpoint(INSIDERS)
def show_explanations(context: Context, record_id: uuid.UUID) -> Response:
    """Show where a footprint comes from and what each parameter could change."""
    head = footprint_head(context, record_id, FootprintTab.EXPLAIN)
    page = explain_page(context, queries.get_record(context.session, record_id), head)
    return render_page(context, "console/footprint_explain.html", page)


def explain_page(context: Context, record: FootprintRecord, head: FootprintHead) -> ExplainPage:
    """Put all explanations of a footprint together."""
    side = side_of(context.session, record)
    found = explanations_of(side, record)
    names = _Names(side.model, context.locale, supplier_names(context, record))
    tornado = tornado_of(side)
    return ExplainPage(
        head=head,
        record_id=record.id,
        total_kg_co2e=found.total_kg_co2e,
        flows=_flow_chart(found.flows, names),
        processes=_process_lines(found.flows, names),
        links=_link_lines(found.flows, names),
        scopes=_scope_lines(found),
        parties=_bars({names.party(key): kg for key, kg in found.by_party_kg_co2e.items()}),
        inputs=_input_bars(found, names),
        kinds=_kinds(found, context.locale),
        gases=[(words.gas_name(gas, context.locale), kg) for gas, kg in found.by_gas_kg_co2e.items()],
        tree=_branch_line(found.tree, names, total=found.total_kg_co2e, level=0),
        tornado=_tornado(tornado, names),
        swings=[_swing_line(one, names) for one in tornado.swings],
        fixed=[names.parameter(name) for name in tornado.fixed],
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """Names in the reader's language, of one model version."""

    model: Model
    locale: Locale
    suppliers: Mapping[str, str]

    def process(self, process: str) -> str:
        """Return the name of a process."""
        return process_name(self.model, process, self.locale)

    def flow(self, flow: str) -> str:
        """Return the name of a flow."""
        return model_flow_name(self.model, flow, self.locale)

    def product(self, process: str) -> str:
        """Return the name of what a process makes."""
        found = self.model.processes.get(process)
        return self.flow(found.reference.flow) if found else self.process(process)

    def parameter(self, parameter: str) -> str:
        """Return what a parameter means."""
        return meaning_of(self.model, parameter, self.locale)

    def party(self, party: str) -> str:
        """Return who stands behind a contribution."""
        return translate(self.locale, _PARTIES[party]) if party in _PARTIES else self.suppliers.get(party, party)


def _flow_chart(flows: Flows, names: _Names) -> FlowChart:
    nodes = [
        FlowNode(
            key=one.process,
            code=stage_of(one.process),
            label=names.process(one.process),
            own=one.own_kg_co2e,
            passed_on=one.passed_on_kg_co2e,
        )
        for one in flows.nodes
    ]
    links = [FlowLink(source=one.producer, target=one.consumer, value=one.kg_co2e) for one in flows.links]
    return flow_chart(nodes, links, unit=UNIT)


def _process_lines(flows: Flows, names: _Names) -> list[ProcessLine]:
    return [
        ProcessLine(
            name=names.process(one.process),
            code=stage_of(one.process),
            amount=one.amount,
            unit=one.unit,
            own_kg_co2e=one.own_kg_co2e,
            received_kg_co2e=one.received_kg_co2e,
            passed_on_kg_co2e=one.passed_on_kg_co2e,
            kg_co2e_per_unit=flows.multipliers[one.process],
        )
        for one in sorted(flows.nodes, key=lambda node: node.process)
    ]


def _link_lines(flows: Flows, names: _Names) -> list[LinkLine]:
    return [
        LinkLine(
            producer=f"{stage_of(one.producer)} {names.process(one.producer)}",
            consumer=f"{stage_of(one.consumer)} {names.process(one.consumer)}",
            amount=one.amount,
            unit=one.unit,
            kg_co2e=one.kg_co2e,
        )
        for one in sorted(flows.links, key=lambda link: link.producer)
    ]


def _scope_lines(found: Explanations) -> list[ScopeLine]:
    return [
        ScopeLine(name=name, meaning=meaning, kg_co2e=found.by_scope_kg_co2e[scope]) for scope, (name, meaning) in _SCOPES.items()
    ]


def _bars(by_name: Mapping[str, float]) -> BarChart:
    parts = [Part(code="part", label=name, value=kg) for name, kg in sorted(by_name.items(), key=lambda item: -abs(item[1]))]
    return horizontal_bars(parts, unit=UNIT)


def _input_bars(found: Explanations, names: _Names) -> BarChart:
    """Return the greatest inputs and emissions, the rest as one bar."""
    ordered = sorted(found.by_flow_kg_co2e.items(), key=lambda item: -abs(item[1]))
    parts = [Part(code="part", label=names.flow(flow), value=kg) for flow, kg in ordered[:_SHOWN_INPUTS]]
    rest = ordered[_SHOWN_INPUTS:]
    if rest:
        parts.append(Part(code="part", label=translate(names.locale, N_("All others")), value=sum(kg for _, kg in rest)))
    return horizontal_bars(parts, unit=UNIT)


def _kinds(found: Explanations, locale: Locale) -> BarChart:
    parts = [Part(code=kind, label=translate(locale, _KINDS[kind]), value=found.by_kind_kg_co2e[kind]) for kind in KINDS]
    return stacked_bar(parts, unit=UNIT)


def _branch_line(branch: Branch, names: _Names, *, total: float, level: int) -> BranchLine:
    is_process = branch.kind is BranchKind.PROCESS
    code = stage_of(branch.key) if is_process else ""
    return BranchLine(
        name=names.product(branch.key) if is_process else names.flow(branch.key),
        note=f"{code} {names.process(branch.key)}" if is_process else "",
        code=code,
        amount=branch.amount,
        unit=branch.unit,
        kg_co2e=branch.kg_co2e,
        share=branch.kg_co2e / total if total else 0.0,
        is_open=level < _OPENED,
        is_loop=branch.closed is Closed.LOOP,
        is_cut=branch.closed is Closed.LIMIT,
        children=[_branch_line(child, names, total=total, level=level + 1) for child in branch.children],
    )


def _tornado(tornado: Tornado, names: _Names) -> TornadoChart:
    reaches = [
        Reach(
            label=names.parameter(one.parameter),
            low=format_number(one.low, names.locale),
            high=format_number(one.high, names.locale),
            unit="" if one.unit == "1" else one.unit,
            at_low=one.at_low_kg_co2e,
            at_high=one.at_high_kg_co2e,
        )
        for one in tornado.swings[:_SHOWN_SWINGS]
    ]
    return tornado_chart(tornado.total_kg_co2e, reaches, unit=UNIT)


def _swing_line(swing: Swing, names: _Names) -> SwingLine:
    return SwingLine(name=swing.parameter, meaning=names.parameter(swing.parameter), swing=swing)
