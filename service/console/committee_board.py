"""The committee's content in a reader's language: what page, PDF and slides say alike."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from service.committee.gathering import Board
from service.committee.late import Late, LateKind
from service.committee.presented import Cell, Chart, Hero, Presented, Section
from service.company_inventory.inventory import Inventory, InventoryStatus
from service.console.target_words import EFFECTS, STATUS
from service.errors import N_
from service.i18n import Locale, translate
from service.measures.models import MeasureStatus
from service.measures.queries import PlannedMeasure
from service.targets.catalogue import Basis, Indicator, unit_of
from service.targets.changes import Explanation
from service.targets.standing import Standing, hidden_by_price
from service.targets.words import INDICATORS
from service.web.formatting import ABSENT, format_date, format_number, format_percent, format_unit

_SHORT: Final[Mapping[Basis, str]] = {
    Basis.CURRENT_PRICE: N_("As the plan says, per 10 000 yuan"),
    Basis.CONSTANT_PRICE: N_("Per 10 000 yuan, prices of 2021"),
    Basis.PER_TONNE: N_("Per tonne"),
    Basis.ABSOLUTE: N_("Absolute"),
}
_LATE: Final[Mapping[LateKind, str]] = {
    LateKind.ACTION: N_("Action overdue"),
    LateKind.UNANSWERED: N_("Nobody answers for it"),
    LateKind.MONTH: N_("Month without a figure"),
    LateKind.UNASSIGNED: N_("Source without a person"),
    LateKind.CERTIFICATE: N_("Green certificate about to run out"),
    LateKind.PROJECT: N_("Project before the gate"),
    LateKind.CLAIM: N_("Public claim without a proof"),
    LateKind.FOLLOW_UP: N_("Promise to a stakeholder overdue"),
}
_MEASURES: Final[Mapping[MeasureStatus, str]] = {
    MeasureStatus.IDEA: N_("Idea"),
    MeasureStatus.ASSESSED: N_("Assessed"),
    MeasureStatus.APPROVED: N_("Approved for carrying out"),
    MeasureStatus.RUNNING: N_("Being carried out"),
    MeasureStatus.DONE: N_("Done"),
    MeasureStatus.DROPPED: N_("Dropped"),
}
_YEARS: Final[Mapping[InventoryStatus, tuple[str, str]]] = {
    InventoryStatus.DRAFT: (N_("Provisional"), "attention"),
    InventoryStatus.VERIFIED: (N_("Checked, not closed"), "info"),
    InventoryStatus.CLOSED: (N_("Year closed"), "good"),
}
_NO_CAP: Final = (N_("no cap in the plan"), "neutral")


def present(board: Board, *, company: str, as_of: str, locale: Locale) -> Presented:
    """Return what is shown of the state of the plan."""
    sections = [
        _targets(board, locale),
        _moved(board, locale),
        _emissions(board, locale),
        _coming(board, locale),
        _late(board, locale),
    ]
    return Presented(
        title=translate(locale, N_("Where the carbon plan stands")),
        company=company,
        made_at=board.at,
        as_of=as_of,
        hero=_hero(board, locale),
        sections=sections,
        marks=_marks(board, locale),
    )


def _marks(board: Board, locale: Locale) -> list[str]:
    marks = [N_("Sample data: invented figures of an invented company.")] if board.is_sample else []
    texts = [translate(locale, mark) for mark in marks]
    open_years = [str(one.year) for one in board.inventories if one.status is not InventoryStatus.CLOSED]
    if open_years:
        texts.append(translate(locale, N_("Not closed and therefore provisional: %(years)s."), years=", ".join(open_years)))
    return texts


def _hero(board: Board, locale: Locale) -> Hero | None:
    one = board.next_target
    if one is None:
        return None
    gap, words = one.forecast_gap_t_co2, N_("Gap to the target of %(year)s without further measures")
    if gap is None:
        gap, words = one.gap_t_co2, N_("Gap to the path to %(year)s, last closed year")
    label = translate(locale, words, year=one.target.year)
    note = translate(locale, N_("CO₂, as the plan words it: per 10 000 yuan at prices of each year. Below zero: ahead of it."))
    cell = Cell(text=_number(gap, locale), value=gap, href=f"/console/plan/targets/{one.target.year}")
    return Hero(label=label, cell=cell, unit=format_unit(one.gap_unit, locale), note=note)


def _targets(board: Board, locale: Locale) -> Section:
    plain = [one for one in board.standings if not one.with_toll]
    rows = groupby(plain, key=lambda one: (one.target.year, one.indicator))
    columns = [(translate(locale, N_("Target")), "text"), *((translate(locale, _SHORT[basis]), "text") for basis in Basis)]
    toll = {one.target.year: one for one in board.standings if one.with_toll and one.basis is Basis.PER_TONNE}
    columns += [
        (translate(locale, N_("Per tonne, with toll graphitization")), "text"),
        (translate(locale, N_("Gap, last closed year")), "number"),
    ]
    return Section(
        key="targets",
        title=translate(locale, N_("Where do we stand on each target?")),
        columns=columns,
        rows=[_target_row(year, indicator, list(group), toll.get(year), locale) for (year, indicator), group in rows],
        empty=translate(locale, N_("No year is closed yet; close the inventory of 2021 and of a later year first.")),
        sources=[translate(locale, N_("Closed inventories and output, compared with 2021; /console/plan/targets"))],
        sentence=_price_sentence(plain, board.next_target, locale),
        chart=_path_chart(board, locale),
    )


def _target_row(
    year: int, indicator: Indicator, group: Sequence[Standing], toll: Standing | None, locale: Locale
) -> Sequence[Cell]:
    by_basis = {one.basis: one for one in group}
    named = f"{year} · {translate(locale, INDICATORS[indicator])}"
    stated = by_basis[Basis.CURRENT_PRICE]
    gap = "" if stated.gap_t_co2 is None else f"{_number(stated.gap_t_co2, locale)} {format_unit(stated.gap_unit, locale)}"
    return [
        Cell(text=named, href=f"/console/plan/targets/{year}"),
        *(_standing(by_basis[basis], locale) for basis in Basis),
        _standing(toll, locale) if toll is not None and indicator is Indicator.CO2 else Cell(text=ABSENT),
        Cell(text=gap or ABSENT, value=stated.gap_t_co2, href=f"/console/plan/targets/{year}"),
    ]


def _standing(one: Standing, locale: Locale) -> Cell:
    words, tone = _NO_CAP if one.basis is Basis.ABSOLUTE else STATUS[one.status]
    change = ABSENT if one.change is None else f"{'+' if one.change > 0 else ''}{format_percent(one.change, locale)}"
    text = f"{change} · {translate(locale, words)}"
    return Cell(text=text, value=one.change, href=f"/console/plan/targets/{one.target.year}", tone=tone)


def _price_sentence(found: Sequence[Standing], coming: Standing | None, locale: Locale) -> str:
    """Say where the price of anode decides about a target and not the company's furnaces, up to the next target."""
    last = max((one.target.year for one in found), default=0) if coming is None else coming.target.year
    pairs = [pair for pair in hidden_by_price(found) if pair[0].target.year <= last]
    if not pairs:
        return ""
    texts = [
        translate(
            locale,
            N_("%(target)s, %(indicator)s: “%(stated)s” as the plan says, but “%(tonne)s” per tonne; the price of anode decides."),
            target=stated.target.year,
            indicator=translate(locale, INDICATORS[stated.indicator]),
            stated=translate(locale, STATUS[stated.status][0]),
            tonne=translate(locale, STATUS[tonne.status][0]),
        )
        for stated, tonne in pairs
    ]
    return ("" if locale == "zh-CN" else " ").join(texts)


