"""Figures against the supplier's own past, other suppliers, the maker's purchase ledger, and the model's defaults."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from statistics import median
from typing import Final

from service.errors import N_
from service.submissions.benchmarks import calcination_default
from service.submissions.peers import ALIKE, PEERS_MIN, comparable, rounded
from service.submissions.plausibility.cases import TOTALS, Case
from service.submissions.plausibility.doubts import Doubt, Words, number_words, rounded_words
from service.submissions.plausibility.limits import FURNACE_FLOWS, furnace_benchmarks, unit_of
from service.submissions.plausibility.observations import Level, Observation
from service.submissions.questions import Question

NOTABLE_DEVIATION: Final = 0.30
"""Inside the limits but further from the model's default than this share: shown, not asked about."""
DRIFT_PER_TONNE: Final = 1.2
"""A plant that keeps its technology seldom changes by a fifth per tonne from one year to the next."""
DRIFT_PER_OUTPUT: Final = 2.0
"""What is small, such as diesel, may change by half; twice as much for the same output is more often a unit."""
DRIFT_OF_TOTALS: Final = 3.0
"""Output may double with a new line; three times as much is more often a unit."""
DRIFT_OF_SHARES: Final = 10.0
"""Percentage points by which a share must also change: 1 % becoming 2 % says nothing."""
ROBUST_Z_MAX: Final = ((60, 3.8), (30, 4.5), (20, 5.2), (15, 6.5), (10, 9.0), (8, 11.5), (6, 18.0), (PEERS_MIN, 48.0))
"""From so many peers on, the modified z-score (Iglewicz and Hoaglin 1993, who take 3.5 of large samples) that 999 of 1,000 figures
stay below (400,000 samples of a normal distribution). The median absolute deviation of few peers is very uncertain."""
MAD_TO_SIGMA: Final = 0.6745
"""The MAD of a normal distribution in standard deviations."""
SMALLEST_MAD: Final = 0.05
"""Of the logarithm: peers that agree to 5 % by chance must not make every other figure an outlier."""
OWN_AFFAIR: Final = frozenset({"supply_share", "grid_share", "green_contract_share", "captive_share", "own_primary_share"})
"""Shares that follow from a supplier's customers, contracts and records, not from how plants of the kind work: anything from 0 to
100 % is usual, and others' figures say nothing about it."""
DELIVERED_TOLERANCE: Final = 0.10
"""Stocks and goods under way between two ledgers, as a share of the year's amount."""
DELIVERED: Final = "product_out"
OUTPUT: Final = "product_output"


def drifted(case: Case, only: str | None = None) -> Iterator[Doubt]:
    """Compare with what the same supplier said the period before: per tonne where that can be, else the total."""
    earlier, present = case.surroundings.earlier, case.comparable_values()
    if not earlier or any(earlier.get(key) != present.get(key) for key in ALIKE):
        return
    for key, question in case.asked.items():
        if (
            only in {None, key, question.per, OUTPUT}
            and question.kind == "number"
            and isinstance(before := earlier.get(key), float | int)
        ):
            yield from _drift_of(case, question, float(before))


def _drift_of(case: Case, question: Question, before: float) -> Iterator[Doubt]:
    key = question.key
    now = case.numbers.get(key)
    if now is None and (question.required or key not in case.blank):
        return
    if not now:
        if before > 0:
            yield Doubt(field=key, rule="no_longer_there", fields=(key,), words=partial(_gone_words, case, key, before))
        return
    was, is_now = comparable(question, case.surroundings.earlier), comparable(question, case.comparable_values())
    if was and is_now:
        if _differs(question, was, is_now):
            fields = (key,) if question.per is None else (key, question.per)
            yield Doubt(field=key, rule="drift", fields=fields, words=partial(_drift_words, question, was, is_now))
    elif question.unit in TOTALS and before > 0:
        yield from _drift_of_total(case, question, before, now)


def _drift_of_total(case: Case, question: Question, before: float, now: float) -> Iterator[Doubt]:
    """Compare a total, over the site's output where both are known."""
    made, makes = case.surroundings.earlier.get(OUTPUT), case.numbers.get(OUTPUT)
    is_per_output = question.key != OUTPUT and isinstance(made, float) and made > 0 and bool(makes)
    scale = float(makes or 1) / float(made or 1) if is_per_output else 1.0
    allowed = DRIFT_PER_OUTPUT if is_per_output else DRIFT_OF_TOTALS
    if not 1 / allowed <= now / (before * scale) <= allowed:
        fields = (question.key, OUTPUT) if is_per_output else (question.key,)
        yield Doubt(field=question.key, rule="drift", fields=fields, words=partial(_drift_words, question, before, now))


def _differs(question: Question, was: float, is_now: float) -> bool:
    if question.unit == "%" and abs(is_now - was) < DRIFT_OF_SHARES:
        return False
    return not 1 / DRIFT_PER_TONNE <= is_now / was <= DRIFT_PER_TONNE


