"""When a case is open, what may be asked about, and what a statement may say; nothing here looks anything up."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.verification.models import CaseStatus, Conclusion, VerificationCase, VerificationStatement

WHOLE_CASE: Final = "case"
LONGEST_DAYS: Final = 366
"""A look at everything behind a footprint is not left open for longer than a year; own choice."""


class Part(StrEnum):
    """A page of a footprint in the verifier's room, by the last part of its address."""

    RESULT = "result"
    EXPLAIN = "explain"
    UNCERTAINTY = "uncertainty"
    ELECTRICITY = "electricity"
    METHODS = "methods"
    INPUTS = "inputs"
    FACTORS = "factors"
    TRACE = "trace"
    MODEL = "model"
    LOG = "log"
    RECHECK = "recheck"


class CaseClosedError(ConflictError):
    """A verification is over; nothing is added to it."""

    code = "verification-closed"


class StatementStateError(ConflictError):
    """A statement was to be made twice, published without being positive, or withdrawn twice."""

    code = "statement-state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a comment is about; without a record, the whole case."""

    record_id: uuid.UUID | None
    part: Part | None

    @property
    def key(self) -> str:
        """As it is stored."""
        return WHOLE_CASE if self.record_id is None else f"{self.record_id}/{self.part or Part.RESULT}"


def subject_of(about: str) -> Subject | None:
    """Read what a comment is about; None if it is no page of the room."""
    if about in {"", WHOLE_CASE}:
        return Subject(record_id=None, part=None)
    record, _, part = about.partition("/")
    try:
        return Subject(record_id=uuid.UUID(record), part=Part(part))
    except ValueError:
        return None


def is_open(case: VerificationCase, *, today: date) -> bool:
    """Tell whether the verifier may look: between the days agreed, unless the case was closed before."""
    return case.status is not CaseStatus.CLOSED and case.opens_on <= today <= case.closes_on


def check_not_closed(case: VerificationCase) -> None:
    """Raise unless something may still be added to a case."""
    if case.status is CaseStatus.CLOSED:
        raise CaseClosedError(N_("The verification %(number)s is closed; open a new one."), number=case.number)


def check_days(opens_on: date, closes_on: date, *, today: date) -> None:
    """Raise `InvalidInputError` unless the days of a case make sense."""
    if closes_on < opens_on:
        message = N_("The last day %(closes_on)s lies before the first, %(opens_on)s; check both.")
        raise InvalidInputError({"closes_on": FieldError(message, closes_on=closes_on, opens_on=opens_on)})
    if closes_on < today:
        message = N_("The last day %(closes_on)s is past; choose a later one.")
        raise InvalidInputError({"closes_on": FieldError(message, closes_on=closes_on)})
    if (closes_on - opens_on).days > LONGEST_DAYS:
        message = N_("A verification is open for at most %(days)s days; choose an earlier last day.")
        raise InvalidInputError({"closes_on": FieldError(message, days=LONGEST_DAYS)})


def check_may_state(case: VerificationCase, present: VerificationStatement | None, *, open_comments: int) -> None:
    """Raise unless the verifier may make its statement now."""
    check_not_closed(case)
    if present is not None:
        raise StatementStateError(N_("This verification has its statement already; withdraw it first, or ask for a new case."))
    if open_comments:
        raise StatementStateError(
            N_("%(count)s questions of this verification are open; settle them before you make the statement."), count=open_comments
        )


def check_covered(chosen: Collection[uuid.UUID], of_case: Collection[uuid.UUID]) -> None:
    """Raise unless a statement covers at least one footprint, and none outside the case."""
    if not chosen:
        raise InvalidInputError({"record_ids": FieldError(N_("Choose at least one footprint that the statement covers."))})
    if set(chosen) - set(of_case):
        raise InvalidInputError({"record_ids": FieldError(N_("This footprint is not part of the verification."))})


def check_may_publish(statement: VerificationStatement) -> None:
    """Raise unless a statement may be carried into the footprints."""
    if statement.withdrawn_at is not None:
        raise StatementStateError(N_("The verifier has withdrawn this statement; it can't be published."))
    if statement.conclusion is Conclusion.ADVERSE:
        raise StatementStateError(N_("An adverse statement is not carried into footprints; close the verification without it."))
    if statement.published_at is not None:
        raise StatementStateError(N_("This statement is in the footprints already."))


def check_may_withdraw(statement: VerificationStatement) -> None:
    """Raise if a statement is withdrawn already."""
    if statement.withdrawn_at is not None:
        raise StatementStateError(N_("This statement is withdrawn already."))
