"""A workbook solved: its answer as JSON, with the cells that stand in the way."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from service.allocation.answers import Answer, Status
from service.allocation.explaining import BlockingRule, blocking_rules
from service.allocation.front import ExactFront, exact_front
from service.allocation.solving import solve
from service.allocation.token_orders import find_token_orders
from service.allocation.workbook import Place, WorkbookProblem
from service.errors import ServiceError


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedWorkbook:
    """A workbook's problem, its answer, the front if one was asked for, and what stands in the way if there is no plan."""

    asked: WorkbookProblem
    answer: Answer
    front: ExactFront | None
    blocking: tuple[BlockingRule, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as JSON."""
        found = self.answer.as_dict()
        if self.notices:
            found["notices"] = [str(notice) for notice in self.notices]
        if self.answer.status is Status.INFEASIBLE:
            found["blocking_rules"] = [
                rule.as_dict()
                | ({"sheet": None, "row": None, "column": None} if place is None else asdict(place))
                | {"value": rule.limit}
                for rule, place in zip(self.blocking, self.places, strict=True)
            ]
        if self.front is not None:
            found["front"] = [point.as_dict() for point in self.front.points]
            found["is_front_complete"] = self.front.is_complete
        return found

    @property
    def notices(self) -> Sequence[ServiceError]:
        """What a reader should know of the workbook and of the plan."""
        return [*self.asked.notices, *find_token_orders(self.asked.problem, self.answer)]

    @property
    def places(self) -> Sequence[Place | None]:
        """The cell that sets each of the blocking rules; None where none does."""
        return [self.asked.place(rule=str(rule.rule), material=rule.material, supplier=rule.supplier) for rule in self.blocking]


def solve_workbook(asked: WorkbookProblem, *, points: int | None) -> SolvedWorkbook:
    """Solve a workbook's problem.

    Parameters
    ----------
    points
        Of the exact front; None for none.

    """
    answer = solve(asked.problem)
    return SolvedWorkbook(
        asked=asked,
        answer=answer,
        front=None if points is None else exact_front(asked.problem, points=points),
        blocking=tuple(blocking_rules(asked.problem)) if answer.status is Status.INFEASIBLE else (),
    )
