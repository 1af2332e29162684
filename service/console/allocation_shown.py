"""An allocation as pages show it: orders with names, what got nothing and why, the front, what has happened since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from service.allocation.answers import Answer, answer_of
from service.allocation.candidates import REMOVALS, Candidate
from service.allocation.effects import EFFECT_WORDS, Effect, Happened, PlannedOrder, what_happened
from service.allocation.lines import OfferLine
from service.allocation.models import AllocationRun
from service.allocation.problem import Problem, problem_of
from service.allocation.queries import candidates_of
from service.allocation.run_queries import plan_of
from service.console.allocation_words import blocking_words
from service.console.choices import flow_label
from service.i18n import Locale, translate
from service.suppliers.queries import names_of
from service.web.charts_fronts import FrontChart, FrontPoint, front_chart
from service.web.formatting import format_exact, format_percent

KG_PER_T: Final = 1000.0
YUAN_PER_MILLION: Final = 1e6
FULL: Final = 1.0 - 1e-6
"""Share of a limit from which it counts as used up."""
NO_GAP: Final = 1e-6
KILOGRAM: Final = 3
"""Decimals of tonnes that people order by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """An order.

    Attributes
    ----------
    supplier_id
        None for one from a workbook.
    share
        Of the material's demand, 0 to 1.
    cost
        Yuan, fixed cost included.
    limit_words
        Which limit the order has reached; empty for none.
    is_stand_in
        The supplier is silent: a cautious footprint was counted.

    """

    supplier: str
    supplier_id: str | None
    material: str
    flow: str
    t: float
    share: float
    price_per_t: float
    cost: float
    t_co2e: float
    grade: str | None
    grade_cap: float | None
    limit_words: str
    is_stand_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """An offer without an order, and why."""

    supplier: str
    supplier_id: str | None
    material: str
    price_per_t: float
    grade: str | None
    why: str


def problem_in(run: AllocationRun) -> Problem:
    """Return the question of a run."""
    return problem_of(run.question["problem"])


def answer_in(run: AllocationRun) -> Answer | None:
    """Return the answer of a run; None before it has one."""
    return None if run.answer is None else answer_of(run.answer)


def shown_answer(run: AllocationRun) -> Answer | None:
    """Return the answer of a run without the traces of calculation: whole yuan, and no gap where none is left."""
    answer = answer_in(run)
    if answer is None or answer.cost is None:
        return answer
    return replace(answer, cost=float(round(answer.cost)), gap=answer.gap if (answer.gap or 0.0) > NO_GAP else 0.0)


class Names:
    """What suppliers and materials of a run are called in a language; those of a workbook as it calls them."""

    def __init__(self, run: AllocationRun, locale: Locale) -> None:
        self._locale = locale
        self._suppliers = {one.supplier: one.name_zh if locale == "zh-CN" else one.name_en for one in candidates_of(run.question)}

    def supplier(self, key: str) -> str:
        """Return a supplier's name."""
        return self._suppliers.get(key, key)

    def material(self, key: str) -> str:
        """Return a material's name."""
        return flow_label(key, self._locale)


def order_lines(run: AllocationRun, locale: Locale) -> Sequence[OrderLine]:
    """Return the orders of a run, by material, the largest first."""
    answer = answer_in(run)
    if answer is None:
        return ()
    problem, names = problem_in(run), Names(run, locale)
    offers = {(one.supplier, one.material): one for one in problem.offers}
    demands = {one.material: one.demand_t for one in problem.demands}
    candidates = {(one.supplier, one.material): one for one in candidates_of(run.question)}
    lines = [
        _order_line(
            offers[one.supplier, one.material],
            one.t,
            demands[one.material],
            candidates.get((one.supplier, one.material)),
            names=names,
            locale=locale,
        )
        for one in answer.allocations
    ]
    return sorted(lines, key=lambda one: (one.material, -one.t))


def passed_over(run: AllocationRun, locale: Locale) -> Sequence[PassedOver]:
    """Return the offers that got nothing: those that may get none with the reason, the others as dearer or less clean."""
    answer, names = answer_in(run), Names(run, locale)
    chosen = {(one.supplier, one.material) for one in answer.allocations} if answer else set()
    removed = [
        _passed(one, names, translate(locale, REMOVALS[one.removal]))
        for one in candidates_of(run.question)
        if one.removal is not None
    ]
    words = translate(locale, "Others fulfil the rules at less cost.") if answer and answer.has_plan else ""
    grades = {(one.supplier, one.material): one.grade for one in candidates_of(run.question)}
    others = [
        PassedOver(
            supplier=names.supplier(one.supplier),
            supplier_id=one.supplier if (one.supplier, one.material) in grades else None,
            material=names.material(one.material),
            price_per_t=one.price_per_t,
            grade=grades.get((one.supplier, one.material)),
            why=words,
        )
        for one in problem_in(run).offers
        if words and (one.supplier, one.material) not in chosen
    ]
    return [*removed, *others]


def blocking_lines(run: AllocationRun, locale: Locale) -> Sequence[Sequence[str]]:
    """Return the ways out of an impossible question, each as the rules that it loosens together, in words."""
    names = Names(run, locale)
    ways: dict[int, list[str]] = {}
    for one in run.blocking:
        words = blocking_words(
            one,
            locale=locale,
            material=names.material(one["material"] or ""),
            supplier=names.supplier(one["supplier"] or ""),
        )
        ways.setdefault(one["way_out"], []).append(words)
    return [ways[key] for key in sorted(ways)]


