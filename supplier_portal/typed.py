"""The way back from a form: what somebody typed, chose, said and had seen."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from service.submissions.answers import Entry
from service.submissions.models import Absence, EvidenceKind
from service.submissions.questionnaire import Question

KEEP_PRESENT = "present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which of two answers to a question shall stand.

    Attributes
    ----------
    earlier_id
        The answer that was typed over; None where the present one stands.

    """

    field: str
    earlier_id: uuid.UUID | None


def entries_from(form: FormData, questions: Iterable[Question]) -> Mapping[str, Entry]:
    """Read the answers of a form; choices outside the lists count as not given, everything else stays as typed."""
    return {question.key: _entry(form, question) for question in questions if question.key in form}


def stamps_from(form: FormData, questions: Iterable[Question]) -> Mapping[str, str]:
    """Read which state of each answer the form had shown."""
    return {question.key: text_of(form, f"{question.key}_stamp") for question in questions}


def comments_from(form: FormData, questions: Iterable[Question]) -> Mapping[str, str]:
    """Read what somebody says about questions, by field."""
    said = {question.key: text_of(form, f"{question.key}_comment") for question in questions}
    return {field: text for field, text in said.items() if text}


def choice_from(form: FormData, questions: Iterable[Question]) -> Choice | None:
    """Read which of two answers somebody has chosen; None where the form says nothing that makes sense."""
    field, _, wanted = text_of(form, "choose").partition(":")
    if field not in {question.key for question in questions}:
        return None
    if wanted == KEEP_PRESENT:
        return Choice(field=field, earlier_id=None)
    try:
        return Choice(field=field, earlier_id=uuid.UUID(wanted))
    except ValueError:
        return None


def text_of(form: FormData, name: str) -> str:
    """Return a text without the blanks around it; empty where none was sent."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _entry(form: FormData, question: Question) -> Entry:
    kinds, absences = set(EvidenceKind), set() if question.essential else set(Absence)
    absent = text_of(form, f"{question.key}_absent")
    # "It is an estimate" stands among the reasons for having no figure, because people look for it there.
    kind = absent if absent == EvidenceKind.ESTIMATED else text_of(form, f"{question.key}_evidence")
    return Entry(
        entered=text_of(form, question.key),
        unit=text_of(form, f"{question.key}_unit") or None,
        evidence_kind=EvidenceKind(kind) if kind in kinds else None,
        note=text_of(form, f"{question.key}_note") or None,
        absent=Absence(absent) if absent in absences else None,
    )
