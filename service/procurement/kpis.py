"""Engagement of suppliers: what share of purchased emissions comes from suppliers that are asked, answer, and have targets.

Emissions are weighed by tonnes bought times the material's benchmark, whoever delivers it: so a share never moves because somebody
tells its own footprint, and none gives a supplier's footprint away.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

NOT_CATEGORY_1: Final = frozenset({"own_plant", "natural_gas", "truck_diesel_heavy"})
"""Our own plant, fuel that we burn ourselves, and transport are other categories of the GHG Protocol's scope 3, or none."""
TARGET_LEVELS: Final = frozenset({"quantified", "product_or_scope_3", "validated"})
COVERAGE_LINE: Final = 0.67
"""Share of scope 3 emissions that near-term targets have to cover where scope 3 is at least 40 % of all (SBTi criteria)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What was bought from one supplier of one material in a year.

    Attributes
    ----------
    cny
        None where no price is recorded.
    benchmark_t_co2e
        Tonnes times the benchmark; None for a material without one.
    grade
        Of its latest score for the material; None where it has none.
    has_own_footprint
        Whether that score rests on a footprint of its own.

    """

    supplier_id: uuid.UUID
    flow: str
    t: float
    cny: float | None
    benchmark_t_co2e: float | None
    grade: str | None
    has_own_footprint: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """How far a supplier has come with our questions, and whether it has a target with a number."""

    is_asked: bool = False
    has_answered: bool = False
    is_accepted: bool = False
    has_target: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Shares of a set of purchases, 0 to 1, by emissions; None where nothing in it can be weighed."""

    suppliers: int
    t: float
    t_co2e: float
    asked: float | None
    answered: float | None
    accepted: float | None
    own_footprint: float | None
    target: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeShare:
    """How much of suppliers, spend and emissions a grade has, each 0 to 1; `grade` is None for what is not scored."""

    grade: str | None
    suppliers: float
    spend: float | None
    carbon: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """All of it for a year.

    Attributes
    ----------
    response_rate
        Suppliers that have answered over those asked; None where nobody was asked.
    without_benchmark
        Materials that can't be weighed; they stand in no share of emissions.

    """

    overall: Coverage
    by_flow: Mapping[str, Coverage]
    asked_suppliers: int
    response_rate: float | None
    grades: Sequence[GradeShare]
    without_benchmark: Sequence[str]


def engagement(bought: Sequence[Bought], answering: Mapping[uuid.UUID, Answering], *, grades: Sequence[str]) -> Engagement:
    """Return the figures of a year's purchases.

    Parameters
    ----------
    answering
        By supplier; who is absent has not been asked.
    grades
        Best first.

    """
    counted = [one for one in bought if one.flow not in NOT_CATEGORY_1]
    suppliers = {one.supplier_id for one in counted}
    asked = [one for one in suppliers if _of(answering, one).is_asked]
    flows = sorted({one.flow for one in counted})
    return Engagement(
        overall=_coverage(counted, answering),
        by_flow={flow: _coverage([one for one in counted if one.flow == flow], answering) for flow in flows},
        asked_suppliers=len(asked),
        response_rate=sum(_of(answering, one).has_answered for one in asked) / len(asked) if asked else None,
        grades=[_grade_share(counted, grade) for grade in (*grades, None)],
        without_benchmark=sorted({one.flow for one in counted if one.benchmark_t_co2e is None}),
    )


def _coverage(bought: Sequence[Bought], answering: Mapping[uuid.UUID, Answering]) -> Coverage:
    return Coverage(
        suppliers=len({one.supplier_id for one in bought}),
        t=sum(one.t for one in bought),
        t_co2e=sum(one.benchmark_t_co2e or 0.0 for one in bought),
        asked=_share(bought, _carbon, lambda one: _of(answering, one.supplier_id).is_asked),
        answered=_share(bought, _carbon, lambda one: _of(answering, one.supplier_id).has_answered),
        accepted=_share(bought, _carbon, lambda one: _of(answering, one.supplier_id).is_accepted),
        own_footprint=_share(bought, _carbon, lambda one: one.has_own_footprint),
        target=_share(bought, _carbon, lambda one: _of(answering, one.supplier_id).has_target),
    )


def _grade_share(bought: Sequence[Bought], grade: str | None) -> GradeShare:
    return GradeShare(
        grade=grade,
        suppliers=_share(bought, lambda _: 1.0, lambda one: one.grade == grade) or 0.0,
        spend=_share(bought, lambda one: one.cny, lambda one: one.grade == grade),
        carbon=_share(bought, _carbon, lambda one: one.grade == grade),
    )


def _share(bought: Sequence[Bought], weight: Callable[[Bought], float | None], belongs: Callable[[Bought], bool]) -> float | None:
    weighed = [(one, weight(one)) for one in bought]
    whole = sum(value for _, value in weighed if value is not None)
    return sum(value for one, value in weighed if value is not None and belongs(one)) / whole if whole > 0 else None


def _carbon(one: Bought) -> float | None:
    return one.benchmark_t_co2e


def _of(answering: Mapping[uuid.UUID, Answering], supplier_id: uuid.UUID) -> Answering:
    return answering.get(supplier_id, Answering())
