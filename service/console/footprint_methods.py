"""The methods of a footprint: choices with their alternatives, biogenic carbon, what is left out, data quality, the guard."""

import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.methods.alternatives import GWP, Alternative
from lca_models.methods.decisions import RecordedDecision
from lca_models.model import stage_of
from service.accounts.access import Context, endpoint
from service.accounts.models import Role
from service.accounts.pages import render_page
from service.console import footprint_words as words
from service.console.footprint_tabs import FootprintHead, FootprintTab, footprint_head
from service.errors import N_
from service.exemptions.queries import LedgerEntry
from service.footprints import queries
from service.footprints.disclosure import INSIDERS
from service.footprints.methods import Methods, methods_of
from service.footprints.models import FootprintRecord
from service.i18n import Locale, translate
from service.web.charts import BarChart, Part, horizontal_bars

router = APIRouter()

UNIT: Final = "kg CO₂e/kg"
RATINGS: Final[Mapping[str, str]] = {"technology": N_("Technology"), "geography": N_("Geography"), "time": N_("Time")}

_PROCEDURES: Final[Mapping[str, str]] = {
    "waste": N_("Waste, carries no burden"),
    "category_rule": N_("Rule of the product category"),
    "subdivision": N_("Subdivision"),
    "substitution": N_("Substitution"),
    "revenue": N_("By revenue"),
    "mass": N_("By mass"),
    "energy": N_("By energy"),
    "cut_off": N_("Cut-off of recycling"),
}
_DEFAULT_FACTOR: Final = N_("The model's default")
_SHOWN: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeLine:
    """The result under one choice; `difference` is to the record."""

    name: str
    total_kg_co2e: float | None
    difference_kg_co2e: float | None
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One question of method with its answers beside each other.

    Attributes
    ----------
    recommended
        What the rules recommend, and why; empty for a set of GWP100.
    is_set_by_others
        Whether the factor is a supplier's or somebody else's, so that the model's alternatives do not apply.

    """

    name: str
    treatment: str
    recommended: str
    reason: str
    value_ratio: float | None
    is_default: bool
    is_set_by_others: bool
    lines: Sequence[AlternativeLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """A flow left out; `exemption_id` is None for the model's own."""

    flow: str
    name: str
    share: float
    reason: str
    evidence: str
    is_unverified: bool
    exemption_id: uuid.UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLine:
    """Primary data share and ratings of one stage; the last line is the total."""

    name: str
    is_total: bool
    primary_data_share: float
    ratings: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsPage:
    """The page; `balances` are (process, closure)."""

    head: FootprintHead
    methods: Methods
    obstacles: Sequence[str]
    topics: Sequence[Topic]
    chart: BarChart
    ledger: Sequence[LedgerLine]
    quality: Sequence[QualityLine]
    rating_columns: Sequence[tuple[str, str]]
    memory: Sequence[tuple[str, float]]
    balances: Sequence[tuple[str, float]]
    may_edit: bool


@router.get("/console/footprints/{footprint_id}/methods")
@endpoint(INSIDERS)
def show_methods(context: Context, footprint_id: uuid.UUID) -> Response:
    """Show the methods of a footprint, with the alternatives calculated beside it."""
    head = footprint_head(context, footprint_id, FootprintTab.METHODS)
    page = methods_page(context, queries.get_record(context.session, footprint_id), head)
    return render_page(context, "console/footprint_methods.html", page)


def methods_page(context: Context, record: FootprintRecord, head: FootprintHead) -> MethodsPage:
    """Put the methods of a footprint together."""
    found = methods_of(context.session, record)
    topics = _topics(found, context.locale)
    return MethodsPage(
        head=head,
        methods=found,
        obstacles=[translate(context.locale, one.template, **one.values) for one in found.obstacles],
        topics=topics,
        chart=_chart(topics),
        ledger=[_ledger_line(entry, found.total_kg_co2e, context.locale) for entry in found.ledger],
        quality=_quality(found, context.locale),
        rating_columns=[(translate(context.locale, name), "number") for name in RATINGS.values()],
        memory=[(words.parameter_meaning(name, context.locale), share) for name, share in found.memory_shares.items()],
        balances=[(_process_name(one.process, context.locale), one.closure) for one in found.mass_balances],
        may_edit=context.asking.has(Role.ENGINEER),
    )


