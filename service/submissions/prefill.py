"""The yearly request: what is technical comes from the last accepted answers to be confirmed, totals of the period are asked anew.

A total is what a meter, a bill or a scale counted over the period. An answer that is carried over names the submission it comes
from until somebody types it again; handing in confirms it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from service.submissions import queries
from service.submissions.models import Absence, Answer, Submission
from service.submissions.questionnaire import Question, questions_for

TOTAL_UNITS: Final = frozenset({"kWh", "t", "Nm3", "GJ", "tce", "只"})
"""Canonical units of amounts that add up over a period."""
_PER_PIECE: Final = frozenset({"charge_per_heat", "equipment_mass"})
"""Amounts in such units that belong to one heat or one machine."""
_OF_THE_PERIOD: Final = frozenset({"own_pcf", "own_pcf_verifier", "green_certificate_numbers"})
"""Answers that belong to one period though they are no total."""
_PRICE: Final = "元/t"


def carry_over(session: Session, submission: Submission, *, at: datetime) -> Sequence[str]:
    """Answer a new submission with what the supplier's last accepted one says of its technology, and return the fields."""
    last = queries.find_previous_submission(session, submission)
    if last is None:
        return ()
    present = queries.answers_of(session, last.id)
    carried = [
        question.key
        for question in questions_for(submission.supplier_type, submission.depth)
        if question.key in present and _lasts(question, present[question.key])
    ]
    session.add_all(_carried(present[field], submission, at=at) for field in carried)
    session.flush()
    return carried


def is_total(question: Question) -> bool:
    """Tell whether an answer is a total of the reporting period."""
    return question.kind == "number" and question.unit in TOTAL_UNITS and question.key not in _PER_PIECE


def still_to_answer(questions: Sequence[Question], answers: Mapping[str, Answer]) -> Sequence[Question]:
    """Return the required questions that a clerk has yet to touch before handing in."""
    return [question for question in questions if question.required and question.key not in answers]


def _lasts(question: Question, answer: Answer) -> bool:
    """Tell whether an answer of last period holds for the next one until somebody says otherwise.

    What does not apply to a plant, such as gas where there is none, still does not apply; what nobody knew may be known by now.
    """
    if answer.absent is not None:
        return answer.absent is Absence.NOT_APPLICABLE
    belongs_to_period = question.kind == "date" or question.unit == _PRICE or question.key in _OF_THE_PERIOD
    return not is_total(question) and not belongs_to_period


def _carried(answer: Answer, submission: Submission, *, at: datetime) -> Answer:
    return Answer(
        submission_id=submission.id,
        field=answer.field,
        entered=answer.entered,
        entered_unit=answer.entered_unit,
        value=answer.value,
        absent=answer.absent,
        evidence_kind=answer.evidence_kind,
        note=answer.note,
        door=answer.door,
        typed_by=answer.typed_by,
        typed_at=at,
        carried_from_id=answer.submission_id,
    )
