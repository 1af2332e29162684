"""Every write of appeals: filed by the supplier within seven days, decided with words by somebody who had no hand in the score."""

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col

from service.audit.operations import record
from service.clock import day_at
from service.errors import N_, FieldError, InvalidInputError, StaleVersionError
from service.green_score.models import Score
from service.jobs.operations import enqueue
from service.procurement import appeal_queries as queries
from service.procurement.appeal_rules import check_decider, check_waiting, check_window
from service.procurement.appeal_schemas import AppealInput, DecisionInput
from service.procurement.models import Appeal, AppealStatus
from service.suppliers.models import Supplier

RESCORE_TASK: Final = "rescore_after_appeal"


def file_appeal(session: Session, score: Score, fields: AppealInput, *, timezone: str, by: str, at: datetime) -> Appeal:
    """Object to a score, or to one indicator of it.

    Parameters
    ----------
    timezone
        Where the deployment is: its calendar days count.

    Raises
    ------
    AppealTooLateError
        More than seven days have passed since the supplier could see the score.
    InvalidInputError
        The score has no such indicator, or the supplier objected to it before.

    """
    visible_on = day_at(queries.visible_since(session, score), timezone)
    check_window(visible_on, today=day_at(at, timezone))
    if fields.indicator is not None and fields.indicator not in score.indicators:
        raise InvalidInputError({"indicator": FieldError(N_("The score has no such indicator; pick one from the list."))})
    if queries.find_appeal(session, score.id, fields.indicator) is not None:
        raise InvalidInputError({"indicator": FieldError(N_("You have objected to this already; see the answer below."))})
    supplier = session.get_one(Supplier, score.supplier_id)
    row = Appeal(
        score_id=score.id,
        supplier_id=supplier.id,
        organisation_id=supplier.organisation_id,
        indicator=fields.indicator,
        words=fields.words,
        filed_by=by,
        filed_at=at,
        is_sample=supplier.is_sample,
    )
    session.add(row)
    _tell(session, row, "appeal_filed", by=by, at=at, indicator=row.indicator)
    return row


def decide(session: Session, appeal: Appeal, fields: DecisionInput, *, by: str, at: datetime) -> None:
    """Uphold or reject an objection, with words that the supplier reads; what is upheld has the score calculated again.

    Raises
    ------
    ConflictError
        It is decided already.
    SamePersonError
        The score rests on the work of whoever decides.
    StaleVersionError
        Somebody else was first.

    """
    check_waiting(appeal)
    score = session.get_one(Score, appeal.score_id)
    check_decider(by, queries.people_behind(session, score, appeal.indicator))
    unchanged = (col(Appeal.id) == appeal.id, col(Appeal.version) == fields.version)
    changes = {"status": AppealStatus(fields.verdict), "decision": fields.decision, "decided_by": by, "decided_at": at}
    statement = update(Appeal).where(*unchanged).values(version=fields.version + 1, **changes)
    session.flush()
    if session.connection().execute(statement).rowcount != 1:
        raise StaleVersionError
    session.refresh(appeal)
    _tell(session, appeal, f"appeal_{fields.verdict}", by=by, at=at, indicator=appeal.indicator)
    if appeal.status is AppealStatus.UPHELD:
        enqueue(session, RESCORE_TASK, {"appeal_id": str(appeal.id)}, key=f"{RESCORE_TASK}:{appeal.id}", run_at=at)


def note_new_score(session: Session, appeal: Appeal, score: Score) -> None:
    """Keep the score that a supplier got after its objection was upheld."""
    appeal.rescored_id = score.id
    session.add(appeal)


def _tell(session: Session, appeal: Appeal, action: str, *, by: str, at: datetime, **details: object) -> None:
    organisation_id = appeal.organisation_id
    record(session, action, of=appeal, by=by, at=at, organisation_id=organisation_id, score_id=appeal.score_id, **details)
