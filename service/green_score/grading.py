"""From points to a grade: conditions, caps, vetoes, and a threshold that a small change does not cross at once.

Nothing that is missing may help: what lifts a cap must be shown, what holds a grade must be certain. docs/scoring.md tells why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.compliance.models import RecordArea, Violation
from service.compliance.words import VETO_NAMES
from service.errors import N_
from service.green_score.ages import is_older
from service.green_score.energy_values import is_within_limit
from service.green_score.facts import Facts
from service.green_score.footprint_values import counted_footprint
from service.green_score.method import VETOED, GradeRule, ScoringMethod
from service.green_score.observed_values import counted_violations, is_searched
from service.green_score.points import Points
from service.green_score.reasons import Reason, because


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousGrade:
    """The latest earlier score of the supplier for the material, however old; a period without a score resets nothing.

    Attributes
    ----------
    by_points
        Grade before caps and vetoes, which say nothing of how close the points were.
    is_held
        It was kept although the points were below its threshold.
    probabilities
        By grade, 0 to 1; empty where they were not calculated.

    """

    by_points: str
    is_held: bool
    probabilities: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A grade and why; `by_points` and `is_held` are what the next period starts from."""

    letter: str
    reasons: tuple[Reason, ...]
    by_points: str
    is_held: bool


def grade(
    points: Points,
    facts: Facts,
    method: ScoringMethod,
    *,
    previous: PreviousGrade | None = None,
    probabilities: Mapping[str, float] | None = None,
) -> Grade:
    """Return the grade of a score.

    Parameters
    ----------
    previous
        None for a first score.
    probabilities
        P(grade) of this score; without them a grade rises by points only.

    """
    rule, shortfalls = _by_points(points, facts, method, previous, probabilities or {})
    is_held = points.total < rule.least_score
    caps = list(_caps(points, facts, method))
    letters = [one.grade for one in method.grades]
    worst = max([letters.index(rule.grade), *(letters.index(letter) for letter, _ in caps)])
    vetoes = tuple(because(VETO_NAMES[kind]) for kind in facts.vetoes)
    reasons = (*vetoes, *(reason for _, reason in caps), *shortfalls, *_held(points, rule, is_held=is_held))
    letter = VETOED if vetoes else letters[worst]
    return Grade(letter=letter, reasons=reasons, by_points=rule.grade, is_held=is_held)


def _held(points: Points, rule: GradeRule, *, is_held: bool) -> tuple[Reason, ...]:
    if not is_held:
        return ()
    told = because(
        N_("%(points)s points are just below the %(least)s of grade %(grade)s: it is kept for one period."),
        points=points.total,
        least=rule.least_score,
        grade=rule.grade,
    )
    return (told,)


def _by_points(
    points: Points,
    facts: Facts,
    method: ScoringMethod,
    previous: PreviousGrade | None,
    probabilities: Mapping[str, float],
) -> tuple[GradeRule, tuple[Reason, ...]]:
    """Return the best grade whose threshold and conditions are met, and what stood in the way of better ones."""
    shortfalls: list[Reason] = []
    for rule in method.grades[:-1]:
        if points.total < _needed(rule, method, previous, probabilities):
            shortfalls.extend(_waiting(rule, points))
            continue
        missing = _unmet(rule, points, facts)
        if not missing:
            return rule, tuple(shortfalls)
        shortfalls.extend(missing)
    return method.grades[-1], tuple(shortfalls)


def _waiting(rule: GradeRule, points: Points) -> Iterator[Reason]:
    if points.total >= rule.least_score:
        yield because(
            N_("%(points)s points are just above the %(least)s of grade %(grade)s: it is given when they are clearly above."),
            points=points.total,
            least=rule.least_score,
            grade=rule.grade,
        )


