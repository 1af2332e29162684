"""Turning chosen questions into requests to suppliers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.i18n import LOCALES, Locale, translate
from service.submissions import operations as submissions
from service.submissions.models import Depth, Submission
from service.submissions.questionnaire import find_question
from service.suppliers.models import Supplier
from service.suppliers.queries import get_active_supplier

MATTERS = N_("This time these figures matter most: %(fields)s. Please take them from meters or bills.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """What became of the chosen questions.

    Attributes
    ----------
    planned
        Requests made, not sent yet.
    refused
        By supplier: why there is none.

    """

    planned: Sequence[Submission]
    refused: Mapping[uuid.UUID, ServiceError]


def request_answers(
    session: Session,
    fields_by_supplier: Mapping[uuid.UUID, Sequence[str]],
    *,
    period_start: date,
    period_end: date,
    deadline: date,
    by: str,
    at: datetime,
) -> Requested:
    """Plan one request for each supplier, with a note on the fields that matter; nobody is invited yet.

    The short questionnaire is taken if it asks all of them. What stands in the way of one supplier stops no other.

    Raises
    ------
    InvalidInputError
        If no question was chosen.

    """
    if not fields_by_supplier:
        raise InvalidInputError({"": FieldError(N_("Choose at least one question."))})
    planned, refused = [], {}
    for supplier_id, fields in fields_by_supplier.items():
        try:
            with session.begin_nested():
                supplier = get_active_supplier(session, supplier_id)
                submission = submissions.plan(
                    session,
                    supplier,
                    period_start=period_start,
                    period_end=period_end,
                    deadline=deadline,
                    message=note_on(supplier, fields),
                    depth=depth_for(supplier, fields),
                    by=by,
                    at=at,
                )
        except ServiceError as error:
            refused[supplier_id] = error
        else:
            planned.append(submission)
    return Requested(planned=planned, refused=refused)


def note_on(supplier: Supplier, fields: Sequence[str]) -> str:
    """Return the words to the supplier, in both languages."""
    return "\n".join(translate(locale, MATTERS, fields=_labels(supplier, fields, locale)) for locale in LOCALES)


def depth_for(supplier: Supplier, fields: Sequence[str]) -> Depth:
    """Return the depth that asks all fields: the short one if that will do."""
    questions = (find_question(supplier.supplier_type, field) for field in fields)
    return Depth.FIRST if all(question is not None and question.is_first for question in questions) else Depth.FULL


def _labels(supplier: Supplier, fields: Sequence[str], locale: Locale) -> str:
    questions = (find_question(supplier.supplier_type, field) for field in fields)
    separator = "、" if locale == "zh-CN" else ", "
    return separator.join(translate(locale, question.label) for question in questions if question)
