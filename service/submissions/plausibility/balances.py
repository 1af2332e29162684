"""Balances, figures per tonne and units that follow from choices, compared with `relations`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from service.errors import N_
from service.submissions.plausibility.cases import Case, parsed_formula
from service.submissions.plausibility.doubts import Doubt, Words, is_within, range_words, rounded_words
from service.submissions.plausibility.limits import unit_of
from service.submissions.plausibility.relations import Balance, Intensity, Term, UnitChoice, relations_of

PER_CENT: Final = 100.0


def unbalanced(case: Case, only: str | None = None) -> Iterator[Doubt]:
    """Compare the two sides of each balance."""
    for balance in relations_of(case.surroundings.supplier_type).balances:
        if (only is None or only in balance.fields) and holds_for(case, balance.when) and _is_unbalanced(case, balance):
            fields = tuple(sorted({field for term in (*balance.left, *balance.right) for field in term.known_fields(case)}))
            yield Doubt(field=balance.field, rule=balance.rule, fields=fields, words=partial(_balance_words, case, balance))


def outside_intensity(case: Case, only: str | None = None) -> Iterator[Doubt]:
    """Compare figures per tonne with what plants of the kind need."""
    for one in relations_of(case.surroundings.supplier_type).intensities:
        if (only is not None and only not in one.fields) or not holds_for(case, one.when) or not case.numbers.get(one.field):
            continue
        base = case.value(one.per) if one.per else 1.0
        ratio = case.numbers[one.field] * one.scale / base if base else None
        if ratio is not None and not is_within(ratio, one.limits):
            others = sorted(one.fields - {one.field})
            words = partial(_intensity_words, case, one, ratio)
            yield Doubt(field=one.field, rule=one.rule, fields=(one.field, *others), words=words)


def unit_of_other_choice(case: Case, only: str | None = None) -> Iterator[Doubt]:
    """Compare the unit that was chosen with what another answer says."""
    for one in relations_of(case.surroundings.supplier_type).unit_choices:
        wanted = one.units.get(case.choices.get(one.choice, ""))
        if only in {None, one.field} and wanted is not None and one.field in case.numbers and case.units.get(one.field) != wanted:
            words = partial(_unit_words, case, one, wanted)
            yield Doubt(field=one.field, rule="unit_of_other_choice", fields=(one.field, one.choice), words=words)


def holds_for(case: Case, when: Mapping[str, frozenset[str]]) -> bool:
    """Whether the choices are those for which a relation holds."""
    return all(case.choices.get(key, "") in wanted for key, wanted in when.items())


# ---- Balances ----


def _is_unbalanced(case: Case, balance: Balance) -> bool:
    """Compare what is known of both sides.

    A side of which something is not known can only be too large: what was not asked, or what the supplier says it does not know,
    may be anything.
    """
    left, right = _side(case, balance.left), _side(case, balance.right)
    if not left.total or not right.total:
        return False
    allowed = balance.tolerance * max(left.total, right.total) + left.spread + right.spread
    too_much = right.is_all and left.total - right.total > allowed
    too_little = balance.sense == "equal" and left.is_all and right.total - left.total > allowed
    return too_much or too_little


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """The sum of what is known, how far it may be off, and whether it is all."""

    total: float
    spread: float
    is_all: bool


def _side(case: Case, terms: Sequence[Term]) -> _Side:
    return _Side(
        total=sum(term.value(case) or 0.0 for term in terms),
        spread=sum(term.uncertainty(case) for term in terms),
        is_all=all(term.is_known(case) for term in terms),
    )


def _balance_words(case: Case, balance: Balance) -> Words:
    left, right = _side(case, balance.left).total, _side(case, balance.right).total
    return (
        N_(
            "%(term_title)s: %(sum_left)s = %(left)s %(unit_of)s on one side, %(sum_right)s = %(right)s %(unit_of)s on the other. "
            "They differ by %(deviation)s %%, more than %(tolerance)s %%. %(term_hint)s"
        ),
        {
            "term_title": balance.title,
            "sum_left": _addends(case, balance.left, balance.unit),
            "sum_right": _addends(case, balance.right, balance.unit),
            "left": rounded_words(left),
            "right": rounded_words(right),
            "unit_of": balance.unit,
            "deviation": rounded_words(round(abs(left - right) / max(left, right) * PER_CENT, 1)),
            "tolerance": rounded_words(balance.tolerance * PER_CENT),
            "term_hint": balance.hint,
        },
    )


def _addends(case: Case, terms: Sequence[Term], unit: str) -> list[list[str]]:
    known = ((term, term.value(case)) for term in terms)
    return [[term.label or case.label(term.formulas[0]), rounded_words(value), unit] for term, value in known if value]


# ---- Per tonne ----


def _intensity_words(case: Case, one: Intensity, ratio: float) -> Words:
    bases = sorted(parsed_formula(one.per).names) if one.per else ()
    known = {
        "term_label": one.label,
        "value": rounded_words(case.numbers[one.field]),
        "unit_value": unit_of(case, one.field),
        "ratio": rounded_words(ratio),
        "unit_ratio": one.limits.unit,
        "range": range_words(one.limits),
    }
    if not bases:
        return N_("%(term_label)s: %(value)s %(unit_value)s is outside the usual %(range)s %(unit_ratio)s."), known
    return (
        N_(
            "%(term_label)s: %(value)s %(unit_value)s over %(sum_base)s is %(ratio)s %(unit_ratio)s, "
            "outside the usual %(range)s %(unit_ratio)s."
        ),
        {**known, "sum_base": [[case.label(name), rounded_words(case.numbers[name]), unit_of(case, name)] for name in bases]},
    )


def _unit_words(case: Case, one: UnitChoice, wanted: str) -> Words:
    choice = case.asked[one.choice].choice(case.choices[one.choice])
    return (
        N_("The unit is %(unit_typed)s, but “%(term_choice)s” is counted in %(unit_wanted)s. Check the unit."),
        {"unit_typed": case.units[one.field], "unit_wanted": wanted, "term_choice": choice.text if choice else ""},
    )