def run_chart(run: AllocationRun, locale: Locale) -> FrontChart | None:
    """Return the front of a run; None before it has a plan."""
    answer = answer_in(run)
    if answer is None or not answer.has_plan:
        return None
    relaxed = [_point("", one, "relaxed") for one in run.relaxed_front]
    exact = [_point(translate(locale, "Plan %(number)s", number=n), one, "exact") for n, one in enumerate(run.exact_front, 1)]
    chosen = _point(translate(locale, "This plan"), answer.as_dict(), "chosen")
    return front_chart([*relaxed, *exact, chosen], carbon_unit="t CO₂e", cost_unit=translate(locale, "million CNY"))


def happened_words(
    session: Session, orders: Sequence[PlannedOrder], *, on: date, locale: Locale
) -> Sequence[tuple[Happened, str, str, str]]:
    """Return what has happened to orders since, with supplier, material and words."""
    found = what_happened(session, orders, on=on)
    names = names_of(session, {one.order.supplier_id for one in found}, locale)
    return [(one, names[one.order.supplier_id], flow_label(one.order.material, locale), effect_words(one, locale)) for one in found]


def run_happened(session: Session, run: AllocationRun, *, on: date, locale: Locale) -> Sequence[tuple[Happened, str, str, str]]:
    """Return what has happened to a run's orders since."""
    return happened_words(session, plan_of(run), on=on, locale=locale)


def effect_words(one: Happened, locale: Locale) -> str:
    """Return what has happened in words."""
    shown: dict[str, Any] = dict(one.values)
    if one.effect is Effect.OVER_CAP:
        shown |= {name: format_percent(float(shown[name]), locale) for name in ("cap", "share")}
    if one.effect is Effect.PRICE_CHANGED:
        shown = {name: format_exact(float(value), locale) for name, value in shown.items()}
    return translate(locale, EFFECT_WORDS[one.effect], **shown)


def with_names(run: AllocationRun, locale: Locale) -> tuple[Problem, Answer | None]:
    """Return question and answer with suppliers and materials by name, for people who read them in a workbook."""
    names, problem, answer = Names(run, locale), problem_in(run), answer_in(run)
    called = _unlike({one.supplier for one in problem.offers}, names)
    offers = [replace(one, supplier=called[one.supplier], material=names.material(one.material)) for one in problem.offers]
    demands = [replace(one, material=names.material(one.material)) for one in problem.demands]
    suppliers = [replace(one, supplier=called.get(one.supplier, one.supplier)) for one in problem.suppliers]
    if answer is not None:
        allocations = [
            replace(one, supplier=called[one.supplier], material=names.material(one.material)) for one in answer.allocations
        ]
        answer = replace(answer, allocations=tuple(allocations))
    return replace(problem, offers=offers, demands=demands, suppliers=suppliers), answer


def _unlike(keys: set[str], names: Names) -> Mapping[str, str]:
    """Return a name for each supplier, with the end of its id where two are called alike."""
    plain = {key: names.supplier(key) for key in keys}
    taken = list(plain.values())
    return {key: name if taken.count(name) == 1 else f"{name} ({key[-6:]})" for key, name in plain.items()}


def _order_line(
    offer: OfferLine, t: float, demand_t: float, candidate: Candidate | None, *, names: Names, locale: Locale
) -> OrderLine:
    return OrderLine(
        supplier=names.supplier(offer.supplier),
        supplier_id=candidate.supplier if candidate else None,
        material=names.material(offer.material),
        flow=offer.material,
        t=round(t, KILOGRAM),
        share=t / demand_t,
        price_per_t=offer.price_per_t,
        cost=float(round(t * offer.price_per_t + offer.fixed_cost)),
        t_co2e=t * offer.kg_co2e_per_t / KG_PER_T,
        grade=candidate.grade if candidate else None,
        grade_cap=candidate.grade_cap if candidate else None,
        limit_words=_limit_words(offer, t, demand_t, candidate, locale),
        is_stand_in=bool(candidate) and candidate.footprint_origin != "own",  # type: ignore[union-attr] # bool() says it is one
    )


def _limit_words(offer: OfferLine, t: float, demand_t: float, candidate: Candidate | None, locale: Locale) -> str:
    if t >= FULL * offer.max_share * demand_t and offer.max_share < 1:
        by_grade = candidate is not None and candidate.grade_cap <= candidate.max_share
        return translate(locale, "at the grade's cap") if by_grade else translate(locale, "at the largest share")
    if offer.capacity_t is not None and t >= FULL * offer.capacity_t:
        return translate(locale, "at its capacity")
    return translate(locale, "beyond its grade, by a waiver") if candidate is not None and candidate.is_waived else ""


def _passed(one: Candidate, names: Names, why: str) -> PassedOver:
    return PassedOver(
        supplier=names.supplier(one.supplier),
        supplier_id=one.supplier,
        material=names.material(one.material),
        price_per_t=one.price_per_t,
        grade=one.grade,
        why=why,
    )


def _point(label: str, stored: Mapping[str, Any], kind: str) -> FrontPoint:
    return FrontPoint(label=label, carbon=stored["t_co2e"], cost=stored["cost"] / YUAN_PER_MILLION, kind=kind)
