"""The statement on a target as PDF in both languages; the same statement gives the same bytes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import rfc8785

from service.clock import day_at
from service.errors import N_
from service.i18n import Locale, translate
from service.pdf.bilingual import Bilingual, both, same
from service.pdf.pages import bilingual_pages
from service.pdf.rendering import PdfAttachment, PdfRenderer, shared_renderer
from service.settings import Settings
from service.targets.catalogue import DEFINITIONS, Basis, DefinitionKey, Indicator
from service.targets.models import SettlementStatus, TargetSettlement
from service.targets.words import BASES, INDICATORS
from service.web.formatting import format_exact, format_number, format_unit

DIGITS: Final = 5
_LANGUAGES: Final[tuple[tuple[str, Locale], ...]] = (("zh", "zh-CN"), ("en", "en"))
_MET: Final[Mapping[bool | None, str]] = {True: N_("Target met"), False: N_("Missed"), None: N_("Not known")}
_NO_CAP: Final = N_("no cap in the plan")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """One indicator on one basis: the figures, and how they came about."""

    title: Bilingual
    unit: Bilingual
    base: str
    required: str
    actual: str
    change: str
    gap: str
    met: Bilingual
    arithmetic: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementDocument:
    """What the statement says on paper."""

    title: Bilingual
    number: str
    company: Bilingual
    status: Bilingual
    made_on: str
    approved_on: str | None
    base_year: int
    target_year: int
    rows: Sequence[ShownRow]
    years: Sequence[Mapping[str, Any]]
    undefined: Sequence[Bilingual]
    definitions: Sequence[tuple[Bilingual, Bilingual, str]]
    notes: Sequence[Bilingual]
    sha256: str
    is_sample: bool


def render_settlement(settlement: TargetSettlement, *, settings: Settings, renderer: PdfRenderer | None = None) -> bytes:
    """Return the statement as PDF with its content attached as JSON.

    Raises
    ------
    MissingCharactersError
        If a text has characters that the typeface lacks.

    """
    html = bilingual_pages().get_template("reports/settlement.html").render(document=document_of(settlement, settings=settings))
    attached = PdfAttachment(
        name="statement.json", description="Statement, canonical JSON", content=rfc8785.dumps(settlement.content)
    )
    return (renderer or shared_renderer()).render(
        html,
        created_at=settlement.approved_at or settlement.drafted_at,
        identifier=hashlib.sha256(html.encode()).digest()[:16],
        attachments=[attached],
    )


def document_of(settlement: TargetSettlement, *, settings: Settings) -> SettlementDocument:
    """Return what the statement says on paper."""
    content = settlement.content
    approved = settlement.status is SettlementStatus.APPROVED
    return SettlementDocument(
        title=both(N_("Statement on the target of %(year)s"), year=settlement.target_year),
        number=f"TARGET-{settlement.target_year}-V{settlement.version}",
        company=Bilingual(zh=settings.company_name_zh, en=settings.company_name_en),
        status=both(N_("Approved") if approved else N_("Draft, not approved")),
        made_on=day_at(settlement.drafted_at, settings.timezone).isoformat(),
        approved_on=None if settlement.approved_at is None else day_at(settlement.approved_at, settings.timezone).isoformat(),
        base_year=content["base_year"],
        target_year=content["target"],
        rows=[_shown(row) for row in content["rows"]],
        years=[_year(year) for year in content["years"]],
        undefined=[both(DEFINITIONS[DefinitionKey(key)].label) for key in content["not_defined_in_the_plan"]],
        definitions=[_definition(DefinitionKey(key), row) for key, row in content["definitions"].items()],
        notes=_notes(content),
        sha256=settlement.content_sha256,
        is_sample=settlement.is_sample,
    )


def _shown(row: Mapping[str, Any]) -> ShownRow:
    title = N_("%(indicator)s with graphitizing done by others: %(basis)s") if row["with_toll"] else N_("%(indicator)s: %(basis)s")
    is_uncapped = row["basis"] == Basis.ABSOLUTE.value
    indicator, basis = INDICATORS[Indicator(row["indicator"])], BASES[Basis(row["basis"])]
    return ShownRow(
        title=Bilingual(
            **{
                name: translate(locale, title, indicator=translate(locale, indicator), basis=translate(locale, basis))
                for name, locale in _LANGUAGES
            }
        ),
        unit=_unit(row["unit"]),
        base=_figure(row["base"]),
        required=_figure(None if is_uncapped else row["required"]),
        actual=_figure(row["actual"]),
        change="–" if row["change"] is None else f"{100 * row['change']:+.1f} %",
        gap="–" if is_uncapped or row["gap"] is None else f"{format_number(row['gap'], 'en', 4)} {_unit(row['amount_unit']).en}",
        met=both(_NO_CAP if is_uncapped else _MET[row["met"]]),
        arithmetic=_arithmetic(row),
    )


def _arithmetic(row: Mapping[str, Any]) -> Sequence[str]:
    """Return the divisions and the multiplication that the figures come from."""
    if row["base"] is None or row["actual"] is None or row["basis"] == Basis.ABSOLUTE.value:
        return ()
    return [
        f"{_figure(row['base_amount'])} ÷ {_figure(row['base_volume'])} = {_figure(row['base'])}",
        f"{_figure(row['base'])} × {row['ratio']:g} = {_figure(row['required'])}",
        f"{_figure(row['actual_amount'])} ÷ {_figure(row['actual_volume'])} = {_figure(row['actual'])}",
    ]


def _unit(unit: str) -> Bilingual:
    return Bilingual(**{name: format_unit(unit, locale) for name, locale in _LANGUAGES})


def _figure(value: float | None) -> str:
    return format_number(value, "en", DIGITS)


def _year(year: Mapping[str, Any]) -> Mapping[str, Any]:
    keys = ("energy_tce", "co2_t", "co2_with_toll_t", "current_price_10k_cny", "constant_price_10k_cny", "anode_t")
    shown = {key: format_number(year[key], "en", 6) for key in keys}
    return {**year, **shown, "price_index": format_exact(year["price_index"], "en")}


def _definition(key: DefinitionKey, row: Mapping[str, Any]) -> tuple[Bilingual, Bilingual, str]:
    definition = DEFINITIONS[key]
    value = (
        both(definition.choices[row["value"]]) if row["value"] in definition.choices else same(f"{row['value']} {definition.unit}")
    )
    return both(definition.label), value, row["evidence"]


def _notes(content: Mapping[str, Any]) -> Sequence[Bilingual]:
    drift = content["factor_drift"]
    notes = [
        both(
            N_("Of the year's CO₂, %(change)s t come from changed factors of the grid since %(year)s, not from the company."),
            change=f"{drift['difference_t_co2']:+,.0f}",
            year=drift["base_year"],
        )
    ]
    if content["price_decides"]:
        notes.append(
            both(N_("Met or missed depends on selling prices: per 10 000 yuan and per tonne the answers differ. Both are shown."))
        )
    return notes
