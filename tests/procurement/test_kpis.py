"""Shares of purchased emissions, by hand; and what they are counted from."""

import uuid
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from service.compliance.models import Declaration, Proof
from service.green_score.stored_facts import facts_as_stored
from service.procurement.kpi_queries import answering_of, bought_in, purchase_years
from service.procurement.kpis import Answering, Bought, engagement
from service.submissions.models import SubmissionStatus
from service.suppliers.models import Supplier
from tests import builders
from tests.green_score.builders import FLOW, NOW, a_benchmark, a_purchase, a_score
from tests.green_score.facts_builders import EXAMPLE, changed

ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)
TODAY = date(2026, 11, 22)


def bought(supplier: uuid.UUID = ONE, **fields: Any) -> Bought:
    columns: dict[str, Any] = {"flow": FLOW, "t": 100.0, "cny": 1e6, "benchmark_t_co2e": 500.0, "grade": "B"}
    return Bought(supplier_id=supplier, **({"has_own_footprint": False} | columns | fields))


def test_suppliers_are_weighed_by_emissions_at_the_benchmark() -> None:
    found = engagement(
        [bought(), bought(TWO, benchmark_t_co2e=1500.0, has_own_footprint=True)],
        {ONE: Answering(is_asked=True), TWO: Answering(is_asked=True, has_answered=True, is_accepted=True)},
        grades=("B",),
    )

    assert found.overall.asked == 1
    assert found.overall.accepted == 0.75  # 1500 of 2000
    assert found.overall.own_footprint == 0.75
    assert found.overall.target == 0
    assert found.response_rate == 0.5  # one of two asked


def test_what_is_burnt_or_moved_is_no_purchased_material() -> None:
    found = engagement([bought(), bought(TWO, flow="natural_gas"), bought(TWO, flow="truck_diesel_heavy")], {}, grades=())

    assert (found.overall.suppliers, found.overall.t) == (1, 100)
    assert set(found.by_flow) == {FLOW}


def test_a_material_without_a_benchmark_is_named_and_weighs_nothing() -> None:
    found = engagement([bought(), bought(TWO, flow="coating_resin", benchmark_t_co2e=None)], {}, grades=())

    assert found.without_benchmark == ["coating_resin"]
    assert found.overall.t_co2e == 500
    assert found.by_flow["coating_resin"].asked is None


def test_grades_share_supplies_spend_and_emissions_with_the_unscored_last() -> None:
    lines = [
        bought(grade="A", cny=3e6),
        bought(TWO, grade=None, cny=1e6, benchmark_t_co2e=1500.0),
        bought(TWO, grade="A", cny=None),
    ]
    found = engagement(lines, {}, grades=("A", "B"))

    assert [one.grade for one in found.grades] == ["A", "B", None]
    assert [one.suppliers for one in found.grades] == [pytest.approx(2 / 3), 0, pytest.approx(1 / 3)]
    assert [one.spend for one in found.grades] == [0.75, 0, 0.25]  # the one without a price stands in neither
    assert [one.carbon for one in found.grades] == [0.4, 0, 0.6]  # 1000 and 1500 of 2500


def test_nobody_asked_gives_no_rate() -> None:
    assert engagement([bought()], {}, grades=()).response_rate is None
    assert engagement([], {}, grades=()).overall.asked is None


def a_target(session: Session, supplier: Supplier, level: str, *, proof: Proof = Proof.DOCUMENT, end: int = 2025) -> None:
    session.add(
        Declaration(
            supplier_id=supplier.id,
            indicator="D1",
            content={"level": level},
            proof=proof,
            evidence="report",
            period_end=date(end, 12, 31),
            recorded_by="user:a",
            recorded_at=NOW,
        )
    )
    session.flush()


def test_the_newest_paper_on_a_target_counts_and_words_alone_do_not(session: Session) -> None:
    has, lost, said = (builders.a_supplier(session) for _ in range(3))
    a_target(session, has, "validated")
    a_target(session, lost, "quantified", end=2024)
    a_target(session, lost, "qualitative")
    a_target(session, said, "validated", proof=Proof.CLAIM)
    found = answering_of(session, {has.id, lost.id, said.id}, 2025)

    assert {key for key, one in found.items() if one.has_target} == {has.id}


def test_requests_of_the_year_are_asked_answered_and_accepted(session: Session) -> None:
    planned, asked, accepted = (builders.a_supplier(session) for _ in range(3))
    builders.a_submission(session, supplier=planned, status=SubmissionStatus.PLANNED)
    builders.a_submission(session, supplier=asked, status=SubmissionStatus.INVITED)
    done = builders.a_submission(session, supplier=accepted, status=SubmissionStatus.ACCEPTED)
    done.submitted_at = NOW
    session.flush()
    found = answering_of(session, {planned.id, asked.id, accepted.id}, 2025)

    assert not found[planned.id].is_asked
    assert (found[asked.id].is_asked, found[asked.id].has_answered) == (True, False)
    assert (found[accepted.id].has_answered, found[accepted.id].is_accepted) == (True, True)
    assert not answering_of(session, {accepted.id}, 2024)[accepted.id].is_asked


def test_purchases_of_a_year_carry_the_latest_score(session: Session) -> None:
    a_benchmark(session, kg_co2e_per_kg=5.0)
    scored, silent = builders.a_supplier(session), builders.a_supplier(session)
    for supplier, facts in ((scored, EXAMPLE), (silent, changed(footprint=None))):
        a_purchase(session, supplier, amount_t=200.0, price_cny_per_t=10.0)
        a_score(session, supplier=supplier, inputs=facts_as_stored(facts))
    found = {one.supplier_id: one for one in bought_in(session, 2025, on=TODAY)}

    assert found[scored.id] == Bought(
        supplier_id=scored.id, flow=FLOW, t=200, cny=2000, benchmark_t_co2e=1000, grade="B", has_own_footprint=True
    )
    assert not found[silent.id].has_own_footprint
    assert bought_in(session, 2024, on=TODAY) == []
    assert purchase_years(session) == [2025]
