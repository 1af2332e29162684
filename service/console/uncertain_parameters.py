"""Lines of the uncertainty page: each parameter with its spread, and what that rests on, in the reader's words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lca_models.model import Model
from lca_models.uncertainty.distributions import central_interval
from lca_models.uncertainty.inputs import Basis, Term, UncertainParameter
from service.console import footprint_words as words
from service.errors import N_
from service.footprints.models import FootprintRecord
from service.footprints.provenance import LEGS, RECIPE
from service.footprints.uncertainty import RecordUncertainty
from service.i18n import Locale, translate

_95: Final = 0.95
_REMARK: Final = re.compile(r"; |；|, per |，每")
_BRACKETS: Final = re.compile(r" \([^)]*\)|（[^）]*）")
_SHAPES: Final[Mapping[str, str]] = {
    "fixed": N_("certain"),
    "uniform": N_("uniform"),
    "triangular": N_("triangular"),
    "normal": N_("normal"),
    "lognormal": N_("lognormal"),
}
_BASES: Final[Mapping[Basis, str]] = {
    Basis.STATED: N_("range stated by the model's sources"),
    Basis.EVIDENCE: N_("kind of evidence"),
    Basis.GIVEN: N_("distribution given by hand"),
    Basis.FOLLOWS: N_("follows other parameters"),
    Basis.CHOICE: N_("chosen for the product or the method: another choice is another scenario"),
    Basis.BACKGROUND: N_("drawn with the licensed background it comes from"),
    Basis.UNSTATED: N_("no source states a range"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainTerm:
    """One source of a parameter's spread; the interval is in its unit."""

    weight: float
    value: float
    low: float
    high: float
    shape: str
    basis: str
    evidence: str
    sources: str
    is_recipe: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainLine:
    """A parameter with its spread.

    Attributes
    ----------
    variance_share
        Share of the result's variance, 0 to 1; None if another parameter carries it or nothing is drawn.

    """

    name: str
    meaning: str
    unit: str
    value: float
    terms: Sequence[UncertainTerm]
    follows: Sequence[str]
    variance_share: float | None
    is_certain: bool


def short_meaning(parameter: str, locale: Locale) -> str:
    """Return what a parameter means, without remarks after a semicolon, without brackets and without "per kg"."""
    meaning = words.parameter_meaning(parameter, locale)
    return _BRACKETS.sub("", _REMARK.split(meaning, maxsplit=1)[0])


def uncertain_lines(
    found: RecordUncertainty, record: FootprintRecord, shares: Mapping[str, float], locale: Locale
) -> list[UncertainLine]:
    """Return all parameters, those that bring most of the variance first."""
    lines = [_line(found.model, one, record, shares.get(one.name), locale) for one in found.headline.parameters]
    return sorted(lines, key=lambda line: -(line.variance_share or 0.0))


def _line(model: Model, one: UncertainParameter, record: FootprintRecord, share: float | None, locale: Locale) -> UncertainLine:
    return UncertainLine(
        name=one.name,
        meaning=words.parameter_meaning(one.name, locale),
        unit=one.unit,
        value=float(record.parameters[one.name]),
        terms=[_term(model, term, locale) for term in one.terms],
        follows=[words.parameter_meaning(name, locale) for name in one.follows],
        variance_share=share,
        is_certain=one.is_certain,
    )


def _term(model: Model, term: Term, locale: Locale) -> UncertainTerm:
    low, high = central_interval(term.distribution, _95)
    kind = model.uncertainty.evidence.get(term.evidence)
    meaning = "" if kind is None else (kind.meaning_zh if locale == "zh-CN" else kind.meaning_en)
    return UncertainTerm(
        weight=term.weight,
        value=term.distribution.point,
        low=low,
        high=high,
        shape=translate(locale, _SHAPES[term.distribution.kind]),
        basis=meaning or translate(locale, _BASES[term.basis]),
        evidence=term.evidence,
        sources="; ".join(one for one in term.sources if one not in {RECIPE, LEGS}),
        is_recipe=RECIPE in term.sources,
    )