def _topics(found: Methods, locale: Locale) -> list[Topic]:
    by_topic = {key: list(lines) for key, lines in groupby(found.alternatives, key=lambda one: one.topic)}
    decided = [_topic(one, by_topic.get(one.case.case, []), found, locale) for one in found.decisions]
    return [*decided, _gwp_topic(by_topic[GWP], found, locale)]


def _topic(one: RecordedDecision, lines: Sequence[Alternative], found: Methods, locale: Locale) -> Topic:
    chinese, rule = locale == "zh-CN", one.recommended
    return Topic(
        name=_as_title(one.case.name_zh if chinese else one.case.name_en),
        treatment=one.case.default_zh if chinese else one.case.default_en,
        recommended=translate(locale, _PROCEDURES[rule.procedure.value]),
        reason=translate(locale, rule.reason.template, **rule.reason.values),
        value_ratio=rule.value_ratio,
        is_default=one.is_default,
        is_set_by_others=not one.is_default and not one.chosen,
        lines=[_line(line, _choice_name(one, line.choice, locale), found) for line in lines],
    )


def _as_title(name: str) -> str:
    return name[:1].upper() + name[1:]


def _gwp_topic(lines: Sequence[Alternative], found: Methods, locale: Locale) -> Topic:
    return Topic(
        name=translate(locale, N_("Set of GWP100")),
        treatment=translate(
            locale,
            N_("The newest report of the IPCC. Another set changes only what is known by gas; %(share)s %% of the result is not."),
            share=f"{found.unsplit_share * 100:.0f}",
        ),
        recommended="",
        reason="",
        value_ratio=None,
        is_default=next(one.is_chosen for one in lines if one.choice == "AR6"),
        is_set_by_others=False,
        lines=[_line(line, f"IPCC {line.choice}", found) for line in lines],
    )


def _line(line: Alternative, name: str, found: Methods) -> AlternativeLine:
    total = line.total_kg_co2e
    return AlternativeLine(
        name=name,
        total_kg_co2e=total,
        difference_kg_co2e=None if total is None else _difference(total, found.total_kg_co2e),
        is_chosen=line.is_chosen,
    )


def _difference(total: float, base: float) -> float:
    """Return the difference, free of rounding."""
    return 0.0 if math.isclose(total, base, rel_tol=1e-9) else total - base


def _choice_name(one: RecordedDecision, choice: str, locale: Locale) -> str:
    if not choice:
        return translate(locale, _DEFAULT_FACTOR)
    if choice in words.CHOICES:
        return translate(locale, words.CHOICES[choice])
    return words.alternative_reason(one.case.parameter, choice, locale)


def _chart(topics: Sequence[Topic]) -> BarChart:
    """Return the largest differences that another choice would make."""
    differences = [(f"{topic.name}: {line.name}", line.difference_kg_co2e) for topic in topics for line in topic.lines]
    others = [(name, value) for name, value in differences if value]
    largest = sorted(others, key=lambda one: -abs(one[1]))[:_SHOWN]
    return horizontal_bars(
        [Part(code=str(place), label=name, value=value) for place, (name, value) in enumerate(largest)], unit=UNIT
    )


def _ledger_line(entry: LedgerEntry, total: float, locale: Locale) -> LedgerLine:
    one, chinese = entry.exemption, locale == "zh-CN"
    return LedgerLine(
        flow=one.flow,
        name=_as_title(one.name_zh if chinese else one.name_en),
        share=one.share(total),
        reason=one.reason_zh if chinese else one.reason_en,
        evidence=one.evidence_zh if chinese else one.evidence_en,
        is_unverified=one.confidence == "memory",
        exemption_id=entry.row.id if entry.row else None,
    )


def _process_name(process: str, locale: Locale) -> str:
    code = stage_of(process)
    return f"{code} {words.stage_name(code, locale)}"


def _quality(found: Methods, locale: Locale) -> list[QualityLine]:
    quality = found.data_quality
    stages: Iterable[tuple[str, Mapping[str, float]]] = quality["by_stage"].items()
    lines = [_quality_line(f"{code} {words.stage_name(code, locale)}", values, is_total=False) for code, values in stages]
    return [*lines, _quality_line(translate(locale, N_("Total")), quality, is_total=True)]


def _quality_line(name: str, values: Mapping[str, float], *, is_total: bool) -> QualityLine:
    return QualityLine(
        name=name,
        is_total=is_total,
        primary_data_share=values["primary_data_share"],
        ratings=[values[rating] for rating in RATINGS],
    )
