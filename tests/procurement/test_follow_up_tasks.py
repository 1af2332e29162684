"""After an action is closed or an objection upheld, the supplier is scored again and the new score is linked."""

from datetime import timedelta

from service.database import Database
from service.green_score.models import Score
from service.jobs.embedded import run_all_due
from service.jobs.performing import Bench
from service.procurement import appeals, corrective_actions
from service.procurement.appeal_schemas import DecisionInput
from service.procurement.models import Appeal, CorrectiveAction
from service.settings import Settings
from service.tasks import TASKS
from tests.builders import NOW
from tests.conftest import MovableClock
from tests.footprints.builders import a_toll_supplier
from tests.green_score.builders import a_score
from tests.procurement.follow_up_builders import SUPPLIERS_PERSON, an_action, an_appeal

OTHER = "user:01999999-0000-7000-8000-0000000000bb"


def test_the_score_after_it_is_kept_with_the_action_and_with_the_objection(
    database: Database, settings: Settings, clock: MovableClock
) -> None:
    with database.writing() as session:
        score = a_score(session, supplier=a_toll_supplier(session))
        action, appeal = an_action(session, score), an_appeal(session, score)
        corrective_actions.say_done(session, action, evidence="photo", version=1, by=SUPPLIERS_PERSON, at=NOW)
        corrective_actions.close(session, action, note="seen", version=2, by=OTHER, at=NOW)
        upheld = DecisionInput(version=1, verdict="upheld", decision="The bills show monthly readings.")
        appeals.decide(session, appeal, upheld, by=OTHER, at=NOW)
        ids = score.id, action.id, appeal.id
    clock.move(timedelta(minutes=2))

    run_all_due(Bench(database=database, settings=settings, clock=clock, tasks=TASKS))

    with database.reading() as session:
        old = session.get_one(Score, ids[0])
        linked = {session.get_one(CorrectiveAction, ids[1]).rescored_id, session.get_one(Appeal, ids[2]).rescored_id}
        (new,) = (session.get_one(Score, one) for one in linked if one is not None)
        assert new.id != old.id
        assert (new.supplier_id, new.flow, new.period_end) == (old.supplier_id, old.flow, old.period_end)
        assert new.calculated_at > old.calculated_at
