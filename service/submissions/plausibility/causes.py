"""The likely cause of doubts: which one correction of a figure would settle them, and several doubts about one figure as one."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from service.errors import N_
from service.submissions.plausibility.cases import Case
from service.submissions.plausibility.doubts import Doubt, Words, number_words
from service.submissions.plausibility.limits import unit_of
from service.submissions.plausibility.observations import within
from service.submissions.plausibility.relations import relations_of
from service.submissions.units import convert, factor

SAME_UNIT: Final = 1.5
"""Units nearer to each other than this (m³ at 20 °C and Nm³, litre and kg of fuel) can't be told apart by what is plausible."""
SLIPS: Final = (1000.0, 0.001, 10_000.0, 0.0001)
"""A figure kept in another unit than the form offers, or with its zeros, decimal point or 万 misplaced."""
LARGEST: Final = 1e100
"""Beyond it no unit makes sense of a figure, and some could not hold it."""
FEW: Final = 3
"""In a doubt about no more figures than these each of them may be the wrong one."""
MANY: Final = 3
"""So many doubts about one figure are shown as one."""

Find = Callable[[Case, str | None], Sequence[Doubt]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A correction of one figure.

    Attributes
    ----------
    words
        What was probably done instead, as a question.

    """

    field: str
    value: float
    words: Callable[[], Words]


def explain_doubts(case: Case, find: Find) -> Sequence[Doubt]:
    """Return the doubts, each with its likely cause; what one correction settles is one doubt.

    Parameters
    ----------
    find
        All doubts about a case, or those that concern one of its figures.

    """
    every = find(case, None)
    known, left, shown = {one.key for one in every}, list(every), list[Doubt]()
    while left:
        cause, settled = _best_cause(case, left, known, find)
        if cause is None:
            break
        shown.append(_with_cause(cause, settled))
        left = [one for one in left if one not in settled]
    return [*shown, *_by_figure(case, left)]


def _best_cause(case: Case, doubts: Sequence[Doubt], known: Collection[str], find: Find) -> tuple[Cause | None, Sequence[Doubt]]:
    """Return the correction that settles most doubts and raises none; of equals the first that a person would think of."""
    best: tuple[Cause | None, Sequence[Doubt]] = (None, ())
    for cause in _causes(case, doubts):
        after = {one.key for one in find(case.with_number(cause.field, cause.value), cause.field)}
        settled = [one for one in doubts if cause.field in one.fields and one.key not in after]
        if after <= set(known) and len(settled) > len(best[1]):
            best = (cause, settled)
        if len(best[1]) == len(doubts):
            break
    return best


def _causes(case: Case, doubts: Sequence[Doubt]) -> Iterator[Cause]:
    """Yield corrections of the figures in doubt: those in most doubts first, and slips of the unit before others."""
    for kind in (_other_units, _known_mistakes, _slips):
        for key in _suspects(case, doubts):
            yield from kind(case, key)


def _suspects(case: Case, doubts: Sequence[Doubt]) -> Sequence[str]:
    """Return the figures that may be wrong; of a sum of many that alone does not fit, only where it is shown: any may be it."""
    counts = Counter(key for one in doubts for key in one.fields)
    near = {one.field for one in doubts} | {key for one in doubts if len(one.fields) <= FEW for key in one.fields}
    possible = (key for key, count in counts.items() if case.numbers.get(key) and (count > 1 or key in near))
    shown = {one.field for one in doubts}
    return sorted(possible, key=lambda key: (-counts[key], key not in shown, key))


def _other_units(case: Case, key: str) -> Iterator[Cause]:
    """Yield the number typed in each other unit that is offered."""
    given = case.answers.get(key)
    reading = given.reading if given else None
    if given is None or reading is None or reading.typed_value is None or reading.unit is None or reading.typed_unit is None:
        return
    if reading.typed_value > LARGEST:
        return
    for unit in given.question.units:
        ratio = factor(unit, reading.typed_unit)
        if ratio is not None and not 1 / SAME_UNIT <= ratio <= SAME_UNIT:
            words = partial(_unit_words, case, key, reading.typed_value, reading.typed_unit, unit)
            yield Cause(field=key, value=convert(reading.typed_value, unit, to=reading.unit), words=words)


def _known_mistakes(case: Case, key: str) -> Iterator[Cause]:
    for one in relations_of(case.surroundings.supplier_type).corrections:
        if one.field == key and (value := case.value(one.formula)) is not None and value > 0:
            yield Cause(field=key, value=value, words=partial(_mistake_words, case, key, value, within(one.cause, {})))


def _slips(case: Case, key: str) -> Iterator[Cause]:
    for times in SLIPS:
        value = case.numbers[key] * times
        yield Cause(field=key, value=value, words=partial(_slip_words, case, key, value, times))


def _unit_words(case: Case, key: str, typed: float, unit: str, meant: str) -> Words:
    return (
        N_("Was %(term_field)s, %(typed)s %(unit_typed)s, meant as %(typed)s %(unit_meant)s?"),
        {"term_field": case.label(key), "typed": number_words(typed), "unit_typed": unit, "unit_meant": meant},
    )


def _slip_words(case: Case, key: str, value: float, times: float) -> Words:
    small = N_("Is it %(times)s times too small: other unit, 万, or zeros left out?")
    large = N_("Is it %(times)s times too large: other unit, 万, or decimal point?")
    return _mistake_words(case, key, value, within(small if times > 1 else large, {"times": number_words(max(times, 1 / times))}))


def _mistake_words(case: Case, key: str, value: float, cause: Mapping[str, Any]) -> Words:
    return (
        N_("%(term_field)s, %(value)s %(unit_value)s: %(text_cause)s It would then be %(meant)s %(unit_value)s."),
        {
            "term_field": case.label(key),
            "value": number_words(case.numbers[key]),
            "unit_value": unit_of(case, key),
            "meant": number_words(value),
            "text_cause": cause,
        },
    )


# ---- Several as one ----


def _with_cause(cause: Cause, settled: Sequence[Doubt]) -> Doubt:
    if len(settled) == 1:
        only = settled[0]
        return Doubt(field=cause.field, rule=only.rule, fields=only.fields, words=partial(_one_with_cause, only, cause))
    fields = tuple(sorted({key for one in settled for key in one.fields}))
    return Doubt(field=cause.field, rule="one_cause", fields=fields, words=partial(_several_with_cause, settled, cause))


def _one_with_cause(only: Doubt, cause: Cause) -> Words:
    template, values = only.words()
    found, probably = within(template, values), within(*cause.words())
    return N_("%(text_found)s %(text_cause)s"), {"text_found": found, "text_cause": probably}


def _several_with_cause(settled: Sequence[Doubt], cause: Cause) -> Words:
    return (
        N_("%(text_cause)s Then these %(count)s would fit too: %(list_found)s"),
        {"text_cause": within(*cause.words()), "count": str(len(settled)), "list_found": _found(settled)},
    )


def _by_figure(case: Case, doubts: Sequence[Doubt]) -> Iterator[Doubt]:
    """Yield doubts without a likely cause; many about one figure as one."""
    counts = Counter(key for one in doubts for key in one.fields if key in case.asked)
    key, many = counts.most_common(1)[0] if counts else ("", 0)
    if many < MANY:
        yield from doubts
        return
    about = [one for one in doubts if key in one.fields]
    fields = tuple(sorted({name for one in about for name in one.fields}))
    yield Doubt(field=key, rule="does_not_fit", fields=fields, words=partial(_several_about, case, key, about))
    yield from _by_figure(case, [one for one in doubts if one not in about])


def _several_about(case: Case, key: str, about: Sequence[Doubt]) -> Words:
    return (
        N_("%(term_field)s does not fit with other figures; check it first. %(list_found)s"),
        {"term_field": case.label(key), "list_found": _found(about)},
    )


def _found(doubts: Sequence[Doubt]) -> list[dict[str, Any]]:
    return [within(*one.words()) for one in doubts]
