"""Why no plan keeps every rule: the rules may be broken at a price, and what is broken least is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from service.allocation.highs import Search
from service.allocation.lines import DemandLine
from service.allocation.problem import Problem
from service.allocation.program import Rule, Slack, build_program
from service.allocation.solving import materials_without_offers
from service.errors import N_, FieldError

BROKEN: Final = 1e-7
"""Slack above which a rule counts as broken, relative to its size."""
LONGEST_S: Final = 5.0
"""For one of a dozen solves; a plan that breaks little is as good an explanation as one that breaks least."""

UPPER: Final = frozenset(
    {
        Rule.CAPACITY,
        Rule.SHARE,
        Rule.MAX_SUPPLIERS,
        Rule.DEFECTS,
        Rule.SUPPLIER_CAPACITY,
        Rule.OWNER_GROUP,
        Rule.NEW_SUPPLIERS,
        Rule.CARBON_CAP,
    }
)
"""Rules that are loosened by raising them."""
BREAKABLE: Final = tuple(rule for rule in Rule if rule not in {Rule.OFFERS, Rule.VETO})

WORDS: Final[Mapping[Rule, str]] = {
    Rule.OFFERS: N_("Nobody offers “%(material)s”, of which %(needed)s t are demanded. Add an offer."),
    Rule.VETO: N_("Every offer of “%(material)s” is vetoed, and %(needed)s t are demanded. Add an offer, or have a veto cleared."),
    Rule.CAPACITY: N_(
        "The offers of “%(material)s” can't deliver enough. It takes a capacity_t of %(needed)s t instead of %(limit)s t at "
        "“%(supplier)s”, another offer, or a smaller demand."
    ),
    Rule.SHARE: N_(
        "The largest shares allowed of “%(material)s” don't cover the demand with what each can deliver. It takes a max_share of "
        "%(needed)s instead of %(limit)s for “%(supplier)s”, or another offer."
    ),
    Rule.MOQ: N_(
        "The minimum order of “%(supplier)s” for “%(material)s” is too large. It takes a moq_t of %(needed)s t at most instead of "
        "%(limit)s t."
    ),
    Rule.MIN_TAKE: N_(
        "More of “%(material)s” must be taken from “%(supplier)s” than fits. It takes a min_take_t of %(needed)s t at most instead "
        "of %(limit)s t."
    ),
    Rule.MIN_SUPPLIERS: N_(
        "“%(material)s” does not have %(limit)s suppliers that can deliver together. It takes min_suppliers %(needed)s, or another "
        "qualified offer."
    ),
    Rule.MAX_SUPPLIERS: N_(
        "So few suppliers can't deliver “%(material)s”. It takes max_suppliers %(needed)s instead of %(limit)s, or larger offers."
    ),
    Rule.DEFECTS: N_(
        "The offers of “%(material)s” have too many defects. It takes a max_defect_share of %(needed)s instead of %(limit)s, or a "
        "better offer."
    ),
    Rule.SCORE: N_(
        "The offers of “%(material)s” don't reach the mean green score. It takes a min_green_score of %(needed)s at most instead "
        "of %(limit)s, or a better offer."
    ),
    Rule.SUPPLIER_CAPACITY: N_(
        "“%(supplier)s” can't deliver enough of all materials together. It takes %(needed)s t instead of %(limit)s t, or offers of "
        "others."
    ),
    Rule.OWNER_GROUP: N_(
        "The group “%(supplier)s” would get too much of “%(material)s”. It takes a max_owner_group_share of %(needed)s instead of "
        "%(limit)s, or an offer from outside the group."
    ),
    Rule.NEW_SUPPLIERS: N_(
        "It takes %(needed)s new suppliers instead of %(limit)s at most. Raise max_new_suppliers, or add offers of known ones."
    ),
    Rule.CARBON_CAP: N_(
        "No plan stays below the carbon cap. It takes %(needed)s t CO2e at least instead of %(limit)s t: raise carbon_cap_t, or "
        "add cleaner offers."
    ),
    Rule.MIN_ORDER: N_(
        "“%(supplier)s” can't get the least share of “%(material)s” that every supplier gets. It takes a min_order_share of "
        "%(needed)s instead of %(limit)s."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockingRule:
    """A rule that stands in the way.

    Attributes
    ----------
    way_out
        Rules with the same number must be loosened together; each number alone makes a plan possible.
    limit, needed
        As it is and as it would have to be, in the rule's own unit (tonnes, a share of 0 to 1, points, suppliers, t CO2e).
    missing
        The distance between them.

    """

    rule: Rule
    way_out: int
    material: str
    supplier: str
    limit: float
    needed: float

    @property
    def missing(self) -> float:
        """Return how far the rule is from allowing a plan."""
        return abs(self.needed - self.limit)

    @property
    def problem(self) -> FieldError:
        """What is wrong and what would help, in words."""
        return FieldError(
            WORDS[self.rule],
            material=self.material,
            supplier=self.supplier,
            limit=f"{self.limit:.6g}",
            needed=f"{self.needed:.6g}",
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the rule as JSON; `message` is in English."""
        return {
            "rule": str(self.rule),
            "material": self.material or None,
            "supplier": self.supplier or None,
            "limit": self.limit,
            "needed": self.needed,
            "missing": self.missing,
            "way_out": self.way_out,
            "message": str(self.problem),
        }


