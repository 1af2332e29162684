"""Background work after corrective actions and appeals: the supplier is scored again, and the new score is linked."""

import uuid

from sqlmodel import Session

from service.clock import day_at
from service.green_score.benchmarks import SYSTEM
from service.green_score.models import Score
from service.green_score.operations import run_scores
from service.green_score.periods import Period
from service.jobs.work import Work
from service.procurement import appeals, corrective_actions
from service.procurement.models import Appeal, CorrectiveAction
from service.suppliers.models import Supplier


def rescore_after_action(work: Work) -> None:
    """Score a supplier again for the latest period, now that it has put something right."""
    with work.finishing() as session:
        action = session.get_one(CorrectiveAction, uuid.UUID(work.payload["action_id"]))
        if action.score_id is not None:
            corrective_actions.note_new_score(session, action, _score_again(session, action.score_id, work=work, period=None))


def rescore_after_appeal(work: Work) -> None:
    """Calculate the score again that a supplier rightly objected to, for the same period."""
    with work.finishing() as session:
        appeal = session.get_one(Appeal, uuid.UUID(work.payload["appeal_id"]))
        old = session.get_one(Score, appeal.score_id)
        period = (old.period_start, old.period_end)
        appeals.note_new_score(session, appeal, _score_again(session, old.id, work=work, period=period))


def _score_again(session: Session, score_id: uuid.UUID, *, work: Work, period: Period | None) -> Score:
    old = session.get_one(Score, score_id)
    supplier = session.get_one(Supplier, old.supplier_id)
    today = day_at(work.at, work.settings.timezone)
    (score,) = run_scores(session, [(supplier, old.flow)], period=period, by=SYSTEM, at=work.at, on=today)
    return score
