"""The registry's feeds as readers: which parameters a supplier's answers make, and how.

A feed with a formula is evaluated as it stands; one with a rule is read by `supplier_values.RULES`.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final

from lca_models.formulas import evaluate, parse_formula
from service.footprints.formula_units import conversion
from service.footprints.supplier_values import RULES, Reader, SupplierFacts, SupplierValue, rounded, shown
from service.submissions.questionnaire import Feed, current_registry
from service.submissions.registry import Registry

OWN_PLANT: Final = "own_plant"
COKE_TRANSPORT: Final = "coke_transport"
TOLL_TRANSPORT: Final = "toll_transport"
_WHATEVER_IS_DELIVERED: Final = "*"
_PRIMARY_SHARE: Final = "own_primary_share"
_PERCENT: Final = 100.0
_KEPT: Final = 128
"""Flows and parameters of a few registries whose readers are kept: making them walks over all questions."""


class _One:
    """A registry as something to look up by: the same object, not one that says the same."""

    __slots__ = ("registry",)

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _One) and other.registry is self.registry

    def __hash__(self) -> int:
        return id(self.registry)


def readers_of(flow: str) -> tuple[Reader, ...]:
    """Return the readers of what a supplier delivers, in the order of the registry."""
    return _readers_of(flow, _One(current_registry()))


def own_footprint(parameter: str) -> Reader:
    """Read a supplier's own product footprint, which replaces the whole factor."""
    return _own_footprint(parameter, _One(current_registry()))


@lru_cache(maxsize=_KEPT)
def _readers_of(flow: str, one: _One) -> tuple[Reader, ...]:
    return tuple(_reader(feed, one.registry) for _, feed in one.registry.feeds() if feed.flow == flow)


@lru_cache(maxsize=_KEPT)
def _own_footprint(parameter: str, one: _One) -> Reader:
    feed = next(feed for _, feed in one.registry.feeds() if feed.flow == _WHATEVER_IS_DELIVERED)
    return _formula_reader(feed, parameter, one.registry)


def _reader(feed: Feed, registry: Registry) -> Reader:
    if feed.rule:
        return Reader(parameter=feed.parameter, needs=feed.needs, read=RULES[feed.rule])
    return _formula_reader(feed, feed.parameter, registry)


def _formula_reader(feed: Feed, parameter: str, registry: Registry) -> Reader:
    units = tuple((field, registry.unit_of(field, feed)) for field in feed.needs)

    def read(facts: SupplierFacts) -> SupplierValue:
        unit = facts.model.definitions[parameter].unit
        scale = conversion(feed.formula, units, unit)
        found = evaluate(parse_formula(feed.formula), facts.number)
        value = float(Fraction(found) * scale)
        is_taken_as_it_is = feed.formula in feed.needs and scale == 1
        result = "" if is_taken_as_it_is else f" = {rounded(value)} {unit}".removesuffix(" 1")  # a share has no unit
        formula = _arithmetic(feed.formula, dict(units), facts) + result
        return SupplierValue(
            value=value, formula=formula, evidence=facts.evidence(*feed.needs), primary_share=_handed_on(feed, facts)
        )

    return Reader(parameter=parameter, needs=feed.needs, read=read)


def _handed_on(feed: Feed, facts: SupplierFacts) -> float | None:
    """Return the primary data share of a supplier's own footprint, 0 to 1; None where the feed knows none or it was not said."""
    if _PRIMARY_SHARE not in feed.reads or not facts.has(_PRIMARY_SHARE):
        return None
    return facts.number(_PRIMARY_SHARE) / _PERCENT


def _arithmetic(formula: str, units: dict[str, str], facts: SupplierFacts) -> str:
    """Return a formula with the answer behind each field: `charge_in 1,000 t / product_out 950 t`."""

    def with_answer(name: re.Match[str]) -> str:
        return f"{name[0]} {shown(facts.number(name[0]))} {units[name[0]]}"

    return re.sub("|".join(rf"\b{name}\b" for name in units), with_answer, formula.replace(" * ", " × "))