def _drift_words(question: Question, was: float, is_now: float) -> Words:
    unit = _unit_of_comparison(question) if question.unit not in TOTALS or question.per else question.unit
    return (
        N_(
            "%(value)s %(unit_value)s, but %(before)s %(unit_value)s in your last accepted answers: %(deviation)s %%. "
            "Check the figure, or say what has changed at your plant."
        ),
        {
            "value": rounded_words(is_now),
            "before": rounded_words(was),
            "unit_value": unit or "",
            "deviation": f"{(is_now / was - 1) * 100:+,.0f}",
        },
    )


def _gone_words(case: Case, key: str, before: float) -> Words:
    return (
        N_("None is given now; your last accepted answers had %(before)s %(unit_before)s. Was it forgotten?"),
        {"before": number_words(before), "unit_before": unit_of(case, key)},
    )


def far_from_peers(case: Case, only: str | None = None) -> Iterator[Doubt]:
    """Compare with other suppliers of the kind, by the median and its median absolute deviation of logarithms.

    What is said names no figure of theirs; both statistics are rounded, so that trying out answers tells no more than the band that
    every supplier gets back.
    """
    present = case.comparable_values()
    for key, values in case.surroundings.peers.items():
        question = case.asked.get(key)
        if question is None or key in OWN_AFFAIR or only not in {None, key, question.per}:
            continue
        own = comparable(question, present)
        if own is None or own <= 0 or not _is_outlier(own, [value for value in values if value > 0]):
            continue
        fields = (key,) if question.per is None else (key, question.per)
        yield Doubt(field=key, rule="far_from_peers", fields=fields, words=partial(_peer_words, question, own))


def _is_outlier(own: float, values: Sequence[float]) -> bool:
    limit = next((limit for count, limit in ROBUST_Z_MAX if len(values) >= count), None)
    if limit is None:
        return False
    logarithms = [math.log(value) for value in values]
    centre = math.log(rounded(math.exp(median(logarithms))))
    spread = max(rounded(median(abs(one - centre) for one in logarithms)), SMALLEST_MAD)
    return MAD_TO_SIGMA * abs(math.log(own) - centre) / spread > limit


def _peer_words(question: Question, own: float) -> Words:
    return (
        N_("%(value)s %(unit_value)s is far from what other suppliers of your kind report. Check the figure and its unit."),
        {"value": rounded_words(own), "unit_value": _unit_of_comparison(question)},
    )


def _unit_of_comparison(question: Question) -> str:
    return next(iter(question.limits.values())).unit if question.per and question.limits else question.unit or ""


def not_as_delivered(case: Case, only: str | None = None) -> Iterator[Doubt]:
    """Compare with what the maker's purchase ledger says: all of it for toll work, at least that for a site's output."""
    delivered = case.surroundings.delivered_t
    if not delivered or only not in {None, DELIVERED, OUTPUT}:
        return
    processed, output = case.numbers.get(DELIVERED), case.numbers.get(OUTPUT)
    if processed is not None and abs(processed - delivered) > delivered * DELIVERED_TOLERANCE:
        yield Doubt(
            field=DELIVERED, rule="not_as_delivered", fields=(DELIVERED,), words=partial(_delivered_words, processed, delivered)
        )
    if output is not None and output < delivered * (1 - DELIVERED_TOLERANCE):
        yield Doubt(field=OUTPUT, rule="not_as_delivered", fields=(OUTPUT,), words=partial(_delivered_words, output, delivered))


def _delivered_words(value: float, delivered: float) -> Words:
    return (
        N_("%(value)s t, but our purchase ledger has %(delivered)s t from you for this period. Check the figure and its unit."),
        {"value": number_words(value), "delivered": number_words(delivered)},
    )


# ---- Far from the model's default ----


def far_from_default(case: Case) -> Iterator[Observation]:
    """Yield what is inside its range but notably far from what the model takes by default; for the reviewer to know."""
    for key, default, value, unit in _defaults(case):
        if default and value is not None and abs(value / default - 1) > NOTABLE_DEVIATION:
            yield _far(key, value, default, unit)


def _defaults(case: Case) -> Iterator[tuple[str, float, float | None, str]]:
    for key, benchmark in furnace_benchmarks(case).items():
        ratio = case.value(f"{key} / product_out")
        inside = ratio is not None and benchmark.low <= ratio <= benchmark.high
        yield key, benchmark.default, ratio if inside else None, FURNACE_FLOWS[key].unit
    if "calcination_co2" in case.numbers:
        yield "calcination_co2", calcination_default("CO2_fossil"), case.numbers["calcination_co2"], "tCO2/t"
    if "calcination_yield" in case.numbers:
        yield "calcination_yield", 100 / calcination_default("green_petroleum_coke"), case.numbers["calcination_yield"], "%"


def _far(key: str, value: float, default: float, unit: str) -> Observation:
    return Observation(
        field=key,
        rule="far_from_default",
        level=Level.INFO,
        template=N_("%(value)s %(unit_value)s differs by %(deviation)s %% from the model's default of %(default)s %(unit_value)s."),
        values={
            "value": rounded_words(value),
            "default": rounded_words(default),
            "deviation": f"{(value / default - 1) * 100:+.0f}",
            "unit_value": unit,
        },
    )
