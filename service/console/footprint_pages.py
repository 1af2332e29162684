"""What the page of a footprint shows, put together from its record."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.accounts.access import Context
from service.accounts.models import Role
from service.accounts.queries import names_of_actors
from service.console import footprint_words as words
from service.console.footprint_electricity import ViewLine, view_lines
from service.console.footprint_tabs import FootprintHead, FootprintTab, footprint_head
from service.errors import N_
from service.footprints import queries
from service.footprints.answering import published_result
from service.footprints.disclosure import may_calculate, may_release
from service.footprints.models import FootprintRecord, FootprintStatus
from service.footprints.provenance import KINDS
from service.footprints.published import PublishedResult
from service.footprints.queries import RecordFilter, RecordRow
from service.footprints.rules import known_split
from service.i18n import Locale, translate
from service.web.charts import BarChart, Part, Sparkline, horizontal_bars, sparkline, stacked_bar

UNIT: Final = "kg CO₂e/kg"
CARBON_TOLERANCE: Final = 0.05
"""Carbon out of the product chain may differ from carbon in by 5 % (own choice, as for sums of metered process data)."""
_SHOWN_DRIVERS: Final = 8
_SHOWN_HISTORY: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """What stands behind the number."""

    drivers: BarChart | None
    flows: Sequence[tuple[str, str, float]]
    submissions: Mapping[str, uuid.UUID]
    electricity_kwh: float
    electricity_by_step: Sequence[tuple[str, float]]
    carbon_closure: float | None
    warnings: Sequence[str]
    oracle_difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """The page of one footprint for those who may see what went in."""

    record: FootprintRecord
    head: FootprintHead
    stages: BarChart
    kinds: BarChart
    views: Sequence[ViewLine]
    gases: Sequence[tuple[str, float]]
    split: Sequence[tuple[str, float | None]]
    history: Sequence[RecordRow]
    history_line: Sparkline | None
    calculated_by: str
    released_by: str | None
    insight: Insight
    release_obstacle: str | None
    may_release: bool
    may_calculate: bool
    may_issue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """The page of one footprint for those who see results only; every figure is rounded as `footprints.published` says."""

    record: FootprintRecord
    head: FootprintHead
    result: PublishedResult
    stages: BarChart
    may_issue: bool


def result_page(context: Context, record: FootprintRecord) -> ResultPage:
    """Put the page of a footprint together for those who see results only."""
    head = footprint_head(context, record.id, FootprintTab.RESULT)
    result = published_result(context.session, record, to=context.asking)
    parts = [
        Part(
            code=group.keys[0],
            label=" + ".join(words.stage_name(key, context.locale) for key in group.keys),
            value=float(group.kg_co2e),
        )
        for group in result.stages
    ]
    return ResultPage(
        record=record, head=head, result=result, stages=stacked_bar(parts, unit=UNIT), may_issue=_may_issue(context, record, head)
    )


def record_page(context: Context, record: FootprintRecord, head: FootprintHead) -> RecordPage:
    """Put the page of a footprint together."""
    locale, asking = context.locale, context.asking
    history = _history(context, record) if head.ask_href is None else ()
    people = names_of_actors(context.session, [actor for actor in (record.calculated_by, record.released_by) if actor])
    by_stage = record.result["by_stage"]
    return RecordPage(
        record=record,
        head=head,
        stages=stacked_bar(
            [Part(code=code, label=words.stage_name(code, locale), value=kg) for code, kg in by_stage.items()], unit=UNIT
        ),
        kinds=_kinds_chart(record, locale),
        views=view_lines(context, record),
        gases=[(words.gas_name(gas, locale), kg) for gas, kg in record.result["by_gas"].items()],
        split=[(words.SPLIT[name], kg) for name, kg in known_split(record.result["split"]).items() if name in words.SPLIT],
        history=history,
        history_line=sparkline([one.total_kg_co2e_per_kg for one in reversed(history) if one.status is FootprintStatus.RELEASED]),
        calculated_by=people.get(record.calculated_by, record.calculated_by),
        released_by=people.get(record.released_by, record.released_by) if record.released_by else None,
        insight=_insight(context, record),
        release_obstacle=_release_obstacle(context, head.row, record),
        may_release=may_release(asking) and record.status is FootprintStatus.CALCULATED,
        may_calculate=may_calculate(asking),
        may_issue=_may_issue(context, record, head),
    )


def _history(context: Context, record: FootprintRecord) -> Sequence[RecordRow]:
    return queries.find_records(context.session, RecordFilter(product_id=record.product_id), limit=_SHOWN_HISTORY).rows


def _may_issue(context: Context, record: FootprintRecord, head: FootprintHead) -> bool:
    return context.asking.has(Role.SALES) and record.status is FootprintStatus.RELEASED and not head.row.is_stale


def _kinds_chart(record: FootprintRecord, locale: Locale) -> BarChart:
    labels = {"primary": N_("Primary data"), "secondary": N_("Secondary data"), "default": N_("Default data")}
    parts = [
        Part(code=kind, label=translate(locale, labels[kind]), value=record.shares[kind] * record.total_kg_co2e_per_kg)
        for kind in KINDS
    ]
    return stacked_bar(parts, unit=UNIT)


def _release_obstacle(context: Context, row: RecordRow, record: FootprintRecord) -> str | None:
    """Return why the person can't release the record, as a message id; None if it may."""
    if record.status is not FootprintStatus.CALCULATED or not may_release(context.asking):
        return None
    if record.calculated_by == context.asking.actor:
        return N_("You calculated this footprint yourself. A second person must look at it and release it.")
    if row.is_stale:
        return N_("This footprint is out of date and can't be released. Calculate it again first.")
    return None


