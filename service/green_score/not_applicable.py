"""What may be left out of a score: approved by a buyer, and never so much that leaving out becomes a way to win."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from service.errors import N_, FieldError
from service.green_score.method import FULL_POINTS, ScoringMethod

ROUNDING: Final = 1e-9


def full_points(method: ScoringMethod, category: str) -> Mapping[str, float]:
    """Return what each indicator may earn in a category when nothing is left out; together 100."""
    return {
        one.id: method.profiles[category][one.dimension]
        * one.points
        / sum(other.points for other in method.of_dimension(one.dimension))
        for one in method.indicators.values()
    }


def check_not_applicable(method: ScoringMethod, indicator: str, *, beside: Collection[str], category: str) -> None:
    """Refuse to leave out an indicator that must count, or one too many.

    Parameters
    ----------
    beside
        What is left out already.

    Raises
    ------
    FieldError
        Names the rule and the fix.

    """
    known = method.indicators.get(indicator)
    if known is None:
        raise FieldError(N_("“%(indicator)s” is no indicator of the method. Choose one of: %(known)s."), indicator=indicator,
                         known=", ".join(method.indicators))  # fmt: skip
    if not known.may_be_left_out:
        raise FieldError(N_("%(indicator)s always counts. Leave it as missing until the supplier gives it."), indicator=indicator)
    together = {*beside, indicator}
    if _empties_dimension(method, together):
        raise FieldError(
            N_("Without %(indicator)s nothing of dimension %(dimension)s would be left. Keep at least one of its indicators."),
            indicator=indicator,
            dimension=known.dimension,
        )
    points = sum(full_points(method, category)[name] for name in together if name in method.indicators)
    most = FULL_POINTS * method.values.most_left_out_share
    if points > most + ROUNDING:
        raise FieldError(
            N_("With %(indicator)s, %(points)s of 100 points would be left out; %(most)s are allowed. Withdraw another."),
            indicator=indicator,
            points=f"{points:.4g}",
            most=f"{most:g}",
        )


def left_out_of(method: ScoringMethod, approved: Collection[str], *, category: str) -> frozenset[str]:
    """Return what is left out of what was approved, in the method's order; the rest counts as if nobody had approved it."""
    kept: list[str] = []
    for name in method.indicators:
        if name in approved and _may_join(method, name, kept, category=category):
            kept.append(name)
    return frozenset(kept)


def _may_join(method: ScoringMethod, name: str, kept: Sequence[str], *, category: str) -> bool:
    try:
        check_not_applicable(method, name, beside=kept, category=category)
    except FieldError:
        return False
    return True


def _empties_dimension(method: ScoringMethod, left_out: Collection[str]) -> bool:
    return any({one.id for one in method.of_dimension(dimension)} <= set(left_out) for dimension in method.profiles["default"])
