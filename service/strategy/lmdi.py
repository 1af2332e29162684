"""Why a total changed: logarithmic mean Divisia index, additive and multiplicative, without residual.

A total is a sum over groups, each the product of its factors. LMDI-I (Ang 2005): the effect of factor k is
``Σ_groups L(a_T, a_0) · ln(x_kT / x_k0)`` with the logarithmic mean ``L(a, b) = (a - b) / (ln a - ln b)``.

Zeros are taken as the limit of one small number for all zeros (Ang, Zhang and Choi 1998; Wood and Lenzen 2006): what appears or
vanishes is due to the factors that were zero, in equal parts, and the effects still sum to the change.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lca_models.errors import N_, ModelError

Group = Mapping[str, float]
"""Value of each factor; their product is the group's contribution."""


class DecompositionError(ModelError):
    """Data that can't be decomposed; names period, group, factor, value and fix."""

    code = "decomposition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decomposition:
    """The change between two periods by factor.

    Attributes
    ----------
    total_change
        Total of the later period less that of the earlier one, in the unit of the product of factors.
    additive
        Effect of each factor in the same unit; they sum to `total_change`.
    multiplicative
        Ratio that each factor brings; their product is the ratio of the totals. None where a total is zero.
    cells
        Additive effects by group, then factor.

    """

    earlier: str
    later: str
    total_change: float
    additive: Mapping[str, float]
    multiplicative: Mapping[str, float | None]
    cells: Mapping[str, Mapping[str, float]]


def logarithmic_mean(first: float, second: float) -> float:
    """Return L of two numbers that are not negative; L(a, a) = a, and zero if one of them is zero."""
    if first == second:
        return first
    if not first or not second:
        return 0.0
    ratio = first / second
    # log1p keeps the digits that ln a - ln b loses where both are nearly equal.
    return (first - second) / (math.log1p(ratio - 1.0) if 0.5 < ratio < 2.0 else math.log(ratio))  # noqa: PLR2004


def decompose(earlier: Mapping[str, Group], later: Mapping[str, Group], *, names: tuple[str, str]) -> Decomposition:
    """Return why the total of `later` differs from that of `earlier`.

    Parameters
    ----------
    earlier, later
        Factors by group; both have the same groups, and all groups the same factors.
    names
        Of the two periods.

    """
    factors = list(next(iter(earlier.values())))
    cells = {group: _effects(earlier[group], later[group]) for group in earlier}
    additive = {factor: math.fsum(cell[factor] for cell in cells.values()) for factor in factors}
    before, after = _total(earlier), _total(later)
    return Decomposition(
        earlier=names[0],
        later=names[1],
        total_change=after - before,
        additive=additive,
        multiplicative={factor: _ratio(effect, before, after) for factor, effect in additive.items()},
        cells=cells,
    )


def decompose_chain(periods: Mapping[str, Mapping[str, Group]]) -> Sequence[Decomposition]:
    """Decompose each step from one period to the next, in the order given."""
    names = list(periods)
    return [decompose(periods[a], periods[b], names=(a, b)) for a, b in itertools.pairwise(names)]


def _total(groups: Mapping[str, Group]) -> float:
    return math.fsum(math.prod(factors.values()) for factors in groups.values())


def _effects(before: Group, after: Group) -> dict[str, float]:
    first, second = math.prod(before.values()), math.prod(after.values())
    if first and second:
        weight = logarithmic_mean(second, first)
        return {factor: weight * math.log(after[factor] / value) for factor, value in before.items()}
    # One side is zero, or both: the factors that are zero there share the whole change.
    zeros = [factor for factor in before if not (after if first else before)[factor]]
    return {factor: (second - first) / len(zeros) if factor in zeros else 0.0 for factor in before}


def _ratio(effect: float, before: float, after: float) -> float | None:
    if not before or not after:
        return None
    return math.exp(effect / logarithmic_mean(after, before))


def check_groups(periods: Mapping[str, Mapping[str, Group]]) -> None:
    """Refuse periods that can't be compared: fewer than two, other groups or factors, negative values.

    Raises
    ------
    DecompositionError
        Naming period, group, factor and value.

    """
    if len(periods) < 2:  # noqa: PLR2004 - two periods make one change
        raise DecompositionError(N_("A change needs two periods; here is %(count)s. Add another period."), count=len(periods))
    groups = list(dict.fromkeys(group for found in periods.values() for group in found))
    factors = list(dict.fromkeys(factor for found in periods.values() for group in found.values() for factor in group))
    for period, found in periods.items():
        for group in groups:
            for factor in factors:
                _check_value(period, group, factor, found.get(group, {}).get(factor))


def _check_value(period: str, group: str, factor: str, value: float | None) -> None:
    if value is None:
        raise DecompositionError(
            N_("Period %(period)s has no value of %(factor)s for %(group)s. Add the row; write 0 if there was none."),
            period=period,
            factor=factor,
            group=group,
        )
    if value < 0:
        raise DecompositionError(
            N_("%(factor)s of %(group)s in %(period)s is %(value)s. LMDI has no logarithm of a negative number; use zero or more."),
            factor=factor,
            group=group,
            period=period,
            value=f"{value:g}",
        )
