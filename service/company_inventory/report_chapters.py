"""The chapters of a year's report, each from the closing alone."""

import math
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.company_inventory.checks import CHECKS
from service.company_inventory.factors import FUEL_FACTOR_SETS
from service.company_inventory.inventory import Inventory
from service.company_inventory.lines import Line, Scope, View
from service.company_inventory.models import RestatementCause
from service.company_inventory.words import CATEGORIES, CAUSES, SCOPES, VIEWS, gap_words, source_words, subject_words
from service.errors import N_
from service.pdf.bilingual import Bilingual, both, same
from service.reports.content import Chapter, Column, Table

DASH: Final = same("–")
BLANK: Final = same("")
NOBODY: Final = N_("nobody")
METHODS: Final[Mapping[str, str]] = {
    "metered": N_("Metered"),
    "billed": N_("By bill"),
    "weighed": N_("Weighed"),
    "calculated": N_("By calculation"),
    "estimated": N_("Estimated"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A snapshot's JSON, its inventory, and the sites' names."""

    content: Mapping[str, Any]
    inventory: Inventory
    sites: Mapping[uuid.UUID, Bilingual]

    def site(self, plant_id: uuid.UUID | None) -> Bilingual:
        """Return a site's name; what belongs to no site is the company's."""
        return both(N_("Company")) if plant_id is None else self.sites[plant_id]


def figure(value: float | None) -> Bilingual:
    """Return a figure with thousands apart and one decimal; four significant digits below 100."""
    if value is None:
        return DASH
    return same(f"{value:,.1f}" if abs(value) >= 100 or value == 0 else f"{value:.4g}")  # noqa: PLR2004 - as said above


def organisation(closing: Closing) -> Chapter:
    """Who reports on what, by which rules."""
    company = closing.content["company"]
    facts = (
        (both(N_("Company")), Bilingual(zh=company["name_zh"], en=company["name_en"])),
        (both(N_("Address")), Bilingual(zh=company["address_zh"], en=company["address_en"])),
        (both(N_("Registration number")), same(company["registration_no"])),
        (both(N_("Period")), same(f"{closing.inventory.year}-01-01 – {closing.inventory.year}-12-31")),
        (both(N_("Sites")), _listed(tuple(closing.sites.values()))),
        (both(N_("Standards")), same("GB/T 32150, GB/T 32151.34-2024, GB/T 2589-2020, GHG Protocol")),
        (both(N_("Gases")), both(N_("CO2 in Scope 1 and 2 as the standard has it; CO2e in Scope 3"))),
        (both(N_("Factors of fuels")), both(FUEL_FACTOR_SETS[closing.inventory.factor_set])),
    )
    return Chapter(title=both(N_("Organisation and boundary")), facts=facts)


def results(closing: Closing) -> Chapter:
    """The totals in both views of electricity, with and without purchased power and heat."""
    inventory = closing.inventory
    rows = (
        (both(SCOPES[Scope.SCOPE_1]), figure(inventory.scope_1_t_co2)),
        (_scope_2(View.LOCATION), figure(inventory.scope_2_location_t_co2)),
        (_scope_2(View.MARKET), figure(inventory.scope_2_market_t_co2)),
        (both(N_("Scope 2 by location with the grid factors of 2021")), figure(inventory.scope_2_location_at_base_factors_t_co2)),
        (both(SCOPES[Scope.SUPPLIED]), figure(inventory.supplied_t_co2)),
        (both(N_("Total of GB/T 32151.34 without purchased power and heat")), figure(inventory.scope_1_t_co2)),
        (both(N_("Total of GB/T 32151.34 with power and heat, bought less supplied")), figure(inventory.standard_total_t_co2)),
        (both(N_("Scope 1 and 2 by what is claimed")), figure(inventory.scope_1_and_2_market_t_co2)),
        (both(N_("Scope 1 and 2 by the grid of the province")), figure(inventory.scope_1_and_2_location_t_co2)),
    )
    columns = (Column(label=both(N_("Result"))), Column(label=same("t CO₂"), is_figure=True))
    return Chapter(title=both(N_("Results")), tables=(Table(columns=columns, rows=rows, ends_with_sum=True),))


def by_site(closing: Closing) -> Chapter:
    """Scope 1 and Scope 2 by location of each site."""
    inventory = closing.inventory
    found = {plant_id: inventory.emissions_of(plant_id) for plant_id in closing.sites}
    rows = [
        (
            closing.sites[plant_id],
            figure(one[Scope.SCOPE_1]),
            figure(one[Scope.SCOPE_2]),
            figure(math.fsum(one.values())),
        )
        for plant_id, one in found.items()
    ]
    total = (
        both(N_("Total")),
        figure(inventory.scope_1_t_co2),
        figure(inventory.scope_2_location_t_co2),
        figure(inventory.scope_1_and_2_location_t_co2),
    )
    columns = (
        Column(label=both(N_("Site"))),
        Column(label=_in_t(both(SCOPES[Scope.SCOPE_1])), is_figure=True),
        Column(label=_in_t(_scope_2(View.LOCATION)), is_figure=True),
        Column(label=same("t CO₂"), is_figure=True),
    )
    return Chapter(title=both(N_("By site")), tables=(Table(columns=columns, rows=(*rows, total), ends_with_sum=True),))


def _in_t(label: Bilingual) -> Bilingual:
    return Bilingual(zh=f"{label.zh}，t CO₂", en=f"{label.en}, t CO₂")


def lines(closing: Closing) -> Chapter:
    """Every line of Scope 1 and 2 with its factor and where that comes from."""
    own = [one for one in closing.inventory.lines if one.scope is not Scope.SCOPE_3]
    return Chapter(
        title=both(N_("Activity, factors and emissions")),
        paragraphs=(both(N_("A factor's year may be before the year of the inventory: the newest published is taken.")),),
        tables=(_line_table(closing, own, unit="t CO₂"),),
    )


def supply_chain(closing: Closing) -> Chapter:
    """Scope 3 by category."""
    found = [one for one in closing.inventory.lines if one.scope is Scope.SCOPE_3]
    rows = [(both(CATEGORIES[category]), figure(t_co2e)) for category, t_co2e in closing.inventory.scope_3_t_co2e.items()]
    columns = (Column(label=both(N_("Category"))), Column(label=same("t CO₂e"), is_figure=True))
    paragraphs = (
        both(N_("Materials count from cradle to the supplier's gate and freight apart, so that no transport counts twice.")),
    )
    return Chapter(
        title=both(SCOPES[Scope.SCOPE_3]),
        paragraphs=paragraphs,
        tables=(Table(columns=columns, rows=tuple(rows)), _line_table(closing, found, unit="t CO₂e")) if found else (),
    )


def _factor_source(one: Line) -> Bilingual:
    named = source_words(one.factor_source)
    if one.factor_year is None:
        return named
    return Bilingual(zh=f"{named.zh} ({one.factor_year})", en=f"{named.en} ({one.factor_year})")


def _line_table(closing: Closing, found: Sequence[Line], *, unit: str) -> Table:
    rows = [
        (
            closing.site(one.plant_id),
            _line_name(one),
            figure(one.amount),
            same(one.unit),
            same("–" if one.factor is None else f"{one.factor:.6g} {one.factor_unit}".replace("CO2", "CO₂")),
            _factor_source(one),
            figure(one.t_co2),
        )
        for one in found
    ]
    columns = (
        Column(label=both(N_("Site"))),
        Column(label=both(N_("Source"))),
        Column(label=both(N_("Amount")), is_figure=True),
        Column(label=both(N_("Unit"))),
        Column(label=both(N_("Factor")), is_figure=True),
        Column(label=both(N_("Source of the factor"))),
        Column(label=same(unit), is_figure=True),
    )
    return Table(columns=columns, rows=tuple(rows))


def balances(closing: Closing) -> Chapter:
    """The carbon balances laid open."""
    rows = [
        (
            closing.site(one.plant_id),
            subject_words(one.subject),
            same(term.symbol),
            subject_words(term.carrier),
            figure(term.amount_t),
            same("–" if term.fixed_carbon is None else f"{term.fixed_carbon:.4g}"),
            same("–" if term.volatile_matter is None else f"{term.volatile_matter:.4g}"),
        )
        for one in closing.inventory.lines
        for term in one.terms
    ]
    columns = (
        Column(label=both(N_("Site"))),
        Column(label=both(N_("Step"))),
        Column(label=both(N_("Symbol"))),
        Column(label=both(N_("Material"))),
        Column(label=same("t"), is_figure=True),
        Column(label=both(N_("Fixed carbon, t/t")), is_figure=True),
        Column(label=both(N_("Volatile matter, t/t")), is_figure=True),
    )
    return Chapter(
        title=both(N_("Carbon balances of the process")), tables=(Table(columns=columns, rows=tuple(rows)),) if rows else ()
    )


def energy(closing: Closing) -> Chapter:
    """Energy by carrier and site, in both conventions and in gigajoules."""
    inventory = closing.inventory
    rows = [
        (
            closing.site(one.plant_id),
            subject_words(one.carrier),
            figure(one.amount),
            same(one.unit),
            figure(one.tce),
            figure(one.tce_equal_value),
            figure(one.gj),
            same(one.tce_source),
        )
        for one in inventory.energy
    ]
    total = (
        *(both(N_("Total")), BLANK, BLANK, BLANK, figure(inventory.energy_tce)),
        *(figure(inventory.energy_equal_value_tce), figure(inventory.energy_gj), BLANK),
    )
    columns = (
        Column(label=both(N_("Site"))),
        Column(label=both(N_("Carrier"))),
        Column(label=both(N_("Amount")), is_figure=True),
        Column(label=both(N_("Unit"))),
        Column(label=both(N_("tce, calorific")), is_figure=True),
        Column(label=both(N_("tce, equal value")), is_figure=True),
        Column(label=same("GJ"), is_figure=True),
        Column(label=both(N_("Source of the factor"))),
    )
    paragraphs = (
        both(
            N_("Coke and packing used as material are not energy. Without electricity of known non-fossil origin: %(tce)s tce."),
            tce=f"{inventory.energy_fossil_tce:,.1f}",
        ),
        both(N_("The coefficient of equal value is the national coal use of power supply; not verified against its publication.")),
    )
    return Chapter(
        title=both(N_("Energy")),
        paragraphs=paragraphs,
        tables=(Table(columns=columns, rows=(*rows, total), ends_with_sum=True),),
    )


def sources(closing: Closing) -> Chapter:
    """The sources with how they are measured and which unit answers for them."""
    rows = [
        (
            closing.site(uuid.UUID(one["site"])),
            same(one["code"]),
            Bilingual(zh=one["name_zh"], en=one["name_en"]),
            both(METHODS[one["method"]]),
            same(one["meter"] or "–"),
            Bilingual(zh=one["unit_zh"], en=one["unit_en"]) if one["unit_zh"] else both(NOBODY),
        )
        for one in closing.content["sources"]
    ]
    names = (N_("Site"), N_("Code"), N_("Source"), N_("Method"), N_("Meter"), N_("Responsible unit"))
    columns = tuple(Column(label=both(one)) for one in names)
    return Chapter(title=both(N_("Monitoring plan")), tables=(Table(columns=columns, rows=tuple(rows)),))


def activity(closing: Closing) -> Chapter:
    """What each source came to, with the papers behind it; every single month is in the attached file."""
    by_source: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for entry in closing.content["entries"]:
        by_source[entry["source"]].append(entry)
    rows = [
        (
            same(one["code"]),
            Bilingual(zh=one["name_zh"], en=one["name_en"]),
            figure(math.fsum(entry["amount"] for entry in entries)),
            same(entries[0]["unit"]),
            same(str(len(entries))),
            same(max(entry["grade"] for entry in entries)),
            _papers(entries),
        )
        for one in closing.content["sources"]
        if (entries := by_source.get(one["id"]))
    ]
    columns = (
        Column(label=both(N_("Code"))),
        Column(label=both(N_("Source"))),
        Column(label=both(N_("Amount")), is_figure=True),
        Column(label=both(N_("Unit"))),
        Column(label=both(N_("Months"))),
        Column(label=both(N_("Worst grade"))),
        Column(label=both(N_("Numbers of the papers"))),
    )
    return Chapter(title=both(N_("Activity data and papers")), tables=(Table(columns=columns, rows=tuple(rows)),))


def _papers(entries: Sequence[Mapping[str, Any]]) -> Bilingual:
    known = [entry["evidence"] for entry in entries if entry["evidence"]]
    if not known:
        return both(N_("none"))
    span = known[0] if len(set(known)) == 1 else f"{known[0]} … {known[-1]}"
    return same(span) if len(known) == len(entries) else same(f"{span} ({len(known)}/{len(entries)})")


def quality(closing: Closing) -> Chapter:
    """How much of the total rests on figures of which grade."""
    found: dict[str, float] = defaultdict(float)
    for one in closing.inventory.lines:
        if one.scope in {Scope.SCOPE_1, Scope.SCOPE_2} and one.view is not View.MARKET:
            found[one.quality or "–"] += abs(one.t_co2)
    total = math.fsum(found.values())
    rows = [(same(grade), figure(t), same(f"{100 * t / total:.1f} %" if total else "–")) for grade, t in sorted(found.items())]
    columns = (
        Column(label=both(N_("Worst grade of the figures"))),
        Column(label=same("t CO₂"), is_figure=True),
        Column(label=both(N_("Share")), is_figure=True),
    )
    return Chapter(title=both(N_("Data quality")), tables=(Table(columns=columns, rows=tuple(rows)),))


def verification(closing: Closing) -> Chapter:
    """What was checked internally, by another person than worked the year."""
    done = closing.content["verification"]
    checks = tuple(both(CHECKS[key]) for key in done["checks"])
    facts = (
        (both(N_("Verified on")), same((done["verified_at"] or "–")[:10])),
        (both(N_("Verified by")), _account(done["verified_by"])),
        (both(N_("Worked by")), _account(done["prepared_by"])),
        (both(N_("SHA-256 of the figures")), same(done["figures_sha256"] or "–")),
    )
    rows = [(subject(one), same(one["text"]), same(one["resolution"] or "–")) for one in done["findings"]]
    names = (N_("Check"), N_("Finding"), N_("What was done"))
    table = Table(columns=tuple(Column(label=both(one)) for one in names), rows=tuple(rows))
    return Chapter(title=both(N_("Internal verification")), facts=facts, paragraphs=checks, tables=(table,) if rows else ())


def _account(actor: str | None) -> Bilingual:
    """Return a person by the account's number alone: a report outlives the names."""
    return DASH if actor is None else both(N_("Account %(number)s"), number=actor.removeprefix("user:"))


def subject(finding: Mapping[str, Any]) -> Bilingual:
    """Return what a finding is about."""
    return both(CHECKS[finding["check"]])


def restatement(closing: Closing) -> Chapter:
    """Whether the year said something else before."""
    former = closing.content["restatement"]
    if former is None:
        return Chapter(title=both(N_("Restatement")), paragraphs=(both(N_("The year is closed for the first time.")),))
    facts = (
        (both(N_("Closing before this one")), same(f"{former['former_number']} · SHA-256 {former['former_sha256']}")),
        (both(N_("Scope 1 and 2 by location before, t CO2")), figure(former["former_t_co2"])),
        (both(N_("Scope 1 and 2 by location now, t CO2")), figure(closing.inventory.scope_1_and_2_location_t_co2)),
        (both(N_("Cause")), both(CAUSES[RestatementCause(former["cause"])])),
        (both(N_("Reason")), same(former["reason"])),
    )
    return Chapter(title=both(N_("Restatement")), facts=facts)


def missing(closing: Closing) -> Chapter:
    """What is not known; none of it counts as zero."""
    gaps = closing.inventory.missing
    if not gaps:
        return Chapter(title=both(N_("What is missing")), paragraphs=(both(N_("Nothing.")),))
    rows = [(both(SCOPES[gap.scope]), subject_words(gap.subject), gap_words(gap)) for gap in gaps]
    names = (N_("Part"), N_("Source"), N_("What is missing"))
    return Chapter(
        title=both(N_("What is missing")),
        tables=(Table(columns=tuple(Column(label=both(one)) for one in names), rows=tuple(rows)),),
    )


def _line_name(one: Line) -> Bilingual:
    name = subject_words(one.subject)
    if one.view is View.BOTH:
        return name
    view = both(VIEWS[one.view])
    return Bilingual(zh=f"{name.zh}（{view.zh}）", en=f"{name.en} ({view.en})")


def _scope_2(view: View) -> Bilingual:
    scope, words = both(SCOPES[Scope.SCOPE_2]), both(VIEWS[view])
    return Bilingual(zh=f"{scope.zh}，{words.zh}", en=f"{scope.en}, {words.en}")


def _listed(names: Sequence[Bilingual]) -> Bilingual:
    return Bilingual(zh="、".join(one.zh for one in names), en="; ".join(one.en for one in names))
