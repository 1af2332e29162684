"""How far a value may be off when only its kind of evidence is known: pedigree scores and geometric standard deviations."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lca_models.errors import N_, UncertaintyError
from lca_models.inventory import CONFIDENCES, check_sources
from lca_models.tables import Row, read_table

INDICATORS: Final = ("reliability", "completeness", "temporal", "geographical", "technological")
DEFAULT_SCHEME: Final = "ecoinvent-3"
BASIC_VARIANCE: Final = 0.0006
"""Variance of the logarithm of energy, materials and CO2 even with the best scores (`evidence_uncertainty.csv`)."""

_PEDIGREE_COLUMNS: Final = ("scheme", "indicator", "score", "quantity", "value", "source", "confidence")
_EVIDENCE_COLUMNS: Final = (
    *("evidence", *INDICATORS, "basic_variance", "gsd", "source", "confidence", "meaning_en", "meaning_zh"),
)
_QUANTITIES: Final = ("variance", "factor_95", "gsd")
_SCORES: Final = ("1", "2", "3", "4", "5")
_CONFIDENCES: Final = (*CONFIDENCES, "secondary")

Pedigree = Mapping[tuple[str, str, int], float]
"""Variance of the natural logarithm by scheme, indicator and score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceKind:
    """What stands behind a value, and the spread that follows from it.

    Attributes
    ----------
    sigma
        Standard deviation of the natural logarithm.
    scores
        Pedigree scores in the order of `INDICATORS`; empty where the spread is stated as such.

    """

    key: str
    sigma: float
    scores: tuple[int, ...]
    sources: tuple[str, ...]
    confidence: str
    meaning_en: str
    meaning_zh: str

    @property
    def gsd(self) -> float:
        """Geometric standard deviation."""
        return math.exp(self.sigma)


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyTables:
    """Pedigree matrices and kinds of evidence of a model version."""

    pedigree: Pedigree
    evidence: Mapping[str, EvidenceKind]

    def kind(self, key: str) -> EvidenceKind:
        """Return a kind of evidence; an unknown one is an error that lists the known."""
        if key not in self.evidence:
            raise UncertaintyError(
                N_("There is no kind of evidence “%(value)s”. Use one of: %(known)s."), value=key, known=", ".join(self.evidence)
            )
        return self.evidence[key]


def read_uncertainty(tables: Mapping[str, bytes], *, sources: Iterable[str]) -> UncertaintyTables:
    """Read `pedigree.csv` and `evidence_uncertainty.csv`; a missing score, a wrong quantity or a doubtful cell is an error."""
    known = frozenset(sources)
    pedigree = _pedigree(tables["pedigree.csv"], known)
    rows = read_table(tables["evidence_uncertainty.csv"], file="evidence_uncertainty.csv", required=_EVIDENCE_COLUMNS, optional=())
    evidence: dict[str, EvidenceKind] = {}
    for row in rows:
        kind = _evidence(row, pedigree, known)
        if kind.key in evidence:
            raise row.error("evidence", N_("%(file)s, line %(line)s: the evidence “%(value)s” stands twice. Keep one row."))
        evidence[kind.key] = kind
    return UncertaintyTables(pedigree=pedigree, evidence=evidence)


def sigma_of_scores(
    pedigree: Pedigree, scores: Sequence[float], *, basic_variance: float = BASIC_VARIANCE, scheme: str = DEFAULT_SCHEME
) -> float:
    """Return the standard deviation of the logarithm: root of the basic variance plus the variances of the scores.

    Parameters
    ----------
    scores
        1 (best) to 5, in the order of `INDICATORS`.
    basic_variance
        Of the logarithm.
    scheme
        `ecoinvent-3` (variances), `ecoinvent-2` (95 % factors: variance (ln U / 2)^2) or `ciroth-2016` (GSD: (ln GSD)^2).

    """
    known = {one for one, _, _ in pedigree}
    if scheme not in known:
        raise UncertaintyError(
            N_("There is no pedigree scheme “%(value)s”. Use one of: %(known)s."), value=scheme, known=", ".join(sorted(known))
        )
    if len(scores) != len(INDICATORS) or any(score not in range(1, 6) for score in scores):
        raise UncertaintyError(
            N_("Pedigree scores are five whole numbers from 1 to 5 (%(indicators)s), not “%(value)s”."),
            indicators=", ".join(INDICATORS),
            value=",".join(f"{score:g}" for score in scores),
        )
    variances = [pedigree[scheme, indicator, int(score)] for indicator, score in zip(INDICATORS, scores, strict=True)]
    return math.sqrt(basic_variance + math.fsum(variances))


def _pedigree(content: bytes, sources: frozenset[str]) -> Pedigree:
    found: dict[tuple[str, str, int], float] = {}
    rows = read_table(content, file="pedigree.csv", required=_PEDIGREE_COLUMNS, optional=())
    for row in rows:
        check_sources(row, sources)
        row.choice("confidence", _CONFIDENCES)
        key = (row.text("scheme"), row.choice("indicator", INDICATORS), int(row.choice("score", _SCORES)))
        if key in found:
            raise row.error("score", N_("%(file)s, line %(line)s: this score stands twice. Keep one row."))
        found[key] = _variance(row)
    for scheme in sorted({one for one, _, _ in found}):
        missing = [f"{one} {score}" for one in INDICATORS for score in range(1, 6) if (scheme, one, score) not in found]
        if missing:
            raise UncertaintyError(
                N_("pedigree.csv: the scheme %(scheme)s has no row for %(missing)s. Add it."),
                scheme=scheme,
                missing=", ".join(missing),
            )
    return found


def _variance(row: Row) -> float:
    """Return the variance of the logarithm that a row states in the quantity of its source."""
    quantity, value = row.choice("quantity", _QUANTITIES), row.number("value")
    least = 0.0 if quantity == "variance" else 1.0
    if value < least:
        raise row.error(
            "value",
            N_("%(file)s, line %(line)s, column %(column)s: %(value)s is below %(least)s, which means no uncertainty. Correct it."),
            least=f"{least:g}",
        )
    if quantity == "variance":
        return value
    return (math.log(value) / (2.0 if quantity == "factor_95" else 1.0)) ** 2


def _evidence(row: Row, pedigree: Pedigree, sources: frozenset[str]) -> EvidenceKind:
    cells = [row.optional_text(one) for one in INDICATORS]
    gsd = row.optional_number("gsd")
    if (gsd is None) != all(cells):
        raise row.error(
            "gsd", N_("%(file)s, line %(line)s: give either five pedigree scores or a geometric standard deviation, and not both.")
        )
    scores = () if gsd is not None else tuple(int(row.choice(one, _SCORES)) for one in INDICATORS)
    if gsd is not None and gsd <= 1:
        raise row.error("gsd", N_("%(file)s, line %(line)s, column %(column)s: a GSD of %(value)s is not above 1. Correct it."))
    return EvidenceKind(
        key=row.text("evidence"),
        sigma=math.log(gsd) if gsd is not None else sigma_of_scores(pedigree, scores, basic_variance=row.number("basic_variance")),
        scores=scores,
        sources=check_sources(row, sources),
        confidence=row.choice("confidence", _CONFIDENCES),
        meaning_en=row.text("meaning_en"),
        meaning_zh=row.text("meaning_zh"),
    )
