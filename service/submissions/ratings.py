"""How good an answer is: its kind of evidence and five scores of the pedigree matrix, suggested first, then judged by the reviewer.

The scores are those of the ecoinvent pedigree matrix (Weidema et al. 2013, table 10.4): 1 is best, 5 is worst. They decide how wide
the value is drawn and how it counts in the data-quality ratings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.errors import N_, FieldError
from service.submissions.answers import Entry, Given
from service.submissions.models import AnswerReview, Evidence, EvidenceKind

INDICATORS: Final = ("reliability", "completeness", "temporal", "geographical", "technological")
BEST: Final = 1
WORST: Final = 5
LEAST_RELIABILITY: Final[Mapping[EvidenceKind, int]] = {
    EvidenceKind.METERED: 1,
    EvidenceKind.BILLED: 2,
    EvidenceKind.CALCULATED: 3,
    EvidenceKind.ESTIMATED: 4,
}
"""The best reliability that a kind of evidence can have: what nobody measured is no verified measurement."""
VERIFIABLE: Final = frozenset({EvidenceKind.METERED, EvidenceKind.BILLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A grade and five scores, 1 to 5; the answer is of the plant and the period itself unless somebody says otherwise."""

    grade: EvidenceKind
    reliability: int
    completeness: int = BEST
    temporal: int = BEST
    geographical: int = BEST
    technological: int = BEST

    @property
    def scores(self) -> tuple[int, ...]:
        """The scores in the order of `INDICATORS`."""
        return tuple(getattr(self, name) for name in INDICATORS)


def suggested(entry: Entry, *, overall: str, is_backed: bool) -> Rating:
    """Return what the supplier's words and files suggest.

    Parameters
    ----------
    overall
        What the supplier says of most of its figures; empty if it said nothing, which counts as an estimate.
    is_backed
        Whether a file that still holds backs the answer. A meter or bill that nobody can see is one score less reliable.

    """
    grade = entry.evidence_kind or (EvidenceKind(overall) if overall in set(EvidenceKind) else EvidenceKind.ESTIMATED)
    is_unseen = grade in VERIFIABLE and not is_backed
    return Rating(grade=grade, reliability=LEAST_RELIABILITY[grade] + is_unseen)


def suggestions(given: Mapping[str, Given], files: Sequence[Evidence], *, period_end: date) -> Mapping[str, Rating]:
    """Return the suggested rating of every number, by field."""
    overall = given["evidence_source"].entry.entered if "evidence_source" in given else ""
    valid = [one for one in files if one.valid_until is None or one.valid_until >= period_end]
    backs_all = any(not one.fields for one in valid)
    backed = {field for one in valid for field in one.fields}
    return {
        field: suggested(one.entry, overall=overall, is_backed=backs_all or field in backed)
        for field, one in given.items()
        if one.reading.value is not None
    }


def find_problem(rating: Rating) -> FieldError | None:
    """Return why a rating can't be: a score outside 1 to 5, or more reliable than its kind of evidence allows."""
    if any(score not in range(BEST, WORST + 1) for score in rating.scores):
        return FieldError(N_("Scores go from 1 (best) to 5 (worst)."))
    least = LEAST_RELIABILITY[rating.grade]
    if rating.reliability < least:
        return FieldError(N_("With this source the reliability is %(least)s at best; choose %(least)s or more."), least=least)
    return None


def rating_of(stored: AnswerReview) -> Rating:
    """Return a stored rating."""
    return Rating(grade=EvidenceKind(stored.grade), **{name: getattr(stored, name) for name in INDICATORS})


def least_of(scores: Iterable[Sequence[int]]) -> tuple[int, ...]:
    """Return the worst score of each indicator: a value made of several answers is as good as the weakest; none for none."""
    return tuple(max(column) for column in zip(*scores, strict=True))
