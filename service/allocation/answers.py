"""What an allocation comes to: a plan with its cost and carbon, as pages, programs and the database keep it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """What is known of an answer.

    `optimal`: within the gap asked for. `feasible`: keeps every rule; the time was up before the gap was reached. `infeasible`: no
    plan keeps all rules. `undecided`: the time was up before a plan was found or ruled out.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """An order: tonnes of a material from a supplier."""

    supplier: str
    material: str
    t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The plan found, or that there is none.

    Attributes
    ----------
    cost
        Yuan: prices paid and fixed costs; without any price of carbon or defects. None without a plan.
    carbon_cost, defect_cost
        Yuan that the plan was compared with on top, at `Rules.carbon_price_per_t` and `Rules.defect_cost_per_t`.
    gap
        How far the plan may be from the best one, relative to what was minimised; None where that is not known yet.
    allocations
        Orders above zero, in the order of the offers.
    shadow_price_per_t_co2e
        Yuan that a cap looser by one tonne would save (of what was minimised), as long as the choice of suppliers stays as it is
        wherever choosing matters; 0 where the cap does not bind, None without a cap or plan.

    """

    status: Status
    cost: float | None = None
    t_co2e: float | None = None
    gap: float | None = None
    allocations: Sequence[Allocation] = ()
    shadow_price_per_t_co2e: float | None = None
    carbon_cost: float | None = None
    defect_cost: float | None = None

    @property
    def has_plan(self) -> bool:
        """Whether there are orders to place."""
        return self.cost is not None

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as JSON keeps it; `answer_of` reads it back."""
        return asdict(self) | {"status": str(self.status), "allocations": [asdict(one) for one in self.allocations]}


def answer_of(stored: Mapping[str, Any]) -> Answer:
    """Return the answer that `Answer.as_dict` has written."""
    return Answer(
        **{
            **stored,
            "status": Status(stored["status"]),
            "allocations": tuple(Allocation(**one) for one in stored["allocations"]),
        }
    )
