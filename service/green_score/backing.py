"""What stands behind a supplier's answers: the kind of evidence it names, and whether a file shows it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from service.compliance.models import Proof
from service.submissions.models import EvidenceKind
from service.submissions.queries import AcceptedAnswers, evidence_of

_ORDER: Final = (Proof.CLAIM, Proof.DOCUMENT, Proof.METERED, Proof.VERIFIED)
_OF_KIND: Final = {
    EvidenceKind.METERED: Proof.METERED,
    EvidenceKind.BILLED: Proof.METERED,
    EvidenceKind.CALCULATED: Proof.DOCUMENT,
    EvidenceKind.ESTIMATED: Proof.CLAIM,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """Files that back accepted answers and hold for their period.

    Attributes
    ----------
    fields
        Questions that a file is attached to.
    backs_all
        A file belongs to the whole questionnaire.
    file_ids
        Ids of those files, in order.

    """

    answers: AcceptedAnswers
    fields: frozenset[str]
    backs_all: bool
    file_ids: tuple[str, ...]

    def shows(self, field: str) -> bool:
        """Whether a file shows the answer to a question."""
        return self.backs_all or field in self.fields

    def proof(self, fields: Collection[str]) -> Proof:
        """Return the least proof that any of the answers has: a bill or a meter that nobody can see is a claim."""
        return min((self._proof_of(field) for field in fields), key=_ORDER.index, default=Proof.CLAIM)

    def sources(self) -> tuple[str, ...]:
        """Return where the answers and what backs them are found."""
        return (f"submission:{self.answers.submission_id}", *(f"evidence:{one}" for one in self.file_ids))

    def _proof_of(self, field: str) -> Proof:
        kind = self.answers.evidence_kinds.get(field) or str(self.answers.values.get("evidence_source", ""))
        if kind not in set(EvidenceKind) or not self.shows(field):
            return Proof.CLAIM
        return _OF_KIND[EvidenceKind(kind)]


def backing_of(session: Session, answers: AcceptedAnswers) -> Backing:
    """Return what backs accepted answers; a file whose validity ended before their period did backs nothing."""
    files = [
        one
        for one in evidence_of(session, answers.submission_id)
        if one.valid_until is None or one.valid_until >= answers.period_end
    ]
    return Backing(
        answers=answers,
        fields=frozenset(field for one in files for field in one.fields),
        backs_all=any(not one.fields for one in files),
        file_ids=tuple(str(one.id) for one in files),
    )
