"""Checks of answers against each other, the limits of each question and the model, each with its arithmetic."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.errors import N_, FieldError
from service.i18n import Locale, translate
from service.submissions.answers import Given
from service.submissions.benchmarks import Benchmark, calcination_default, furnace_benchmark
from service.submissions.questionnaire import Limits, Question
from service.submissions.units import convert, factor, unit_label
from service.web.formatting import format_exact

# Inside the limits but further from the model's default than this share: shown, not asked about.
NOTABLE_DEVIATION = 0.30
RATIO_DIGITS = 5
TERM, UNIT = "term_", "unit_"


class Level(StrEnum):
    """An error blocks handing in, a warning needs a reason, an info is for the reviewer to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a check noticed.

    Attributes
    ----------
    template, values
        Message id and what fills it: a value named `term_…` is itself a message id, one named `unit_…` a unit's code.

    """

    field: str
    rule: str
    level: Level
    template: str
    values: Mapping[str, str]

    @property
    def key(self) -> str:
        """How a reason refers to this observation."""
        return f"{self.field}.{self.rule}"


Answers = Mapping[str, Given]
Check = Callable[[Answers], Iterator[Observation]]


def explain_observation(locale: Locale, template: str, values: Mapping[str, object]) -> str:
    """Return an observation in a language: of a check just made, or of one stored as a finding."""
    return translate(locale, template, **{name: _in_language(locale, name, str(value)) for name, value in values.items()})


def examine(questions: Sequence[Question], answers: Answers) -> Sequence[Observation]:
    """Return everything that is wrong with, doubtful or notable about the answers, errors first."""
    found = [*_unreadable(answers), *_missing(questions, answers), *(one for check in CHECKS for one in check(answers))]
    return sorted(found, key=lambda one: list(Level).index(one.level))


def _in_language(locale: Locale, name: str, value: str) -> str:
    if name.startswith(UNIT):
        return unit_label(value, locale)
    return translate(locale, value) if name.startswith(TERM) else value


# ---- Errors ----


def _unreadable(answers: Answers) -> Iterator[Observation]:
    for key, given in answers.items():
        if given.reading.error is not None:
            yield _error(key, "unreadable", given.reading.error)
        elif given.entry.absent is not None:
            yield from _absent(key, given)


def _absent(key: str, given: Given) -> Iterator[Observation]:
    if given.entry.entered.strip():
        both = FieldError(N_("There is a value, and also the word that there is none. Keep one of them."))
        yield _error(key, "value_and_none", both)
    elif given.question.essential:
        yield _error(
            key, "essential", FieldError(N_("Nothing can be calculated without this answer. An estimate is better than none."))
        )
    elif not (given.entry.note or "").strip():
        yield _error(key, "reason", FieldError(N_("Say in the note why there is no value.")))
    else:
        template = N_("No value was given; the model's default is used instead.")
        yield Observation(field=key, rule="absent", level=Level.INFO, template=template, values={})


def _missing(questions: Sequence[Question], answers: Answers) -> Iterator[Observation]:
    for question in questions:
        if question.required and question.key not in answers:
            essential = FieldError(N_("Please answer this; nothing can be calculated without it."))
            other = FieldError(N_("Please answer this, or say that you do not know it and why."))
            yield _error(question.key, "missing", essential if question.essential else other)


def _error(key: str, rule: str, error: FieldError) -> Observation:
    values = {name: str(value) for name, value in error.values.items()}
    return Observation(field=key, rule=rule, level=Level.ERROR, template=error.template, values=values)


# ---- Limits ----


def _outside_limits(answers: Answers) -> Iterator[Observation]:
    """Compare single values with the limits of their question."""
    for key, given in answers.items():
        limits = given.question.limits.get(given.reading.unit or "")
        value = given.reading.value
        if given.question.per is None and limits is not None and value is not None and not _is_within(value, limits):
            yield _outside(key, given, limits, value)


def _outside(key: str, given: Given, limits: Limits, value: float) -> Observation:
    meant = _meant_unit(given, lambda candidate: _is_within(candidate, limits))
    values = {"value": format_exact(value, "en"), "unit_value": limits.unit, "range": _range(limits)}
    return _warning(
        key,
        "outside_limits",
        meant,
        values,
        plain=N_("%(value)s %(unit_value)s is outside the usual %(range)s %(unit_value)s. Check the figure."),
        with_unit=N_(
            "%(value)s %(unit_value)s is outside the usual %(range)s %(unit_value)s. If you meant %(unit_meant)s, choose that unit."
        ),
    )


def _ratio_outside_limits(answers: Answers) -> Iterator[Observation]:
    """Compare values per tonne, or out per in, with the limits of their question."""
    for key, given in answers.items():
        limits = next(iter(given.question.limits.values()), None)
        if given.question.per is None or limits is None or (key in FURNACE_FLOWS and _furnace(answers)):
            continue
        ratio = _ratio(answers, key, given.question.per)
        if ratio is not None and not _is_within(ratio, limits) and not (key == "product_out" and ratio > 1):
            yield _ratio_outside(key, answers, given.question.per, limits)


def _ratio_outside(key: str, answers: Answers, per: str, limits: Limits) -> Observation:
    base = answers[per].reading.value or 0.0
    meant = _meant_unit(answers[key], lambda candidate: _is_within(candidate / base, limits))
    return _warning(
        key,
        "ratio_outside_limits",
        meant,
        {**_arithmetic(answers, key, per), "unit_ratio": limits.unit, "range": _range(limits)},
        plain=N_(
            "%(value)s %(unit_value)s over %(base)s %(unit_base)s is %(ratio)s %(unit_ratio)s, "
            "outside the usual %(range)s. Check both figures."
        ),
        with_unit=N_(
            "%(value)s %(unit_value)s over %(base)s %(unit_base)s is %(ratio)s %(unit_ratio)s, "
            "outside the usual %(range)s. If you meant %(unit_meant)s, choose that unit."
        ),
    )


# ---- Furnaces ----


@dataclass(frozen=True, slots=True, kw_only=True)
class FurnaceFlow:
    """A flow of the model's furnaces that a toll plant is asked about, per tonne of product."""

    flow: str
    per_tonne: float
    unit: str