def _needed(rule: GradeRule, method: ScoringMethod, previous: PreviousGrade | None, probabilities: Mapping[str, float]) -> float:
    """Return the points that a grade takes, given the one before.

    A better grade takes a margin more, unless it is probable in two periods. A grade is kept within the margin for one period,
    however uncertain: if it fell only once that is probable, whose data is vague would keep it longer.
    """
    letters = [one.grade for one in method.grades]
    if previous is None or previous.by_points not in letters:
        return rule.least_score
    here, before = letters.index(rule.grade), letters.index(previous.by_points)
    if here < before:
        is_probable = all(
            _at_least(rule.grade, letters, given) >= method.hysteresis.probability
            for given in (previous.probabilities, probabilities)
        )
        return rule.least_score + (0.0 if is_probable else method.hysteresis.margin)
    is_kept_already = here == before and previous.is_held
    return rule.least_score - (0.0 if is_kept_already else method.hysteresis.margin)


def _at_least(letter: str, letters: list[str], probabilities: Mapping[str, float]) -> float:
    return sum(probabilities.get(one, 0.0) for one in letters[: letters.index(letter) + 1])


def _unmet(rule: GradeRule, points: Points, facts: Facts) -> list[Reason]:
    """Return what a grade asks beside points and is not met; what is left out or missing never meets it."""
    low = [(name, value) for name, value in points.dimensions.items() if value < rule.least_dimension]
    weak = [(name, least) for name, least in rule.least_values.items() if _value(points, name) < least]
    in_dimension = N_("Grade %(grade)s takes %(least)s in every dimension; %(name)s has %(value)s.")
    in_indicator = N_("Grade %(grade)s takes %(least)s in %(name)s; it has %(value)s.")
    reasons = [
        because(in_dimension, grade=rule.grade, least=float(rule.least_dimension), name=name, value=value) for name, value in low
    ]
    reasons += [
        because(in_indicator, grade=rule.grade, least=float(least), name=name, value=_value(points, name)) for name, least in weak
    ]
    if rule.data_months is not None and not _is_recent(facts, rule.data_months):
        message = N_("Grade %(grade)s takes a footprint of the last %(months)s months.")
        reasons.append(because(message, grade=rule.grade, months=float(rule.data_months)))
    return reasons


def _value(points: Points, indicator: str) -> float:
    found = points.indicators[indicator]
    return 0.0 if found.value is None or found.left_out else found.value


def _is_recent(facts: Facts, months: float) -> bool:
    return facts.footprint is not None and not is_older(facts.footprint.period_end, months=months, on=facts.on)


def _caps(points: Points, facts: Facts, method: ScoringMethod) -> Iterator[tuple[str, Reason]]:
    """Return each cap that applies, with its reason; what is not shown caps like what is bad."""
    caps = method.caps
    if counted_footprint(facts, method) is None:
        yield caps.no_footprint, because(N_("No footprint that counts: at most %(grade)s."), grade=caps.no_footprint)
    if facts.energy_is_limited and not is_within_limit(facts, method):
        message = N_("Energy per tonne is above the mandatory limit, or not shown to keep it: at most %(grade)s.")
        yield caps.over_limit, because(message, grade=caps.over_limit)
    if facts.portal.refuses_data:
        message = N_("Data is refused, or three reminders went unanswered: at most %(grade)s.")
        yield caps.refuses_data, because(message, grade=caps.refuses_data)
    yield from _standing_cap(facts, method)
    for name in caps.weak_dimensions:
        value = points.dimensions[name]
        if value < caps.weak_below:
            message = N_("Dimension %(dimension)s has %(value)s, below %(least)s: at most %(grade)s.")
            least = float(caps.weak_below)
            yield caps.weak_dimension, because(message, dimension=name, value=value, least=least, grade=caps.weak_dimension)


def _standing_cap(facts: Facts, method: ScoringMethod) -> Iterator[tuple[str, Reason]]:
    letter = method.caps.yellow_credit
    if any(
        one.violation is Violation.YELLOW_CREDIT and not one.is_remedied
        for area in RecordArea
        for one in counted_violations(facts, area, method)
    ):
        yield letter, because(N_("Yellow environmental credit: at most %(grade)s."), grade=letter)
    elif not is_searched(facts, RecordArea.ENVIRONMENT, method):
        yield letter, because(N_("Nobody has looked up the environmental credit lately: at most %(grade)s."), grade=letter)
