"""What is kept of a measure, who may approve it, and what a plan of least cost answers."""

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEvent
from service.database import Database
from service.errors import InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.jobs.models import Job, JobState
from service.measures.costs import capex_by_age, money_of
from service.measures.curves import cost_curve
from service.measures.effects import joint_effect
from service.measures.models import CarbonPriceLadder, KeptRowError, MeasureStatus
from service.measures.operations import PLAN_TASK, change_measure, finish_run, move_measure, set_price_ladder, start_run
from service.measures.planning import candidates, find_plan
from service.measures.queries import PlannedMeasure, current_ladder, get_measure, get_run, measures_of, versions_of
from service.measures.schemas import PlanQuestion, PriceLadderInput
from service.strategy.choosing import Ending
from tests.builders import NOW
from tests.conftest import RunJobs
from tests.measures.builders import COMMITTEE, ENGINEER, YEAR, a_made_product, a_measure, a_measure_input


def assessed(session: Session, measure: PlannedMeasure) -> PlannedMeasure:
    move_measure(session, measure.id, MeasureStatus.ASSESSED, version=measure.version, by=ENGINEER, at=NOW)
    return get_measure(session, measure.id)


def a_question(**fields: object) -> PlanQuestion:
    given = {"first_year": YEAR, "last_year": YEAR, "required_t": {YEAR: 100.0}, "rate": 0.08}
    return PlanQuestion.model_validate(given | fields)


def test_what_a_measure_said_before_is_kept(session: Session) -> None:
    product = a_made_product(session)
    measure = a_measure(session, product)

    change_measure(
        session,
        measure.id,
        a_measure_input(product_ids=[product.id], parameters={"furnace": "continuous"}),
        version=1,
        by=ENGINEER,
        at=NOW,
    )

    assert get_measure(session, measure.id).content.parameters == {"furnace": "continuous"}
    assert [one.version for one in versions_of(session, measure.id)] == [2, 1]
    versions_of(session, measure.id)[1].name_en = "Another name"
    with pytest.raises(KeptRowError):
        session.flush()
    session.rollback()


def test_two_people_do_not_overwrite_each_other(session: Session) -> None:
    product = a_made_product(session)
    measure = a_measure(session, product)

    with pytest.raises(StaleVersionError):
        change_measure(session, measure.id, a_measure_input(), version=7, by=ENGINEER, at=NOW)


def test_who_wrote_a_measure_does_not_approve_it(session: Session) -> None:
    measure = assessed(session, a_measure(session, a_made_product(session)))

    with pytest.raises(SamePersonError, match="another person"):
        move_measure(session, measure.id, MeasureStatus.APPROVED, version=1, by=ENGINEER, at=NOW)
    move_measure(session, measure.id, MeasureStatus.APPROVED, version=1, by=COMMITTEE, at=NOW)

    assert get_measure(session, measure.id).approved_by == COMMITTEE


def test_an_approved_measure_that_changes_must_be_approved_again(session: Session) -> None:
    product = a_made_product(session)
    measure = assessed(session, a_measure(session, product))
    move_measure(session, measure.id, MeasureStatus.APPROVED, version=1, by=COMMITTEE, at=NOW)

    changed = a_measure_input(product_ids=[product.id], parameters={"furnace": "continuous"})
    change_measure(session, measure.id, changed, version=1, by=ENGINEER, at=NOW)

    assert get_measure(session, measure.id).status is MeasureStatus.ASSESSED
    assert get_measure(session, measure.id).approved_by is None


def test_an_idea_is_not_approved_before_it_is_assessed(session: Session) -> None:
    measure = a_measure(session, a_made_product(session))

    with pytest.raises(InvalidTransitionError):
        move_measure(session, measure.id, MeasureStatus.APPROVED, version=1, by=COMMITTEE, at=NOW)


def test_measures_are_found_by_the_line_of_the_plan_that_they_serve(session: Session) -> None:
    product = a_made_product(session)
    measure = a_measure(session, product, plan_items=["task_02", "target_2030"])
    a_measure(session, product, plan_items=["task_12"])

    assert [one.id for one in measures_of(session, "task_02")] == [measure.id]
    assert len(measures_of(session)) == 2


def test_the_money_of_a_measure_is_that_of_the_worked_example() -> None:
    content = a_measure_input(capex_cny={YEAR: 12e6}, savings_cny=1.5e6)

    money = money_of(content, rate=0.08)

    assert money.yearly_cny == pytest.approx(288_354, abs=1)
    assert money.payback_years == pytest.approx(8.0)
    assert money.npv_cny == pytest.approx(-12e6 + 1.5e6 / 0.14902949, rel=1e-6)


def test_what_is_spent_before_the_begin_falls_into_it_for_the_budget() -> None:
    content = a_measure_input(begins=2028, capex_cny={2027: 1.0, 2028: 2.0, 2030: 4.0})

    assert list(capex_by_age(content)) == [3.0, 0.0, 4.0]


def test_the_newest_price_ladder_holds_and_the_ones_before_are_kept(session: Session) -> None:
    fields = PriceLadderInput(steps={2026: 100.0, 2030: 200.0}, discount_rate=0.08, source="Decision of the committee")
    set_price_ladder(session, fields, by=COMMITTEE, at=NOW)
    set_price_ladder(session, fields.model_copy(update={"steps": {2026: 150.0}}), by=COMMITTEE, at=NOW.replace(hour=9))

    found = current_ladder(session)

    assert found is not None
    assert found.steps == {"2026": 150.0}
    assert len(session.exec(select(CarbonPriceLadder)).all()) == 2


