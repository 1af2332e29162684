"""Every write of corrective actions: opened, done, closed by another person; closing has the supplier scored again."""

import uuid
from datetime import date, datetime
from typing import Any, Final, Protocol

from sqlalchemy import update
from sqlmodel import Session, col

from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, StaleVersionError
from service.green_score.models import Score
from service.jobs.operations import enqueue
from service.procurement import corrective_action_queries as queries
from service.procurement.corrective_action_rules import check_closer, check_due, check_step
from service.procurement.corrective_action_schemas import ActionInput
from service.procurement.models import ActionStatus, CorrectiveAction
from service.suppliers.queries import find_owners, get_active_supplier

RESCORE_TASK: Final = "rescore_after_action"


class Decision(Protocol):
    """What another person decides of an action, with a note."""

    def __call__(self, session: Session, action: CorrectiveAction, *, note: str, version: int, by: str, at: datetime) -> None:
        """Decide."""


def open_action(session: Session, fields: ActionInput, *, today: date, by: str, at: datetime) -> CorrectiveAction:
    """Ask a supplier to put something right.

    Raises
    ------
    InvalidInputError
        The supplier, its score, the owner or the day can't be right.

    """
    supplier = get_active_supplier(session, fields.supplier_id)
    check_due(fields.due, today=today)
    _check_owner(session, fields.owner_id)
    _check_score(session, fields)
    row = CorrectiveAction(
        number=_next_number(session, at),
        organisation_id=supplier.organisation_id,
        **fields.model_dump(),
        opened_by=by,
        opened_at=at,
        is_sample=supplier.is_sample,
    )
    session.add(row)
    session.flush()  # two who open at once must not get the same number
    _tell(session, row, "opened", by=by, at=at, due=row.due)
    return row


def say_done(session: Session, action: CorrectiveAction, *, evidence: str, version: int, by: str, at: datetime) -> None:
    """Say that it is done, with what shows it; whoever looks after it may, and the supplier itself.

    Raises
    ------
    InvalidTransitionError
        It does not wait to be done.

    """
    _move(session, action, ActionStatus.DONE, version=version, by=by, at=at, evidence=evidence, done_by=by, done_at=at)


def close(session: Session, action: CorrectiveAction, *, note: str, version: int, by: str, at: datetime) -> None:
    """Confirm that it is done, and have the supplier scored again.

    Raises
    ------
    InvalidTransitionError
        It is not done yet.
    SamePersonError
        Whoever looks after it or said that it is done closes it.

    """
    check_step(action.status, ActionStatus.CLOSED)
    check_closer(action, by)
    _move(session, action, ActionStatus.CLOSED, version=version, by=by, at=at, closing_note=note, closed_by=by, closed_at=at)
    if action.score_id is not None:
        enqueue(session, RESCORE_TASK, {"action_id": str(action.id)}, key=f"{RESCORE_TASK}:{action.id}", run_at=at)


def open_again(session: Session, action: CorrectiveAction, *, note: str, version: int, by: str, at: datetime) -> None:
    """Ask for more, because what was shown does not suffice."""
    nobody: dict[str, Any] = {"done_by": None, "done_at": None}
    _move(session, action, ActionStatus.OPEN, version=version, by=by, at=at, closing_note=note, **nobody)


def call_off(session: Session, action: CorrectiveAction, *, note: str, version: int, by: str, at: datetime) -> None:
    """Let it go, with a reason; another person than its owner.

    Raises
    ------
    SamePersonError
        Whoever looks after it calls it off.

    """
    check_step(action.status, ActionStatus.CANCELLED)
    check_closer(action, by)
    _move(session, action, ActionStatus.CANCELLED, version=version, by=by, at=at, closing_note=note, closed_by=by, closed_at=at)


def note_new_score(session: Session, action: CorrectiveAction, score: Score) -> None:
    """Keep the score that a supplier got after an action."""
    action.rescored_id = score.id
    session.add(action)


def _check_owner(session: Session, owner_id: uuid.UUID) -> None:
    if owner_id not in dict(find_owners(session)):
        raise InvalidInputError({"owner_id": FieldError(N_("This person does not exist or is disabled; pick one from the list."))})


def _check_score(session: Session, fields: ActionInput) -> None:
    if fields.score_id is None:
        return
    score = session.get(Score, fields.score_id)
    if score is None or score.supplier_id != fields.supplier_id:
        raise InvalidInputError({"score_id": FieldError(N_("This score is not one of the supplier's; open it from its page."))})


def _next_number(session: Session, at: datetime) -> str:
    prefix = f"K-{at.year}-"
    last = queries.last_number(session, prefix)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04}"


def _move(
    session: Session,
    action: CorrectiveAction,
    wanted: ActionStatus,
    *,
    version: int,
    by: str,
    at: datetime,
    **changes: Any,  # noqa: ANN401 - column values
) -> None:
    """Change the status once: of two who saw the same version only the first gets through."""
    check_step(action.status, wanted)
    unchanged = (col(CorrectiveAction.id) == action.id, col(CorrectiveAction.version) == version)
    statement = update(CorrectiveAction).where(*unchanged).values(status=wanted, version=version + 1, **changes)
    session.flush()
    if session.connection().execute(statement).rowcount != 1:
        raise StaleVersionError
    session.refresh(action)
    _tell(session, action, str(wanted), by=by, at=at, version=action.version)


def _tell(session: Session, action: CorrectiveAction, what: str, *, by: str, at: datetime, **details: object) -> None:
    organisation_id: uuid.UUID = action.organisation_id
    name = f"corrective_action_{what}"
    record(session, name, of=action, by=by, at=at, organisation_id=organisation_id, number=action.number, **details)
