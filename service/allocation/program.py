"""An allocation problem as a mixed-integer linear program in sparse arrays, with or without slack in its rules.

Columns: z, a pair's share of its material's demand (0 to 1); y, whether a pair gets an order, where that matters; n, whether a new
supplier gets one; slacks. Shares instead of tonnes keep all rows of one size, whatever the materials weigh.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.allocation.lines import DEFAULT_MIN_ORDER_SHARE, BidMode, DemandLine, OfferLine, Rules
from service.allocation.problem import Problem

KG_PER_T: Final = 1000.0


class Rule(StrEnum):
    """What may stand in the way of an allocation; named as the column or key that sets it."""

    OFFERS = "offers"
    VETO = "is_vetoed"
    CAPACITY = "capacity_t"
    SHARE = "max_share"
    MOQ = "moq_t"
    MIN_TAKE = "min_take_t"
    MIN_SUPPLIERS = "min_suppliers"
    MAX_SUPPLIERS = "max_suppliers"
    DEFECTS = "max_defect_share"
    SCORE = "min_green_score"
    SUPPLIER_CAPACITY = "supplier_capacity_t"
    OWNER_GROUP = "max_owner_group_share"
    NEW_SUPPLIERS = "max_new_suppliers"
    CARBON_CAP = "carbon_cap_t"
    MIN_ORDER = "min_order_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An offer that may get an order, with the demand it serves; `line` is its position in `Problem.offers`."""

    line: int
    offer: OfferLine
    demand: DemandLine

    @property
    def t(self) -> float:
        """Tonnes of the whole demand."""
        return self.demand.demand_t

    @property
    def t_co2e(self) -> float:
        """Tonnes CO2e if it delivered the whole demand."""
        return self.t * self.offer.kg_co2e_per_t / KG_PER_T


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is minimised: `cost_weight` times the cost, and yuan per t CO2e and per defective tonne.

    Attributes
    ----------
    as_bid
        Whether prices count as they are judged, with the preference of a grade, instead of as they are paid.

    """

    cost_weight: float = 1.0
    yuan_per_t_co2e: float = 0.0
    yuan_per_defective_t: float = 0.0
    as_bid: bool = False


def aim_of(rules: Rules) -> Aim:
    """Return what the rules ask to minimise."""
    return Aim(
        yuan_per_t_co2e=rules.carbon_price_per_t,
        yuan_per_defective_t=rules.defect_cost_per_t,
        as_bid=rules.bid_mode is BidMode.GRADE_PREFERENCE,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """A column that lets a row's rule be broken.

    Attributes
    ----------
    unit
        What one unit of the column stands for, in the unit of the rule.

    """

    column: int
    rule: Rule
    material: str
    supplier: str
    limit: float
    unit: float


@dataclass(slots=True, kw_only=True)
class Program:
    """Columns with bounds, rows of sparse entries with bounds; filled by `build_program`.

    Attributes
    ----------
    orders
        Column of y by position in `pairs`, of pairs that have one.
    carbon_row
        Position of the row whose upper bound is the carbon cap as a share of `carbon_unit_t`; there is always one.

    """

    pairs: Sequence[Pair]
    elastic: Collection[Rule] = ()
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    integer: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    orders: dict[int, int] = field(default_factory=dict)
    slacks: list[Slack] = field(default_factory=list)
    carbon_row: int = -1
    carbon_unit_t: float = 1.0

    def add_column(self, lower: float, upper: float, *, is_integer: bool = False) -> int:
        """Add a column; return its position."""
        self.lower.append(lower)
        self.upper.append(upper)
        if is_integer:
            self.integer.append(len(self.lower) - 1)
        return len(self.lower) - 1

    def add_row(self, entries: Mapping[int, float], *, lower: float = -np.inf, upper: float = np.inf) -> int:
        """Add a row of column: coefficient; return its position."""
        self.starts.append(len(self.index))
        self.index.extend(entries.keys())
        self.value.extend(entries.values())
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        return len(self.row_lower) - 1

    def add_rule(
        self,
        rule: Rule,
        entries: Mapping[int, float],
        *,
        unit: float,
        material: str = "",
        supplier: str = "",
        at_most: float | None = None,
        at_least: float | None = None,
    ) -> int:
        """Add the row of a rule, in multiples of `unit`, with a slack if the rule may be broken."""
        written = dict(entries)
        limit = at_most if at_most is not None else at_least or 0.0
        if rule in self.elastic:
            column = self.add_column(0.0, np.inf)
            written[column] = -1.0 if at_most is not None else 1.0
            self.slacks.append(Slack(column=column, rule=rule, material=material, supplier=supplier, limit=limit * unit, unit=unit))
        return self.add_row(written, lower=-np.inf if at_least is None else at_least, upper=np.inf if at_most is None else at_most)

    def objective(self, aim: Aim) -> NDArray[np.float64]:
        """Return what each column adds to the aim, in yuan."""
        found = np.zeros(len(self.lower))
        for column, pair in enumerate(self.pairs):
            offer = pair.offer
            price = offer.price_per_t * (1.0 - offer.price_preference if aim.as_bid else 1.0)
            found[column] = pair.t * (aim.cost_weight * price + aim.yuan_per_defective_t * (offer.defect_share or 0.0))
            found[column] += pair.t_co2e * aim.yuan_per_t_co2e
            if column in self.orders:
                found[self.orders[column]] = aim.cost_weight * offer.fixed_cost
        return found

    def penalties(self) -> NDArray[np.float64]:
        """Return one for each slack, so that the rules are broken as little as possible relative to their size."""
        found = np.zeros(len(self.lower))
        found[[slack.column for slack in self.slacks]] = 1.0
        return found


def usable_pairs(problem: Problem) -> list[Pair]:
    """Return the offers that something is needed of and nothing is held against."""
    wanted = {demand.material: demand for demand in problem.demands if demand.demand_t > 0}
    return [
        Pair(line=line, offer=offer, demand=wanted[offer.material])
        for line, offer in enumerate(problem.offers)
        if offer.material in wanted and not offer.is_vetoed
    ]


def build_program(problem: Problem, *, elastic: Collection[Rule] = ()) -> Program:
    """Write a problem as columns and rows; the rules in `elastic` may be broken at a price.

    A material without any usable offer is left out; `explaining` tells of it.
    """
    program = Program(pairs=usable_pairs(problem), elastic=elastic)
    by_material = _grouped(pair.offer.material for pair in program.pairs)
    for _ in program.pairs:
        program.add_column(0.0, 1.0)
    for material, places in by_material.items():
        program.add_row(dict.fromkeys(places, 1.0), lower=1.0, upper=1.0)
        with_order = _needs_orders(problem.rules, [program.pairs[place] for place in places])
        for place in places:
            _add_pair(program, place, problem.rules, has_order=with_order or _has_threshold(program.pairs[place]))
        _add_counts(program, places)
        _add_quality(program, material, places)
    _add_supplier_rules(program, problem)
    _add_carbon_cap(program, problem.rules)
    return program


def _grouped(keys: Iterator[str]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        found[key].append(place)
    return found


def _needs_orders(rules: Rules, pairs: Sequence[Pair]) -> bool:
    """Return whether it matters for each offer of a material if it gets an order at all."""
    demand = pairs[0].demand
    upper = demand.max_suppliers
    return demand.min_suppliers > 1 or (upper is not None and upper < len(pairs)) or rules.min_order_share > DEFAULT_MIN_ORDER_SHARE


def _has_threshold(pair: Pair) -> bool:
    return pair.offer.fixed_cost > 0 or pair.offer.moq_t > 0


def _add_pair(program: Program, place: int, rules: Rules, *, has_order: bool) -> None:
    pair = program.pairs[place]
    most = _most(program, place)
    take = pair.offer.min_take_t
    if take > 0 and Rule.MIN_TAKE not in program.elastic:
        program.lower[place] = take / pair.t
    elif take > 0:
        _limit(program, Rule.MIN_TAKE, place, at_least=take / pair.t)
    if not has_order:
        program.upper[place] = most
        return
    order = program.add_column(0.0, 1.0, is_integer=True)
    program.orders[place] = order
    program.add_row({place: 1.0, order: -most}, upper=0.0)
    least = _least(program, place, rules)
    program.add_row({place: 1.0, order: -least}, lower=0.0)
    if least > most:
        program.upper[order] = 0.0


def _most(program: Program, place: int) -> float:
    """Return the largest share a pair may get; a limit that may be broken becomes a row instead."""
    pair, most = program.pairs[place], 1.0
    limits = {Rule.SHARE: pair.offer.max_share}
    if pair.offer.capacity_t is not None:
        limits[Rule.CAPACITY] = pair.offer.capacity_t / pair.t
    for rule, limit in limits.items():
        if rule not in program.elastic:
            most = min(most, limit)
        elif limit < 1.0:
            _limit(program, rule, place, at_most=limit)
    return most


def _least(program: Program, place: int, rules: Rules) -> float:
    """Return the least share of an order that is given at all; a threshold that may be broken becomes a row instead."""
    pair, least = program.pairs[place], 0.0
    thresholds = {Rule.MOQ: (pair.offer.moq_t / pair.t, pair.t), Rule.MIN_ORDER: (rules.min_order_share, 1.0)}
    for rule, (share, unit) in thresholds.items():
        if rule not in program.elastic:
            least = max(least, share)
        elif share > 0:
            _threshold(program, rule, place, share=share, unit=unit)
    return least


def _threshold(program: Program, rule: Rule, place: int, *, share: float, unit: float) -> None:
    """Add a least order that holds if there is an order, and may be broken."""
    pair, slack = program.pairs[place], program.add_column(0.0, np.inf)
    program.add_row({place: 1.0, program.orders[place]: -share, slack: 1.0}, lower=0.0)
    program.slacks.append(
        Slack(column=slack, rule=rule, material=pair.offer.material, supplier=pair.offer.supplier, limit=share * unit, unit=unit)
    )


def _limit(program: Program, rule: Rule, place: int, *, at_most: float | None = None, at_least: float | None = None) -> None:
    """Add a rule about one pair's share, which its lines state in tonnes, or as a share for `SHARE`."""
    pair = program.pairs[place]
    program.add_rule(
        rule,
        {place: 1.0},
        unit=1.0 if rule is Rule.SHARE else pair.t,
        material=pair.offer.material,
        supplier=pair.offer.supplier,
        at_most=at_most,
        at_least=at_least,
    )


