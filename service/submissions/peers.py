"""Other suppliers' figures as a band that tells nobody's own: the median and the quartiles, or nothing.

Staff see raw answers anyway; the rule protects what leaves that circle. It is one rule for the reviewer, the checks and the card
that a supplier gets back.
"""

import math
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from service.submissions.models import Answer, Submission
from service.submissions.questionnaire import Question
from service.submissions.rules import USABLE

PEERS_MIN: Final = 5
"""With fewer other suppliers than these a quartile is one of them by name (k of the platform's promise to suppliers)."""
SHARE_MAX: Final = 0.5
"""One that makes more than half of what all peers together make dominates: the band would be its own figure."""
DIGITS: Final = 2
"""Quartiles are rounded to this many significant digits, because with few peers they lie on single peers' figures."""
ALIKE: Final = (
    "furnace_type",
    "coke_type",
    "kiln_type",
    "transport_mode",
    "vehicle_energy",
    "nitrogen_route",
    "packaging_material",
    "equipment_kind",
)
"""Choices that must be the same for figures to be compared: a box furnace says nothing about an Acheson furnace."""
_OUTPUTS: Final = ("product_out", "product_output")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerValue:
    """One supplier's figure.

    Attributes
    ----------
    value
        Per unit of output, or a share: what can be compared between plants of any size.
    weight
        Tonnes of output behind it. Who did not say its output is no peer, because it might be the largest.

    """

    supplier_id: uuid.UUID
    value: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerBand:
    """Half of the peers lie between the quartiles; in the unit of the question's comparison, rounded."""

    count: int
    lower_quartile: float
    median: float
    upper_quartile: float


def peer_band(values: Sequence[PeerValue]) -> PeerBand | None:
    """Return the band of peers; None where it would tell somebody's own figure.

    Parameters
    ----------
    values
        One per supplier; that of the supplier who is compared is not among them.

    """
    if not may_be_shown(values):
        return None
    found = [rounded(one) for one in quantiles([one.value for one in values], n=4, method="inclusive")]
    return PeerBand(count=len(values), lower_quartile=found[0], median=found[1], upper_quartile=found[2])


def may_be_shown(values: Sequence[PeerValue]) -> bool:
    """Whether there are enough peers, none of whom makes more than half of the output of all."""
    if len({one.supplier_id for one in values}) < PEERS_MIN:
        return False
    weights = [one.weight for one in values]
    return max(weights) <= SHARE_MAX * math.fsum(weights)


def rounded(value: float) -> float:
    """Round to two significant digits: 13,160 becomes 13,000."""
    return float(f"{value:.{DIGITS}g}")


def comparable(question: Question, values: Mapping[str, float | str]) -> float | None:
    """Return the answer as plants of any size can compare it, in the unit of the question's limits; None if it can't be.

    A total counts per unit of the answer that its limits refer to; a share, yield or consumption per tonne as it is.
    """
    value = values.get(question.key)
    if not isinstance(value, float | int):
        return None
    if question.per is not None:
        base = values.get(question.per)
        return value / base if isinstance(base, float | int) and base > 0 else None
    return float(value) if question.unit is not None and is_ratio(question.unit) else None


def is_ratio(unit: str) -> bool:
    """Whether a unit says by itself what it is per, such as %, kWh/t and kgCO2e/t."""
    return unit == "%" or "/" in unit


def peers_of(
    session: Session, submission: Submission, questions: Sequence[Question], own: Mapping[str, float | str]
) -> Mapping[str, Sequence[PeerValue]]:
    """Return by field the figures of other suppliers of the same type and technology, each with its latest usable answers.

    Parameters
    ----------
    own
        The submission's answers by field: numbers in canonical units, keys of choices.

    """
    others = _latest_answers(session, submission, {*(one.key for one in questions), *_OUTPUTS, *ALIKE})
    alike = {supplier_id: values for supplier_id, values in others.items() if _is_alike(own, values)}
    return {question.key: _values_of(question, alike) for question in questions if question.kind == "number"}


def _values_of(question: Question, others: Mapping[uuid.UUID, Mapping[str, float | str]]) -> Sequence[PeerValue]:
    found = ((supplier_id, comparable(question, values), _output(values)) for supplier_id, values in others.items())
    return [
        PeerValue(supplier_id=supplier_id, value=value, weight=weight)
        for supplier_id, value, weight in found
        if value is not None and weight is not None
    ]


def _is_alike(own: Mapping[str, float | str], other: Mapping[str, float | str]) -> bool:
    return all(own.get(key) == other.get(key) for key in ALIKE)


def _output(values: Mapping[str, float | str]) -> float | None:
    found = next((values[key] for key in _OUTPUTS if key in values), None)
    return found if isinstance(found, float) else None


def _latest_answers(
    session: Session, submission: Submission, fields: Collection[str]
) -> Mapping[uuid.UUID, Mapping[str, float | str]]:
    """Return other suppliers' usable answers by supplier and field; of several questionnaires the one whose period ends last."""
    statement = (
        select(Submission.supplier_id, Submission.id, Answer.field, Answer.value, Answer.entered)  # type: ignore[call-overload] # columns
        .join(Answer, col(Answer.submission_id) == col(Submission.id))
        .where(
            Submission.supplier_type == submission.supplier_type,
            col(Submission.supplier_id) != submission.supplier_id,
            col(Submission.status).in_(USABLE),
            col(Answer.field).in_(fields),
            col(Answer.absent).is_(None),
        )
        .order_by(col(Submission.period_end), col(Submission.decided_at), col(Submission.id))
    )
    latest: dict[uuid.UUID, tuple[uuid.UUID, dict[str, float | str]]] = {}
    for supplier_id, submission_id, field, value, entered in session.execute(statement):
        if supplier_id not in latest or latest[supplier_id][0] != submission_id:
            latest[supplier_id] = (submission_id, {})
        latest[supplier_id][1][field] = entered if value is None else value
    return {supplier_id: values for supplier_id, (_, values) in latest.items()}