FURNACE_FLOWS: Mapping[str, FurnaceFlow] = {
    "furnace_electricity": FurnaceFlow(flow="electricity_cn_grid", per_tonne=1000.0, unit="kWh/t"),
    "packing_coke_net": FurnaceFlow(flow="packing_coke_net", per_tonne=1.0, unit="t/t"),
}


def _outside_furnace_range(answers: Answers) -> Iterator[Observation]:
    """Compare a toll plant's figures per tonne with the range of its furnace type, or with the furnace's default inside it."""
    furnace = _furnace(answers)
    for key, asked in FURNACE_FLOWS.items():
        benchmark = furnace_benchmark(furnace, asked.flow, per_tonne=asked.per_tonne) if furnace else None
        ratio = _ratio(answers, key, "product_out")
        if benchmark is None or ratio is None:
            continue
        if benchmark.low <= ratio <= benchmark.high:
            yield from _far_from_default(key, ratio, benchmark.default, asked.unit)
        else:
            yield _outside_furnace(key, answers, asked, benchmark)


def _outside_furnace(key: str, answers: Answers, asked: FurnaceFlow, benchmark: Benchmark) -> Observation:
    base = answers["product_out"].reading.value or 0.0
    limits = Limits(low=benchmark.low, high=benchmark.high, unit=asked.unit)
    furnace = answers["furnace_type"].question.choice(_furnace(answers))
    meant = _meant_unit(answers[key], lambda candidate: _is_within(candidate / base, limits))
    values = {
        **_arithmetic(answers, key, "product_out"),
        "unit_ratio": asked.unit,
        "range": _range(limits),
        "term_furnace": furnace.text if furnace else "",
    }
    return _warning(
        key,
        "outside_furnace_range",
        meant,
        values,
        plain=N_(
            "%(value)s %(unit_value)s over %(base)s t of output is %(ratio)s %(unit_ratio)s, "
            "outside the %(range)s %(unit_ratio)s of this furnace type (%(term_furnace)s). Check the meter reading and the output."
        ),
        with_unit=N_(
            "%(value)s %(unit_value)s over %(base)s t of output is %(ratio)s %(unit_ratio)s, "
            "outside the %(range)s %(unit_ratio)s of this furnace type (%(term_furnace)s). "
            "If you meant %(unit_meant)s, choose that unit."
        ),
    )


def _furnace(answers: Answers) -> str:
    given = answers.get("furnace_type")
    return (given.reading.choice or "") if given else ""


# ---- One answer against another ----


def _output_above_input(answers: Answers) -> Iterator[Observation]:
    ratio = _ratio(answers, "product_out", "charge_in")
    if ratio is not None and ratio > 1:
        yield Observation(
            field="product_out",
            rule="output_above_input",
            level=Level.WARNING,
            template=N_("%(value)s t came out of %(base)s t that went in: more than went in. Check both figures and their units."),
            values=_arithmetic(answers, "product_out", "charge_in"),
        )


