"""The planner on stored footprints, and the requests that it makes."""

import uuid
from datetime import date

import pytest
from sqlmodel import Session

from lca_models.uncertainty.monte_carlo import simulate_parameters
from lca_models.uncertainty.sampling import Design
from service.errors import ConflictError, InvalidInputError
from service.footprints.uncertainty import simulate_record
from service.planning.opening import after_asking, open_record, sources_of
from service.planning.operations import request_answers
from service.planning.planner import plan_all, plan_one
from service.planning.queries import latest_footprints, types_of
from service.planning.ranking import Key, variance
from service.products.models import Product, Production
from service.submissions.models import Depth, SubmissionStatus
from service.suppliers.models import Supplier, SupplierType
from tests import builders
from tests.builders import NOW, PERIOD
from tests.footprints.builders import TOLL_ANSWERS, a_record, a_toll_product, a_toll_supplier, an_accepted_submission

KWH = "graphitization_electricity_kwh_per_kg"
YEAR = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31), "deadline": date(2026, 12, 20)}


def a_product_of(
    session: Session, *suppliers: Supplier, shares: tuple[float, ...] = (0.7, 0.3), output_t: float | None = 100.0
) -> Product:
    product = a_toll_product(session, builders.a_product(session), *suppliers, shares=shares)
    if output_t is not None:
        session.add(Production(product_id=product.id, period_start=PERIOD[0], period_end=PERIOD[1], output_t=output_t))
    session.flush()
    a_record(session, product)
    return product


def test_the_larger_of_two_silent_toll_plants_is_asked_first(session: Session) -> None:
    large, small = a_toll_supplier(session), a_toll_supplier(session)
    a_product_of(session, large, small)

    plan = plan_one(session, latest_footprints(session)[0])

    toll = [step.ask.key for step in plan.ranking.steps if step.ask.key.parameter == KWH]
    assert toll == [Key(str(large.id), KWH), Key(str(small.id), KWH)]
    first = next(step.ask for step in plan.ranking.steps if step.ask.key == toll[0])
    assert set(first.fields) == {"furnace_electricity", "auxiliary_electricity", "product_out"}
    assert first.is_missing


def test_metered_answers_are_not_asked_again_and_estimates_are(session: Session) -> None:
    metered, estimated = a_toll_supplier(session), a_toll_supplier(session)
    an_accepted_submission(session, metered)
    an_accepted_submission(session, estimated, {**TOLL_ANSWERS, "evidence_source": "estimated"})
    a_product_of(session, metered, estimated)

    plan = plan_one(session, latest_footprints(session)[0])

    asked = {step.ask.key: step.ask for step in plan.ranking.steps if step.ask.key.parameter == KWH}
    assert set(asked) == {Key(str(estimated.id), KWH)}
    assert not asked[Key(str(estimated.id), KWH)].is_missing


def test_sources_agree_with_the_records_own_monte_carlo(session: Session) -> None:
    a_product_of(session, a_toll_supplier(session), a_toll_supplier(session))
    record = latest_footprints(session)[0].record
    found = simulate_record(session, record, headline_only=True)
    suppliers = {
        uuid.UUID(part["supplier_id"]) for one in record.provenance.values() for part in one["parts"] if part["supplier_id"]
    }
    opened = open_record(found, record.provenance, types_of(session, suppliers))

    expected = found.headline.sd_kg_co2e

    assert variance(list(sources_of(opened))) ** 0.5 == pytest.approx(expected, rel=0.1)
    same = simulate_parameters(opened.model, opened.given, opened.parameters, design=Design(draws=1000, seed=1), gwp=opened.gwp)
    assert same.sd_kg_co2e == pytest.approx(expected, rel=1e-6)  # splitting a default by party changes nothing


def test_an_answered_question_narrows_the_draws_as_promised(session: Session) -> None:
    supplier = a_toll_supplier(session)
    a_product_of(session, supplier, shares=(1.0,))
    record = latest_footprints(session)[0].record
    found = simulate_record(session, record, draws=4000, headline_only=True)
    opened = open_record(found, record.provenance, types_of(session, {supplier.id}))
    key = Key(str(supplier.id), KWH)
    sources = list(sources_of(opened))

    after = simulate_parameters(
        opened.model, opened.given, after_asking(opened, frozenset({key})), design=Design(draws=4000, seed=1), gwp=opened.gwp
    )

    promised = 1 - variance(sources, {key}) / variance(sources)
    assert 1 - after.sd_kg_co2e**2 / found.headline.sd_kg_co2e**2 == pytest.approx(promised, abs=0.06)
    assert promised > 0.1


def test_all_products_together_count_by_tonnes_made(session: Session) -> None:
    first, second = a_toll_supplier(session), a_toll_supplier(session)
    a_product_of(session, first, shares=(1.0,), output_t=10.0)
    a_product_of(session, second, shares=(1.0,), output_t=1000.0)
    a_product_of(session, first, shares=(1.0,), output_t=None)

    plan = plan_all(session, latest_footprints(session))

    toll = [step.ask.key.supplier for step in plan.ranking.steps if step.ask.key.parameter == KWH]
    assert toll[0] == str(second.id)
    assert [one.output_t for one in plan.planned] == [1000.0, 10.0]
    assert [one.output_t for one in plan.left_out] == [None]
    assert plan.is_total


def test_without_footprints_there_is_nothing_to_plan(session: Session) -> None:
    assert plan_all(session, latest_footprints(session)).ranking.steps == ()


def test_a_supplier_that_is_switched_off_can_not_be_asked(session: Session) -> None:
    supplier = a_toll_supplier(session)
    a_product_of(session, supplier, shares=(1.0,))
    supplier.is_active = False
    session.flush()

    plan = plan_one(session, latest_footprints(session)[0])

    assert str(supplier.id) not in {step.ask.key.supplier for step in plan.ranking.steps}


# ---- Requests ----


def test_chosen_questions_become_one_planned_request_for_each_supplier(session: Session) -> None:
    toll = a_toll_supplier(session)
    coke = builders.a_supplier(session, supplier_type=SupplierType.COKE)

    made = request_answers(
        session, {toll.id: ["furnace_electricity", "product_out"], coke.id: ["own_pcf"]}, **YEAR, by="user:engineer", at=NOW
    )

    assert [one.supplier_id for one in made.planned] == [toll.id, coke.id]
    assert {one.status for one in made.planned} == {SubmissionStatus.PLANNED}
    message = made.planned[0].message or ""
    assert "石墨化炉用电" in message
    assert "Electricity of the furnaces" in message


def test_the_short_questionnaire_is_sent_if_it_asks_everything_chosen(session: Session) -> None:
    short, full = a_toll_supplier(session), a_toll_supplier(session)

    made = request_answers(
        session, {short.id: ["furnace_electricity"], full.id: ["crucible_wear"]}, **YEAR, by="user:engineer", at=NOW
    )

    assert [one.depth for one in made.planned] == [Depth.FIRST, Depth.FULL]


def test_an_open_request_stands_in_the_way_of_one_supplier_only(session: Session) -> None:
    asked, free = a_toll_supplier(session), a_toll_supplier(session)
    builders.a_submission(session, supplier=asked)

    made = request_answers(session, {asked.id: ["product_out"], free.id: ["product_out"]}, **YEAR, by="user:engineer", at=NOW)

    assert [one.supplier_id for one in made.planned] == [free.id]
    assert isinstance(made.refused[asked.id], ConflictError)


def test_nothing_chosen_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInputError):
        request_answers(session, {}, **YEAR, by="user:engineer", at=NOW)
