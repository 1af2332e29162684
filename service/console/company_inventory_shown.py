"""What pages on the company's inventory show: lines with their papers, what is missing with the page to mend it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.accounts.access import Context
from service.company_inventory.inventory import Inventory
from service.company_inventory.lines import GAP_TEXTS, Category, Gap, GapKind, Line, Scope, View
from service.company_inventory.words import CATEGORIES, SCOPES, VIEWS, source_words, subject_words
from service.console.monitoring_words import entry_href, month_href
from service.console.navigation import works_in
from service.errors import N_
from service.i18n import translate
from service.pdf.bilingual import Bilingual, same
from service.products.queries import all_plants

INVENTORY = "/console/plan/inventory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A month or register behind a line, and how many files stand behind it."""

    text: str
    href: str
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """One line; `papers` are the months or records behind it, `with_file` how many of them have a file."""

    category: str
    site: str
    subject: str
    view: str
    amount: float
    unit: str
    factor: float | None
    factor_unit: str
    factor_source: str
    factor_source_is_english: bool
    factor_year: int | None
    is_older: bool
    is_unverified: bool
    quality: str
    t_co2: float
    terms: Sequence[tuple[str, str, float, float | None, float | None]]
    papers: Sequence[Paper]
    with_file: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownScope:
    """The lines of one scope."""

    key: str
    title: str
    unit: str
    total: float
    is_partial: bool
    lines: Sequence[ShownLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGap:
    """What is missing, and the page where it is mended."""

    scope: str
    site: str
    subject: str
    text: str
    href: str | None
    blocks_closing: bool


class Words:
    """Names in the reader's language."""

    def __init__(self, context: Context) -> None:
        self._context = context
        is_chinese = context.locale == "zh-CN"
        self._sites = {one.id: one.name_zh if is_chinese else one.name_en for one in all_plants(context.session)}
        self._is_chinese = is_chinese

    def say(self, message: str, **values: object) -> str:
        """Return a message."""
        return translate(self._context.locale, message, **values)

    def pick(self, text: Bilingual) -> str:
        """Return a text."""
        return text.zh if self._is_chinese else text.en

    def site(self, plant_id: uuid.UUID | None) -> str:
        """Return a site's name; empty for what belongs to none."""
        return self._sites.get(plant_id, "") if plant_id is not None else ""

    @property
    def sites(self) -> Mapping[uuid.UUID, str]:
        """All sites by id."""
        return self._sites


def shown_scopes(context: Context, inventory: Inventory, words: Words, *, files: Mapping[uuid.UUID, int]) -> Sequence[ShownScope]:
    """Return the lines by scope; what is supplied to others stands last. `files` stand behind entries."""
    totals = {
        Scope.SCOPE_1: inventory.scope_1_t_co2,
        Scope.SCOPE_2: inventory.scope_2_location_t_co2,
        Scope.SCOPE_3: sum(inventory.scope_3_t_co2e.values()),
        Scope.SUPPLIED: inventory.supplied_t_co2,
    }
    return [
        ShownScope(
            key=scope.value,
            title=words.say(SCOPES[scope]),
            unit="t CO₂e" if scope is Scope.SCOPE_3 else "t CO₂",
            total=total,
            is_partial=inventory.has_gap(scope),
            lines=[_shown(context, one, inventory, words, files) for one in inventory.lines if one.scope is scope],
        )
        for scope, total in totals.items()
        if any(one.scope is scope for one in inventory.lines)
    ]


def entries_behind(inventory: Inventory) -> Sequence[uuid.UUID]:
    """Return the monthly figures that lines rest on, each once."""
    return list(dict.fromkeys(key for one in inventory.lines if _register(one) is None for key in one.entry_ids))


def _shown(context: Context, one: Line, inventory: Inventory, words: Words, files: Mapping[uuid.UUID, int]) -> ShownLine:
    papers = _papers(context, one, words, files)
    return ShownLine(
        category=words.say(CATEGORIES[one.category]),
        site=words.site(one.plant_id),
        subject=words.pick(subject_words(one.subject)),
        view="" if one.view is View.BOTH else words.say(VIEWS[one.view]),
        amount=one.amount,
        unit=one.unit,
        factor=one.factor,
        factor_unit=one.factor_unit,
        factor_source=words.pick(source_words(one.factor_source)),
        factor_source_is_english=source_words(one.factor_source) == same(one.factor_source),
        factor_year=one.factor_year,
        is_older=one.factor_year is not None and one.factor_year < inventory.year,
        is_unverified=one.confidence == "memory",
        quality=one.quality,
        t_co2=one.t_co2,
        terms=[
            (term.symbol, words.pick(subject_words(term.carrier)), term.amount_t, term.fixed_carbon, term.volatile_matter)
            for term in one.terms
        ],
        papers=papers,
        with_file=sum(paper.files > 0 for paper in papers),
    )


def _papers(context: Context, one: Line, words: Words, files: Mapping[uuid.UUID, int]) -> Sequence[Paper]:
    """Return the pages behind a line: monthly entries, or the register that its records stand in."""
    register = _register(one)
    if register is not None:
        label, path = register
        return [Paper(text=words.say(label), href=path)] if works_in(context, path) else []
    return [
        Paper(text=str(place), href=entry_href(entry_id), files=files.get(entry_id, 0))
        for place, entry_id in enumerate(one.entry_ids, start=1)
    ]


def _register(one: Line) -> tuple[str, str] | None:
    if one.category is Category.FREIGHT:
        return N_("Logistics"), "/console/plan/logistics"
    if one.plant_id is None:
        return N_("Purchases"), "/console/purchases"
    if one.view is View.MARKET and ":" in one.subject:
        return N_("Green power"), "/console/plan/green-power"
    return None


def shown_gaps(gaps: Sequence[Gap], words: Words) -> Sequence[ShownGap]:
    """Return what is missing, what keeps the year from being closed first."""
    return [
        ShownGap(
            scope=words.say(SCOPES[one.scope]),
            site=words.site(one.plant_id),
            subject=words.pick(subject_words(one.subject)) if one.subject else "",
            text=words.say(GAP_TEXTS[one.kind], detail=one.detail),
            href=_mended_at(one),
            blocks_closing=one.blocks_closing,
        )
        for one in sorted(gaps, key=lambda gap: not gap.blocks_closing)
    ]


def _mended_at(one: Gap) -> str | None:
    if one.plant_id is not None and one.month is not None:
        return month_href(one.plant_id, one.month)
    if one.kind is GapKind.CLAIMS_EXCEED:
        return "/console/plan/green-power"
    if one.kind in {GapKind.NO_SOURCES, GapKind.BALANCE_TERM, GapKind.BALANCE_NEGATIVE}:
        return "/console/plan/monitoring"
    return "/console/plan/logistics" if one.kind is GapKind.NO_FREIGHT else None
