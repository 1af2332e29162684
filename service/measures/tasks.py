"""Background work of measures: the plan of least cost."""

import uuid
from typing import Any

from sqlmodel import Session

from service.errors import N_, ConflictError, ServiceError
from service.jobs.work import Work
from service.measures import operations
from service.measures.planning import as_answer, find_plan
from service.measures.queries import get_measures, get_run
from service.measures.schemas import PlanQuestion


class MeasuresChangedError(ConflictError):
    """A measure was changed between the question and the work."""

    code = "measures-changed"


class PlanBrokenOffError(ConflictError):
    """A run broke off for a reason of ours."""

    code = "plan-broken-off"


def choose_measures(work: Work) -> None:
    """Answer a run of the choose-and-time plan; a run ends even if the last try fails."""
    plan_run_id = uuid.UUID(work.payload["plan_run_id"])

    def break_off(session: Session) -> None:
        broken = PlanBrokenOffError(N_("The search broke off because of an unexpected error on our side."))
        operations.end_run(session, plan_run_id, broken, at=work.clock())

    with work.noting_last_failure(break_off):
        try:
            with work.database.reading() as session:
                answer = _answer(session, plan_run_id)
            with work.finishing() as session:
                if answer is not None:
                    operations.finish_run(session, plan_run_id, answer, at=work.clock())
        except ServiceError as error:
            with work.finishing() as session:
                operations.end_run(session, plan_run_id, error, at=work.clock())


def _answer(session: Session, plan_run_id: uuid.UUID) -> dict[str, Any] | None:
    """Return the answer; None where there is one already: the sample's, or of a try whose holder was taken for dead."""
    run = get_run(session, plan_run_id)
    if run.finished_at is not None:
        return None
    asked = run.question
    measures = get_measures(session, [uuid.UUID(one) for one in asked["measures"]])
    if any(one.version != asked["measures"][str(one.id)] for one in measures):
        raise MeasuresChangedError(N_("A measure was changed after this was asked; ask again."))
    question = PlanQuestion.model_validate({name: asked[name] for name in PlanQuestion.model_fields})
    return as_answer(find_plan(session, measures, question))
