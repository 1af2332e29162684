"""The marginal abatement cost curve: measures one after the other, each with what it still adds after those before it.

Two mistakes are avoided. A measure that pays for itself is not ranked by yuan per tonne: more tonnes for the same gain would look
worse (Taylor 2012, Energy Policy 48); it is ranked by its net present value. And what measures avoid together is not the sum of
what each avoids alone, so that each step is calculated on top of the steps before it. So the total does not depend on the order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.strategy.finance import abatement_cost

JointTonnes = Callable[[Sequence[str]], float]
"""What measures avoid together, t CO2 in the year, by their keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveMeasure:
    """A measure as the curve sees it.

    Attributes
    ----------
    yearly_cny
        Equivalent annual cost; negative if it pays for itself.
    npv_cny
        Net present value of its money, without any carbon price.
    t_co2_alone
        What it would avoid in the year without any other measure.

    """

    key: str
    yearly_cny: float
    npv_cny: float
    t_co2_alone: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the curve.

    Attributes
    ----------
    from_t_co2, to_t_co2
        Where the step begins and ends on the axis; it runs back where a measure undoes what others avoid.
    cny_per_t
        Cost of a tonne that this step adds; None where it adds none.
    pays_for_itself
        Ranked by net present value, not by `cny_per_t`.

    """

    key: str
    from_t_co2: float
    to_t_co2: float
    yearly_cny: float
    npv_cny: float
    cny_per_t: float | None
    pays_for_itself: bool

    @property
    def t_co2(self) -> float:
        """What the step adds."""
        return self.to_t_co2 - self.from_t_co2


def ranked(measures: Sequence[CurveMeasure]) -> tuple[CurveMeasure, ...]:
    """Return the order of the curve: gains by net present value, costs by yuan per tonne, what avoids nothing alone last."""
    return tuple(sorted(measures, key=_rank))


def curve(measures: Sequence[CurveMeasure], joint_t_co2: JointTonnes) -> tuple[Step, ...]:
    """Return the steps in the order given; the last one ends at what all measures avoid together."""
    steps: list[Step] = []
    reached = joint_t_co2(())
    for place, one in enumerate(measures, start=1):
        before, reached = reached, joint_t_co2([each.key for each in measures[:place]])
        steps.append(
            Step(
                key=one.key,
                from_t_co2=before,
                to_t_co2=reached,
                yearly_cny=one.yearly_cny,
                npv_cny=one.npv_cny,
                cny_per_t=abatement_cost(one.yearly_cny, reached - before),
                pays_for_itself=one.yearly_cny < 0.0,
            )
        )
    return tuple(steps)


def _rank(measure: CurveMeasure) -> tuple[int, float, str]:
    if measure.yearly_cny < 0.0:
        return 0, -measure.npv_cny, measure.key
    cost = abatement_cost(measure.yearly_cny, measure.t_co2_alone)
    return (2, 0.0, measure.key) if cost is None else (1, cost, measure.key)