def test_of_measures_that_exclude_each_other_the_further_one_stands_in_the_curve(session: Session) -> None:
    product = a_made_product(session)
    idea = a_measure(session, product, exclusive_group="furnace", savings_cny=9e9)
    further = assessed(session, a_measure(session, product, exclusive_group="furnace"))

    found = cost_curve(session, [idea, further], year=YEAR, rate=0.08)

    assert [step.key for step in found.steps] == [further.key]
    assert found.left_out == {idea.id: further.id}


def test_the_curve_ends_at_what_the_measures_avoid_together(session: Session) -> None:
    product = a_made_product(session)
    measures = [
        a_measure(session, product, parameters={"furnace": "continuous"}, capex_cny={YEAR: 1e7}),
        a_measure(session, product, parameters={"finishing_yield": 1.0}, savings_cny=1e6),
    ]

    found = cost_curve(session, measures, year=YEAR, rate=0.08)

    assert found.steps[-1].to_t_co2 == pytest.approx(joint_effect(session, measures, year=YEAR).joint_t_co2)
    assert found.steps[0].pays_for_itself


def test_a_plan_meets_the_target_although_its_measures_share_some_tonnes(session: Session) -> None:
    product = a_made_product(session)
    first = assessed(session, a_measure(session, product, parameters={"furnace": "continuous"}, capex_cny={YEAR: 1e6}))
    second = assessed(session, a_measure(session, product, parameters={"finishing_yield": 1.0}, capex_cny={YEAR: 2e6}))
    third = assessed(
        session, a_measure(session, lever="own_generation", plant_id=product.plant_id, amount_per_year=1e6, capex_cny={YEAR: 9e7})
    )
    alone = [joint_effect(session, [one], year=YEAR).joint_t_co2 for one in (first, second)]
    both = joint_effect(session, [first, second], year=YEAR).joint_t_co2
    assert both < sum(alone)

    plan = find_plan(session, [first, second, third], a_question(required_t={YEAR: (both + sum(alone)) / 2}))

    assert {first.key, third.key} <= set(plan.choice.begins)  # the first two seemed enough, added up
    assert plan.missing_t[YEAR] == pytest.approx(0.0, abs=0.02)


def test_a_target_out_of_reach_leaves_its_gap(session: Session) -> None:
    only = assessed(session, a_measure(session, a_made_product(session)))

    plan = find_plan(session, [only], a_question(required_t={YEAR: 1e6}))

    assert plan.missing_t[YEAR] == pytest.approx(1e6 - plan.joint[YEAR].joint_t_co2)


def test_ideas_are_not_chosen_from(session: Session) -> None:
    product = a_made_product(session)
    a_measure(session, product)
    ready = assessed(session, a_measure(session, product))

    assert candidates(measures_of(session)) == {ready.id: 1}


def test_a_run_keeps_its_question_and_its_answer(database: Database, run_jobs: RunJobs) -> None:
    with database.writing() as session:
        ready = assessed(session, a_measure(session, a_made_product(session)))
        run_id = start_run(session, a_question(required_t={YEAR: 1.0}), candidates([ready]), by=ENGINEER, at=NOW).id

    run_jobs()

    with database.writing() as session:
        run = get_run(session, run_id)
        assert run.answer is not None
        assert run.answer["begins"] == {ready.key: YEAR}
        assert run.question["required_t"] == {str(YEAR): 1.0}
        assert "plan_run_started" in {one.action for one in session.exec(select(AuditEvent))}
        run.answer = {}
        with pytest.raises(KeptRowError):
            session.flush()
        session.rollback()


def test_the_job_of_a_run_that_is_answered_already_leaves_it_as_it_is(database: Database, run_jobs: RunJobs) -> None:
    with database.writing() as session:
        ready = assessed(session, a_measure(session, a_made_product(session)))
        run_id = start_run(session, a_question(), candidates([ready]), by=ENGINEER, at=NOW).id
        finish_run(session, run_id, {"begins": {}}, at=NOW)

    run_jobs()

    with database.reading() as session:
        assert get_run(session, run_id).answer == {"begins": {}}
        assert [one.state for one in session.exec(select(Job)) if one.name == PLAN_TASK] == [JobState.DONE]


def test_a_run_over_a_measure_that_has_changed_says_so(database: Database, run_jobs: RunJobs) -> None:
    with database.writing() as session:
        product = a_made_product(session)
        ready = assessed(session, a_measure(session, product))
        run_id = start_run(session, a_question(), candidates([ready]), by=ENGINEER, at=NOW).id
        changed = a_measure_input(product_ids=[product.id], parameters={"furnace": "continuous"})
        change_measure(session, ready.id, changed, version=1, by=ENGINEER, at=NOW)

    run_jobs()

    with database.reading() as session:
        run = get_run(session, run_id)
        assert run.answer is None
        assert run.problem is not None
        assert "changed" in run.problem["template"]


def test_a_run_without_measures_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInputError):
        start_run(session, a_question(), {}, by=ENGINEER, at=NOW)


def test_a_plan_that_meets_its_target_together_says_so(session: Session) -> None:
    only = assessed(session, a_measure(session, a_made_product(session)))

    assert find_plan(session, [only], a_question(required_t={YEAR: 1.0})).ending is Ending.MET
    assert find_plan(session, [only], a_question(required_t={YEAR: 1e6})).ending is Ending.NOT_MET