def _add_counts(program: Program, places: Sequence[int]) -> None:
    """Add the least and largest number of suppliers of a material."""
    demand = program.pairs[places[0]].demand
    orders = {program.orders[place]: 1.0 for place in places if place in program.orders}
    if demand.min_suppliers > 1:
        program.add_rule(Rule.MIN_SUPPLIERS, orders, unit=1.0, material=demand.material, at_least=float(demand.min_suppliers))
    if demand.max_suppliers is not None and demand.max_suppliers < len(places):
        program.add_rule(Rule.MAX_SUPPLIERS, orders, unit=1.0, material=demand.material, at_most=float(demand.max_suppliers))


def _add_quality(program: Program, material: str, places: Sequence[int]) -> None:
    """Add the largest mean share of defects and the least mean green score of a material."""
    demand = program.pairs[places[0]].demand
    if demand.max_defect_share is not None:
        shares = {place: program.pairs[place].offer.defect_share or 0.0 for place in places}
        program.add_rule(Rule.DEFECTS, shares, unit=1.0, material=material, at_most=demand.max_defect_share)
    if demand.min_green_score is not None:
        scores = {place: (program.pairs[place].offer.green_score or 0.0) / 100.0 for place in places}
        program.add_rule(Rule.SCORE, scores, unit=100.0, material=material, at_least=demand.min_green_score / 100.0)


