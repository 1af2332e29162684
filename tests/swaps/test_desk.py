"""A product's candidates from the database, exact for insiders and in blocks for buyers."""

import pytest
from sqlmodel import Session, select

from lca_models.calculation import calculate_footprint
from service.compliance.models import Veto, VetoKind
from service.footprints.operations import calculate
from service.green_score.benchmarks import benchmark_for
from service.green_score.published import Disclosure
from service.green_score.supplier_footprint import stand_in_kg_co2e_per_kg
from service.products.models import ProductInput
from service.submissions.models import Answer, Submission
from service.swaps.desk import Desk, ExcludedSupplierError, NothingToSwapError, prepare
from service.swaps.outcomes import Outcome, outcomes
from service.swaps.overlay import Combination, whole
from tests.builders import NOW, PERIOD, a_product, a_supplier
from tests.footprints.builders import an_accepted_submission
from tests.swaps.stored import TODAY, Stored, a_purchase, a_stored_product, an_offer

TOLL, PITCH = "graphitised_powder", "coal_tar_pitch"


def a_desk(session: Session, stored: Stored, disclosure: Disclosure = Disclosure.EXACT) -> Desk:
    return prepare(session, stored.product, period=PERIOD, disclosure=disclosure, on=TODAY)


def outcome(desk: Desk, combination: Combination) -> Outcome:
    return outcomes(desk, [combination], {})[0]


def test_a_swap_equals_the_footprint_of_the_product_with_that_supplier(session: Session) -> None:
    stored = a_stored_product(session)
    swapped = outcome(a_desk(session, stored), {TOLL: whole(stored.efficient.id), PITCH: whole(stored.other_pitch.id)})
    for named in session.exec(select(ProductInput).where(ProductInput.product_id == stored.product.id)).all():
        named.supplier_id = stored.efficient.id if named.flow == TOLL else stored.other_pitch.id
    session.flush()

    record = calculate(session, stored.product, period_start=PERIOD[0], period_end=PERIOD[1], by="user:a", at=NOW)

    assert swapped.kg_co2e_per_kg == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-9)


def test_cost_is_what_the_solved_product_takes_times_the_offers(session: Session) -> None:
    stored = a_stored_product(session)

    found = outcome(a_desk(session, stored), {TOLL: whole(stored.efficient.id)})

    amounts = found.kg_per_kg
    assert found.cny_per_t == pytest.approx(amounts[TOLL] * 9000.0 + amounts[PITCH] * 5000.0)
    assert found.defect_share == pytest.approx(0.01)


def test_a_silent_supplier_counts_with_the_cautious_stand_in_and_never_with_the_benchmark(session: Session) -> None:
    stored = a_stored_product(session)
    desk = a_desk(session, stored)
    silent = next(one for one in desk.candidates[TOLL] if one.supplier_id == stored.silent.id)
    benchmark = benchmark_for(session, TOLL, on=TODAY)

    assert benchmark is not None
    assert silent.footprint is not None
    assert not silent.has_data
    expected = stand_in_kg_co2e_per_kg(benchmark.kg_co2e_per_kg, benchmark.p90_kg_co2e_per_kg)
    assert silent.footprint.kg_co2e_per_kg == expected >= 1.5 * benchmark.kg_co2e_per_kg
    assert _kg_co2e_per_kg_worked(desk, {TOLL: whole(stored.silent.id)}) == pytest.approx(expected)


def _kg_co2e_per_kg_worked(desk: Desk, combination: Combination) -> float:
    """What graphitization itself emits and takes from the background, per kg that it makes."""
    parameters = {name: value for name, value in desk.overlays.case(combination).parameters.items() if name != "toll_share"}
    footprint = calculate_footprint(desk.overlays.workbench.model, parameters)
    process = "P3_graphitisation:acheson_crucible"
    return footprint.by_process_kg_co2e[process] / footprint.scaling[process]


def test_who_is_excluded_from_orders_can_not_be_chosen(session: Session) -> None:
    stored = a_stored_product(session)
    session.add(
        Veto(
            supplier_id=stored.efficient.id,
            kind=VetoKind.FALSIFICATION,
            since=TODAY,
            reason="meter readings were invented",
            evidence="letter 7",
            raised_by="user:a",
            raised_at=NOW,
        )
    )
    session.flush()

    problems = {one.supplier_id: one.problem for one in a_desk(session, stored).candidates[TOLL]}

    assert isinstance(problems.pop(stored.efficient.id), ExcludedSupplierError)
    assert set(problems.values()) == {None}