def _insight(context: Context, record: FootprintRecord) -> Insight:
    locale, result = context.locale, record.result
    return Insight(
        drivers=_drivers_chart(record, locale),
        flows=_flow_lines(record, locale),
        submissions=queries.sources_of(context.session, record.id),
        electricity_kwh=result["electricity_kwh"],
        electricity_by_step=[
            (f"{name[:2]} {words.stage_name(name[:2], locale)}", kwh) for name, kwh in result["electricity_kwh_by_process"].items()
        ],
        carbon_closure=result["carbon_balance"]["closure"],
        warnings=_warnings(result, locale),
        oracle_difference=f"{result['oracle_relative_difference']:.1e}",
    )


def _warnings(result: Mapping[str, Any], locale: Locale) -> list[str]:
    """Return what the model found unusual, and a carbon balance that does not close."""
    found = [translate(locale, notice["template"], **notice["values"]) for notice in result["notices"]]
    closure = result["carbon_balance"]["closure"]
    if closure is not None and abs(closure - 1.0) > CARBON_TOLERANCE:
        text = N_(
            "The carbon balance does not close: %(share)s percent of the carbon put in comes out. Check yields and throughput."
        )
        found.append(translate(locale, text, share=f"{closure * 100:.1f}"))
    return found


def _drivers_chart(record: FootprintRecord, locale: Locale) -> BarChart | None:
    """Return what makes the difference from the default, the rest as one bar; None if there is no difference."""
    if not record.drivers:
        return None
    lines = [(f"{one['stage']} {words.flow_name(one['flow'], locale)}", one["kg_co2e"] - one["default"]) for one in record.drivers]
    parts = [Part(code="driver", label=label, value=kg) for label, kg in lines[:_SHOWN_DRIVERS]]
    rest = lines[_SHOWN_DRIVERS:]
    if rest:
        parts.append(Part(code="driver", label=translate(locale, N_("All other changes")), value=sum(kg for _, kg in rest)))
    return horizontal_bars(parts, unit=UNIT)


def _flow_lines(record: FootprintRecord, locale: Locale) -> list[tuple[str, str, float]]:
    flows = record.result["by_stage_and_flow"]
    lines = [(stage, words.flow_name(flow, locale), kg) for stage, by_flow in flows.items() for flow, kg in by_flow.items() if kg]
    return sorted(lines, key=lambda line: (line[0], -line[2]))