def _path_chart(board: Board, locale: Locale) -> Chart | None:
    """Draw closed years as a multiple of 2021 on the two bases that tell most."""
    base = board.record.base
    if base is None:
        return None
    series: dict[str, list[float | None]] = {}
    for basis in (Basis.CURRENT_PRICE, Basis.CONSTANT_PRICE, Basis.PER_TONNE, Basis.ABSOLUTE):
        first = base.figure(Indicator.CO2, basis)
        values = [one.figure(Indicator.CO2, basis) for one in board.record.years]
        series[translate(locale, _SHORT[basis])] = [value / first if value is not None and first else None for value in values]
    return Chart(
        title=translate(locale, N_("How has CO₂ changed since 2021?")),
        unit=translate(locale, N_("2021 = 1")),
        categories=[str(one.year) for one in board.record.years],
        series=series,
        is_line=True,
    )


def _moved(board: Board, locale: Locale) -> Section:
    found = board.moved
    names = {key: translate(locale, text) for key, text in EFFECTS.items()}
    unit = format_unit(unit_of(Indicator.CO2, Basis.CURRENT_PRICE), locale)
    href = "" if found is None else f"/console/plan/changes?first={found.first}&last={found.last}"
    rows = [] if found is None else [_effect(names[key], value, href, locale) for key, value in found.end_point.items()]
    return Section(
        key="moved",
        title=translate(locale, N_("What moved the figure that the plan names?")),
        columns=[(translate(locale, N_("Effect")), "text"), (f"{translate(locale, N_('Change of the figure'))}, {unit}", "number")],
        rows=rows,
        empty=translate(locale, N_("Two closed years with their output are needed to tell what moved.")),
        sources=[translate(locale, N_("LMDI-I of closed inventories and output; sums exactly; /console/plan/changes"))],
        sentence="" if found is None else _moved_sentence(found, names, locale),
        chart=None if found is None else _effects_chart(found, names, unit, locale),
    )


def _effect(name: str, value: float, href: str, locale: Locale) -> Sequence[Cell]:
    return [Cell(text=name, href=href), Cell(text=_signed(value, locale), value=value, href=href)]


