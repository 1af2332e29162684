"""Single figures, and figures per tonne, against the limits of their questions and of furnaces."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from service.errors import N_
from service.submissions.benchmarks import Benchmark, furnace_benchmark
from service.submissions.plausibility.cases import Case
from service.submissions.plausibility.doubts import Doubt, Words, is_within, number_words, range_words, rounded_words
from service.submissions.questions import Limits, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class FurnaceFlow:
    """A flow of the model's furnaces that a plant is asked about, per tonne of product."""

    flow: str
    per_tonne: float
    unit: str


FURNACE_FLOWS: Final[Mapping[str, FurnaceFlow]] = {
    "furnace_electricity": FurnaceFlow(flow="electricity_cn_grid", per_tonne=1000.0, unit="kWh/t"),
    "packing_coke_net": FurnaceFlow(flow="packing_coke_net", per_tonne=1.0, unit="t/t"),
}
FURNACE: Final = "furnace_type"
READING: Final = 0.01
"""Share by which a quotient may be off because both figures were read: 0.5 % for each of two scales or meters. A furnace that loses
next to nothing returns 1,001 t of 1,000 t."""


def outside_limits(case: Case, only: str | None = None) -> Iterator[Doubt]:
    """Compare single figures with the limits of their question."""
    for key, value in case.numbers.items():
        if only not in {None, key}:
            continue
        question = case.asked[key]
        limits = question.limits.get(case.units.get(key, ""))
        if question.per is None and limits is not None and not is_within(value, limits):
            yield Doubt(field=key, rule="outside_limits", fields=(key,), words=partial(_limit_words, value, limits))


def ratio_outside_limits(case: Case, only: str | None = None) -> Iterator[Doubt]:
    """Compare figures per tonne, or out per in, with the limits of their question."""
    for key in case.numbers:
        question = case.asked[key]
        if only not in {None, key, question.per}:
            continue
        limits = next(iter(question.limits.values()), None)
        if question.per is None or limits is None or _is_of_furnace(case, key):
            continue
        ratio = case.value(f"{key} / {question.per}")
        if ratio is not None and not _is_nearly_within(ratio, limits) and not _is_more_than_all(question, ratio):
            words = partial(_ratio_words, case, key, question.per, limits)
            yield Doubt(field=key, rule="ratio_outside_limits", fields=(key, question.per), words=words)


def outside_furnace_range(case: Case, only: str | None = None) -> Iterator[Doubt]:
    """Compare figures per tonne with the range of the furnace type."""
    for key, benchmark in furnace_benchmarks(case).items():
        if only not in {None, key, "product_out"}:
            continue
        ratio = case.value(f"{key} / product_out")
        limits = Limits(low=benchmark.low, high=benchmark.high, unit=FURNACE_FLOWS[key].unit)
        if ratio is not None and not is_within(ratio, limits):
            words = partial(_furnace_words, case, key, limits)
            yield Doubt(field=key, rule="outside_furnace_range", fields=(key, "product_out"), words=words)


def furnace_benchmarks(case: Case) -> Mapping[str, Benchmark]:
    """Return by field what the model expects of the furnace type that was chosen."""
    furnace = case.choices.get(FURNACE)
    if furnace is None:
        return {}
    present = {key: asked for key, asked in FURNACE_FLOWS.items() if key in case.numbers}
    found = {key: furnace_benchmark(furnace, asked.flow, per_tonne=asked.per_tonne) for key, asked in present.items()}
    return {key: benchmark for key, benchmark in found.items() if benchmark is not None}


def part_above_whole(case: Case, only: str | None = None) -> Iterator[Doubt]:
    """Compare what is a part of another answer with the whole."""
    for part, value in case.numbers.items():
        whole = case.asked[part].at_most
        if only in {None, part, whole} and whole is not None and whole in case.numbers and value > case.numbers[whole]:
            yield Doubt(field=part, rule="part_above_whole", fields=(part, whole), words=partial(_part_words, case, part, whole))


def _is_nearly_within(ratio: float, limits: Limits) -> bool:
    """Whether a quotient of two readings lies inside as far as they can tell."""
    return is_within(ratio, limits) or is_within(ratio * (1 + READING), limits) or is_within(ratio * (1 - READING), limits)


def _is_of_furnace(case: Case, key: str) -> bool:
    return key in FURNACE_FLOWS and FURNACE in case.choices


def _is_more_than_all(question: Question, ratio: float) -> bool:
    """Whether `part_above_whole` says it better."""
    return question.at_most == question.per and ratio > 1


def _limit_words(value: float, limits: Limits) -> Words:
    return (
        N_("%(value)s %(unit_value)s is outside the usual %(range)s %(unit_value)s."),
        {"value": number_words(value), "unit_value": limits.unit, "range": range_words(limits)},
    )


def _ratio_words(case: Case, key: str, per: str, limits: Limits) -> Words:
    return (
        N_(
            "%(term_value)s %(value)s %(unit_value)s over %(term_base)s %(base)s %(unit_base)s is %(ratio)s %(unit_ratio)s, "
            "outside the usual %(range)s."
        ),
        {**arithmetic(case, key, per), "unit_ratio": limits.unit, "range": range_words(limits)},
    )


def _furnace_words(case: Case, key: str, limits: Limits) -> Words:
    furnace = case.asked[FURNACE].choice(case.choices[FURNACE])
    return (
        N_(
            "%(term_value)s %(value)s %(unit_value)s over %(term_base)s %(base)s %(unit_base)s is %(ratio)s %(unit_ratio)s, "
            "outside the %(range)s %(unit_ratio)s of this furnace type (%(term_furnace)s)."
        ),
        {
            **arithmetic(case, key, "product_out"),
            "unit_ratio": limits.unit,
            "range": range_words(limits),
            "term_furnace": furnace.text if furnace else "",
        },
    )


def _part_words(case: Case, part: str, whole: str) -> Words:
    return (
        N_("%(term_value)s %(value)s %(unit_value)s is more than %(term_base)s %(base)s %(unit_base)s, of which it is a part."),
        arithmetic(case, part, whole),
    )


def arithmetic(case: Case, key: str, per: str) -> dict[str, str]:
    """Return two figures with their names and their quotient, for the words of a doubt."""
    value, base = case.numbers[key], case.numbers[per]
    return {
        "term_value": case.label(key),
        "term_base": case.label(per),
        "value": number_words(value),
        "unit_value": unit_of(case, key),
        "base": number_words(base),
        "unit_base": unit_of(case, per),
        "ratio": rounded_words(value / base) if base else "",
    }


def unit_of(case: Case, key: str) -> str:
    """Return the unit in which a figure is kept."""
    return case.units.get(key) or case.asked[key].unit or ""