def _add_supplier_rules(program: Program, problem: Problem) -> None:
    by_supplier = _grouped(pair.offer.supplier for pair in program.pairs)
    groups: dict[str, set[str]] = defaultdict(set)
    newcomers: dict[int, float] = {}
    for line in problem.suppliers:
        places = by_supplier.get(line.supplier, [])
        if line.capacity_t is not None and places:
            _add_supplier_capacity(program, line.supplier, line.capacity_t, places)
        if line.is_new and places and problem.rules.max_new_suppliers is not None:
            newcomers[_add_newcomer(program, places)] = 1.0
        if line.owner_group:
            groups[line.owner_group].add(line.supplier)
    if newcomers and problem.rules.max_new_suppliers is not None:
        program.add_rule(Rule.NEW_SUPPLIERS, newcomers, unit=1.0, at_most=float(problem.rules.max_new_suppliers))
    if problem.rules.max_owner_group_share is not None:
        _add_owner_groups(program, groups, problem.rules.max_owner_group_share)


def _add_supplier_capacity(program: Program, supplier: str, capacity_t: float, places: Sequence[int]) -> None:
    unit = sum(program.pairs[place].t for place in places)
    shares = {place: program.pairs[place].t / unit for place in places}
    program.add_rule(Rule.SUPPLIER_CAPACITY, shares, unit=unit, supplier=supplier, at_most=capacity_t / unit)


def _add_newcomer(program: Program, places: Sequence[int]) -> int:
    """Add the column that is 1 as soon as a new supplier gets anything."""
    column = program.add_column(0.0, 1.0, is_integer=True)
    for place in places:
        program.add_row({program.orders.get(place, place): 1.0, column: -1.0}, upper=0.0)
    return column


def _add_owner_groups(program: Program, groups: Mapping[str, set[str]], share: float) -> None:
    for group, suppliers in groups.items():
        members = [place for place, pair in enumerate(program.pairs) if pair.offer.supplier in suppliers]
        by_material: dict[str, list[int]] = defaultdict(list)
        for place in members:
            by_material[program.pairs[place].offer.material].append(place)
        for material, places in by_material.items():
            program.add_rule(
                Rule.OWNER_GROUP,
                dict.fromkeys(places, 1.0),
                unit=1.0,
                material=material,
                supplier=group,
                at_most=share,
            )


def _add_carbon_cap(program: Program, rules: Rules) -> None:
    """Add the row of all CO2e; without a cap its bound is infinite, so that a front can set it."""
    most: dict[str, float] = {}
    for pair in program.pairs:
        most[pair.offer.material] = max(most.get(pair.offer.material, 0.0), pair.t_co2e)
    program.carbon_unit_t = sum(most.values()) or 1.0
    entries = {place: pair.t_co2e / program.carbon_unit_t for place, pair in enumerate(program.pairs)}
    cap = np.inf if rules.carbon_cap_t is None else rules.carbon_cap_t / program.carbon_unit_t
    program.carbon_row = program.add_rule(Rule.CARBON_CAP, entries, unit=program.carbon_unit_t, at_most=cap)