def _moved_sentence(found: Explanation, names: Mapping[str, str], locale: Locale) -> str:
    change = found.after / found.before - 1 if found.before else None
    up = max(found.end_point, key=lambda key: found.end_point[key])
    down = min(found.end_point, key=lambda key: found.end_point[key])
    return translate(
        locale,
        N_("From %(first)s to %(last)s: %(change)s. Pushed up most by “%(up)s”, down most by “%(down)s”."),
        first=found.first,
        last=found.last,
        change=ABSENT if change is None else f"{'+' if change > 0 else ''}{format_percent(change, locale)}",
        up=names[up],
        down=names[down],
    )


def _effects_chart(found: Explanation, names: Mapping[str, str], unit: str, locale: Locale) -> Chart:
    title = translate(locale, N_("What moved the figure that the plan names?"))
    return Chart(
        title=f"{title} {found.first}–{found.last}",
        unit=unit,
        categories=[names[key] for key in found.end_point],
        series={translate(locale, N_("Change of the figure")): list(found.end_point.values())},
        is_line=False,
    )


def _emissions(board: Board, locale: Locale) -> Section:
    heads = (N_("Year"), N_("State"))
    figures = (
        N_("Own CO₂, grid average, t"),
        N_("Own CO₂, by contracts, t"),
        N_("Toll graphitization, t CO₂e"),
        N_("Energy, tce"),
    )
    return Section(
        key="emissions",
        title=translate(locale, N_("What did we emit and use?")),
        columns=[
            *((translate(locale, text), "text") for text in heads),
            *((translate(locale, text), "number") for text in figures),
        ],
        rows=[_year(one, locale) for one in board.inventories],
        empty=translate(locale, N_("Nothing entered yet; enter the bills of a month first.")),
        sources=[translate(locale, N_("GB/T 32151.34-2024 and GB/T 2589-2020, from monthly entries; /console/plan/inventory"))],
        sentence=_known_origin(board, locale),
    )


def _year(one: Inventory, locale: Locale) -> Sequence[Cell]:
    words, tone = _YEARS[one.status]
    href, toll = f"/console/plan/inventory/{one.year}", one.toll_graphitisation_t_co2e
    return [
        Cell(text=str(one.year), href=href),
        Cell(text=translate(locale, words), tone=tone),
        _amount(one.scope_1_and_2_location_t_co2, href, locale),
        _amount(one.scope_1_and_2_market_t_co2, href, locale),
        _amount(toll, href, locale),
        _amount(one.energy_tce, f"/console/plan/energy?year={one.year}", locale),
    ]


def _amount(value: float | None, href: str, locale: Locale) -> Cell:
    return Cell(text=_number(value, locale), value=value, href=href)


def _known_origin(board: Board, locale: Locale) -> str:
    known = [one for one in board.coverages if one.consumed_kwh]
    if not known:
        return ""
    share = sum(one.metered_kwh + one.certificates_kwh for one in known) / sum(one.consumed_kwh or 0.0 for one in known)
    text = N_("Electricity of known origin in %(year)s: %(share)s of what these sites used.")
    return translate(locale, text, year=known[0].year, share=format_percent(share, locale))


def _coming(board: Board, locale: Locale) -> Section:
    heads = (N_("Measure"), N_("Begins"), N_("Status"))
    return Section(
        key="coming",
        title=translate(locale, N_("What comes next?")),
        columns=[(translate(locale, text), "text") for text in heads],
        rows=[_measure(one, locale) for one in board.coming],
        empty=translate(locale, N_("No measure begins; enter what you want to do, or let the plan be reckoned.")),
        sources=[translate(locale, N_("Measures as they are entered; /console/plan/measures"))],
    )


def _measure(one: PlannedMeasure, locale: Locale) -> Sequence[Cell]:
    href = f"/console/plan/measures/{one.id}"
    status = Cell(text=translate(locale, _MEASURES[one.status]))
    return [Cell(text=one.name(locale), href=href), Cell(text=str(one.content.begins), href=href), status]


def _late(board: Board, locale: Locale) -> Section:
    heads = (N_("What waits"), N_("What it is about"), N_("Due"))
    return Section(
        key="late",
        title=translate(locale, N_("What is late?")),
        columns=[(translate(locale, text), "text") for text in heads],
        rows=[_waiting(one, locale) for one in board.late],
        empty=translate(locale, N_("Nothing is late.")),
        sources=[translate(locale, N_("Actions, monitoring, green power, projects and publicity, as of today"))],
    )


def _waiting(one: Late, locale: Locale) -> Sequence[Cell]:
    name = one.name_zh if locale == "zh-CN" else one.name_en
    about = name if one.count == 1 else translate(locale, N_("%(name)s and %(count)s more"), name=name, count=one.count - 1)
    due = Cell(text=ABSENT if one.due is None else format_date(one.due))
    return [Cell(text=translate(locale, _LATE[one.kind]), tone="attention"), Cell(text=about, href=one.href), due]


def _number(value: float | None, locale: Locale) -> str:
    return ABSENT if value is None else format_number(value, locale)


def _signed(value: float, locale: Locale) -> str:
    return f"{'+' if value > 0 else ''}{format_number(value, locale)}"