def test_answers_without_the_figure_that_counts_are_no_data(session: Session) -> None:
    stored = a_stored_product(session)
    before = outcome(a_desk(session, stored), {TOLL: whole(stored.silent.id)}).kg_co2e_per_kg
    an_accepted_submission(session, stored.silent, {"site_province": "CN-NM", "furnace_type": "acheson_crucible"})

    desk = a_desk(session, stored)

    assert not next(one for one in desk.candidates[TOLL] if one.supplier_id == stored.silent.id).has_data
    assert outcome(desk, {TOLL: whole(stored.silent.id)}).kg_co2e_per_kg == pytest.approx(before)


def test_without_a_price_there_is_no_cost_and_never_zero(session: Session) -> None:
    stored = a_stored_product(session)
    newcomer = a_supplier(session, name_zh="己", name_en="Ji")

    found = outcome(a_desk(session, stored), {TOLL: {stored.plant.id: 0.5, newcomer.id: 0.5}})

    assert found.cny_per_t is None
    assert found.unpriced == ((TOLL, newcomer.id),)


def test_the_last_purchase_stands_where_there_is_no_offer(session: Session) -> None:
    stored = a_stored_product(session)
    newcomer = a_supplier(session, name_zh="己", name_en="Ji")
    a_purchase(session, newcomer, TOLL, 8800.0)

    candidate = next(one for one in a_desk(session, stored).candidates[TOLL] if one.supplier_id == newcomer.id)

    assert candidate.price is not None
    assert (candidate.price.cny_per_t, candidate.price.priced_on, candidate.price.is_offer) == (8800.0, PERIOD[1], False)
    an_offer(session, newcomer, TOLL, 8500.0)
    again = next(one for one in a_desk(session, stored).candidates[TOLL] if one.supplier_id == newcomer.id)
    assert again.price is not None
    assert (again.price.cny_per_t, again.price.is_offer) == (8500.0, True)


def test_who_is_known_to_deliver_something_else_is_no_candidate(session: Session) -> None:
    stored = a_stored_product(session)
    elsewhere = a_supplier(session, name_zh="庚", name_en="Geng")
    a_purchase(session, elsewhere, "coated_powder", None)
    gone = a_supplier(session, name_zh="辛", name_en="Xin")
    gone.is_active = False
    session.flush()

    names = {one.supplier_id for one in a_desk(session, stored).candidates[TOLL]}

    assert names == {stored.plant.id, stored.efficient.id, stored.silent.id}


def test_a_product_without_named_suppliers_has_nothing_to_swap(session: Session) -> None:
    with pytest.raises(NothingToSwapError, match="names no suppliers"):
        prepare(session, a_product(session), period=PERIOD, disclosure=Disclosure.EXACT, on=TODAY)


# ---- Buyers ----


def test_what_a_buyer_calculates_with_is_what_a_buyer_has_seen_already(session: Session) -> None:
    """The attack of any number of swaps, mixes and small steps of a share ends at the published figure.

    Two plants whose meters differ, but whose published footprints are the same, give the same answer to every question that a
    buyer can ask, at full precision: no difference of answers can tell the plants apart.
    """
    stored = a_stored_product(session)
    seen = a_desk(session, stored, Disclosure.ROUNDED)
    shown = {one.supplier_id: one.footprint for one in seen.candidates[TOLL]}
    questions: list[Combination] = [
        {},
        {TOLL: whole(stored.efficient.id)},
        *({TOLL: {stored.plant.id: 1 - step / 1000, stored.efficient.id: step / 1000}} for step in range(0, 1000, 50)),
        {TOLL: {stored.plant.id: 0.999, stored.silent.id: 0.001}, PITCH: whole(stored.other_pitch.id)},
    ]
    before = [one.kg_co2e_per_kg for one in outcomes(seen, questions, {})]

    _use_a_little_more(session, stored)

    after = a_desk(session, stored, Disclosure.ROUNDED)
    assert {one.supplier_id: one.footprint and one.footprint.kg_co2e_per_kg for one in after.candidates[TOLL]} == {
        supplier_id: footprint and footprint.kg_co2e_per_kg for supplier_id, footprint in shown.items()
    }
    assert [one.kg_co2e_per_kg for one in outcomes(after, questions, {})] == before
    assert outcome(a_desk(session, stored), {}).kg_co2e_per_kg != before[0]  # the exact figures do differ


def _use_a_little_more(session: Session, stored: Stored) -> None:
    """Let the plants' meters say two per cent more, as little as no buyer may tell."""
    for supplier in (stored.plant, stored.efficient):
        submission = session.exec(select(Submission).where(Submission.supplier_id == supplier.id)).one()
        answer = session.exec(
            select(Answer).where(Answer.submission_id == submission.id, Answer.field == "furnace_electricity")
        ).one()
        assert answer.value is not None
        answer.value *= 1.02
    session.flush()