def _part_above_whole(answers: Answers) -> Iterator[Observation]:
    templates = {
        ("green_electricity", "grid_electricity"): N_(
            "Green electricity of %(value)s kWh is more than the %(base)s kWh the site bought. Check both figures and their units."
        ),
        ("product_out", "product_output"): N_(
            "%(value)s t for us is more than the %(base)s t the site made for all customers. Check both figures and their units."
        ),
    }
    for (part, whole), template in templates.items():
        ratio = _ratio(answers, part, whole)
        if ratio is not None and ratio > 1:
            values = _arithmetic(answers, part, whole)
            yield Observation(field=part, rule="part_above_whole", level=Level.WARNING, template=template, values=values)


def _site_below_furnaces(answers: Answers) -> Iterator[Observation]:
    """Compare the site's bill with what the furnaces and their auxiliaries alone took."""
    site, furnaces, auxiliary = (
        _value(answers, key) for key in ("grid_electricity", "furnace_electricity", "auxiliary_electricity")
    )
    if site is None or furnaces is None:
        return
    needed = furnaces + (auxiliary or 0.0)
    if site < needed:
        yield Observation(
            field="grid_electricity",
            rule="site_below_furnaces",
            level=Level.WARNING,
            template=N_(
                "The site bought %(site)s kWh, but furnaces %(furnaces)s kWh and auxiliaries %(auxiliary)s kWh "
                "together are %(needed)s kWh. "
                "Check the three figures and their units, or say which other supply the site has."
            ),
            values={
                "site": format_exact(site, "en"),
                "furnaces": format_exact(furnaces, "en"),
                "auxiliary": format_exact(auxiliary or 0.0, "en"),
                "needed": format_exact(needed, "en"),
            },
        )


# ---- Far from the model's default ----


def _far_from_calcination(answers: Answers) -> Iterator[Observation]:
    defaults = {
        "calcination_co2": calcination_default("CO2_fossil"),
        "calcination_yield": 100.0 / calcination_default("green_petroleum_coke"),
    }
    for key, default in defaults.items():
        value = _value(answers, key)
        if value is not None:
            yield from _far_from_default(key, value, default, answers[key].question.unit or "")


def _far_from_default(key: str, value: float, default: float, unit: str) -> Iterator[Observation]:
    if default and abs(value / default - 1) > NOTABLE_DEVIATION:
        yield Observation(
            field=key,
            rule="far_from_default",
            level=Level.INFO,
            template=N_(
                "%(value)s %(unit_value)s differs by %(deviation)s %% from the model's default of %(default)s %(unit_value)s."
            ),
            values={
                "value": _rounded(value),
                "default": _rounded(default),
                "deviation": f"{(value / default - 1) * 100:+.0f}",
                "unit_value": unit,
            },
        )


CHECKS: Sequence[Check] = (
    _outside_limits,
    _ratio_outside_limits,
    _outside_furnace_range,
    _output_above_input,
    _part_above_whole,
    _site_below_furnaces,
    _far_from_calcination,
)


# ---- Arithmetic ----


def _value(answers: Answers, key: str) -> float | None:
    given = answers.get(key)
    return given.reading.value if given else None


def _ratio(answers: Answers, key: str, per: str) -> float | None:
    above, below = _value(answers, key), _value(answers, per)
    return None if above is None or not below else above / below


def _arithmetic(answers: Answers, key: str, per: str) -> dict[str, str]:
    above, below = answers[key].reading, answers[per].reading
    return {
        "value": format_exact(above.value, "en"),
        "unit_value": above.unit or "",
        "base": format_exact(below.value, "en"),
        "unit_base": below.unit or "",
        "ratio": _rounded(_ratio(answers, key, per) or 0.0),
    }


def _rounded(value: float) -> str:
    return format_exact(float(f"{value:.{RATIO_DIGITS}g}"), "en")


def _is_within(value: float, limits: Limits) -> bool:
    return (limits.low is None or value >= limits.low) and (limits.high is None or value <= limits.high)


def _range(limits: Limits) -> str:
    low, high = (format_exact(bound, "en") if bound is not None else "…" for bound in (limits.low, limits.high))
    return f"{low}–{high}"


def _meant_unit(given: Given, fits: Callable[[float], bool]) -> str | None:
    """Return another unit of the question in which the number typed would be plausible: 1235 kWh for 1235 万kWh."""
    typed, canonical = given.reading.typed_value, given.reading.unit
    if typed is None or canonical is None:
        return None
    others = (unit for unit in given.question.units if unit != given.reading.typed_unit and factor(unit, canonical) is not None)
    return next((unit for unit in others if fits(convert(typed, unit, to=canonical))), None)


def _warning(key: str, rule: str, meant: str | None, values: Mapping[str, str], *, plain: str, with_unit: str) -> Observation:
    if meant is None:
        return Observation(field=key, rule=rule, level=Level.WARNING, template=plain, values=values)
    return Observation(field=key, rule=rule, level=Level.WARNING, template=with_unit, values={**values, "unit_meant": meant})