def blocking_rules(problem: Problem) -> list[BlockingRule]:
    """Say what makes a problem infeasible, the smallest step first.

    Each family of rules is loosened alone, as little as possible; where that is enough, it is one way out. Where none is, all are
    loosened together, and what is broken then is the one way out. Empty if the problem has a plan.
    """
    unserved = materials_without_offers(problem, build_program(problem))
    if unserved:
        missing = {demand.material for demand in unserved}
        rest = replace_demands(problem, [demand for demand in problem.demands if demand.material not in missing])
        return [*(_unserved(problem, demand) for demand in unserved), *(_broken_together(rest) if rest else ())]
    if _least_broken(problem, ()) is not None:
        return []
    ways = [way for rule in BREAKABLE if (way := _least_broken(problem, (rule,)))]
    if not ways:
        return _broken_together(problem)
    ways.sort(key=_size)
    return [replace(broken, way_out=number) for number, way in enumerate(ways, start=1) for broken in way]


def replace_demands(problem: Problem, demands: Sequence[DemandLine]) -> Problem | None:
    """Return the problem with other demands; None if there are none left."""
    return replace(problem, demands=tuple(demands)) if demands else None


def _broken_together(problem: Problem) -> list[BlockingRule]:
    return _least_broken(problem, BREAKABLE) or []


def _least_broken(problem: Problem, elastic: Sequence[Rule]) -> list[BlockingRule] | None:
    """Return the rules that are broken where breaking is kept smallest; None if no plan breaks only these."""
    program = build_program(problem, elastic=elastic)
    if elastic and not program.slacks:
        return None
    search = Search(program)
    search.minimise(program.penalties())
    found = search.solve(time_limit_s=min(LONGEST_S, problem.rules.time_limit_s))
    if not found.values.size and program.pairs:
        return None
    return [_broken(slack, float(found.values[slack.column])) for slack in program.slacks if found.values[slack.column] > BROKEN]


def _broken(slack: Slack, amount: float) -> BlockingRule:
    step = amount * slack.unit
    return BlockingRule(
        rule=slack.rule,
        way_out=1,
        material=slack.material,
        supplier=slack.supplier,
        limit=slack.limit,
        needed=slack.limit + step if slack.rule in UPPER else max(0.0, slack.limit - step),
    )


def _unserved(problem: Problem, demand: DemandLine) -> BlockingRule:
    is_offered = any(offer.material == demand.material for offer in problem.offers)
    return BlockingRule(
        rule=Rule.VETO if is_offered else Rule.OFFERS,
        way_out=1,
        material=demand.material,
        supplier="",
        limit=0.0,
        needed=demand.demand_t,
    )


def _size(way: Sequence[BlockingRule]) -> float:
    """Return how large a step a way out is: relative to the limits, absolute where one is zero."""
    return sum(broken.missing / (broken.limit or 1.0) for broken in way)
