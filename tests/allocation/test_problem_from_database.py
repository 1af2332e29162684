from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from service.allocation.answers import Status
from service.allocation.candidates import Removal, candidate_from
from service.allocation.models import SoleSourceWaiver
from service.allocation.operations import approve_waiver, ask_waiver
from service.allocation.queries import AskedProblem, NoDemandError, problem_from_database
from service.allocation.schemas import WaiverInput
from service.allocation.solving import solve
from service.compliance.models import Veto, VetoKind
from service.green_score.models import Score
from service.green_score.published import Disclosure
from service.suppliers.models import Supplier, SupplierType
from tests import builders
from tests.allocation.offer_builders import BY, FLOW, NOW, TODAY, a_coke_supplier, a_demand, a_market, an_offer
from tests.green_score.builders import a_score


def asked(session: Session, *, on: date = TODAY, dual_sourcing: bool = False) -> AskedProblem:
    return problem_from_database(session, 2027, on=on, dual_sourcing=dual_sourcing)


def caps(found: AskedProblem) -> dict[float, float]:
    return {line.price_per_t: line.max_share for line in found.problem.offers}


def removals(found: AskedProblem) -> dict[float, Removal]:
    return {one.price_per_t: one.removal for one in found.candidates if one.removal is not None}


def waive(session: Session, supplier: Supplier, *, is_approved: bool = True) -> SoleSourceWaiver:
    fields = WaiverInput(supplier_id=supplier.id, flow=FLOW, reason="Nobody else delivers", valid_until=TODAY + timedelta(days=30))
    waiver = ask_waiver(session, fields, by=BY, at=NOW, today=TODAY)
    session.flush()
    return approve_waiver(session, waiver, by="user:other", at=NOW) if is_approved else waiver


def test_grades_cap_shares_and_the_cautious_footprint_stands_in(session: Session) -> None:
    a_market(session)

    found = asked(session)

    assert caps(found) == {2100: 0.6, 2000: 0.4, 1900: 0.4}
    assert [line.kg_co2e_per_t for line in found.problem.offers] == pytest.approx([1.5 * 0.4 * 1000] * 3)
    assert {one.footprint_origin for one in found.candidates} == {"stand_in"}
    # 40 % at 1,900, 40 % at 2,000 and the rest at 2,100
    assert solve(found.problem).cost == pytest.approx(400 * 1900 + 400 * 2000 + 200 * 2100)


def test_the_contract_caps_too_where_it_allows_less(session: Session) -> None:
    supplier = a_market(session)[0]
    an_offer(session, supplier, price=2050, priced_on=date(2026, 11, 20), max_share_percent=35)

    assert caps(asked(session)) == {2050: 0.35, 2000: 0.4, 1900: 0.4}


def veto(session: Session, supplier: Supplier) -> None:
    session.add(
        Veto(
            supplier_id=supplier.id,
            kind=VetoKind.FALSIFICATION,
            since=TODAY,
            reason="The meter was tampered with",
            evidence="Letter of the authority",
            raised_by=BY,
            raised_at=NOW,
        )
    )
    session.flush()


def test_a_veto_removes_an_offer_and_no_waiver_brings_it_back(session: Session) -> None:
    supplier = a_market(session)[2]
    veto(session, supplier)
    waive(session, supplier)

    assert removals(asked(session)) == {1900: Removal.VETOED}


@pytest.mark.parametrize(("grade", "removal"), [("D", Removal.GRADE), ("V", Removal.VETOED), (None, Removal.NO_SCORE)])
def test_who_may_get_no_new_order_is_left_out_with_the_reason(session: Session, grade: str | None, removal: Removal) -> None:
    a_market(session)
    an_offer(session, a_coke_supplier(session, "丁焦", grade=grade, total=30.0), price=1000)

    assert removals(asked(session)) == {1000: removal}
    assert 1000 not in caps(asked(session))


def test_a_waiver_counts_once_approved_and_lifts_cap_and_second_source(session: Session) -> None:
    a_market(session)
    bad = a_coke_supplier(session, "丁焦", grade="D", total=30.0)
    an_offer(session, bad, price=1000)
    waiver = waive(session, bad, is_approved=False)
    before = asked(session, dual_sourcing=True)
    approve_waiver(session, waiver, by="user:other", at=NOW)

    after = asked(session, dual_sourcing=True)
    over = asked(session, on=TODAY + timedelta(days=31), dual_sourcing=True)

    assert (before.problem.demands[0].min_suppliers, removals(before)) == (2, {1000: Removal.GRADE})
    assert (after.problem.demands[0].min_suppliers, removals(after), caps(after)[1000]) == (1, {}, 1.0)
    assert solve(after.problem).cost == pytest.approx(1000 * 1000)
    assert (over.problem.demands[0].min_suppliers, removals(over)) == (2, {1000: Removal.GRADE})


def test_an_unqualified_offer_and_one_that_ended_get_nothing(session: Session) -> None:
    a_market(session)
    an_offer(session, a_coke_supplier(session, "丁焦"), price=1000, is_qualified=False)
    an_offer(session, a_coke_supplier(session, "戊焦"), price=900, priced_on=date(2026, 1, 1), valid_until=date(2026, 11, 21))

    found = asked(session)

    assert removals(found) == {1000: Removal.NOT_QUALIFIED}
    assert 900 not in {one.price_per_t for one in found.candidates}


def test_an_open_period_does_not_replace_the_score_that_ranks(session: Session) -> None:
    supplier = a_market(session)[2]
    ranked = session.exec(select(Score).where(Score.supplier_id == supplier.id)).one()
    values = ranked.model_dump(exclude={"id"}) | {"period_end": date(2026, 6, 30), "grade": "D", "is_open": True}
    session.add(Score(**values))
    session.flush()

    [candidate] = [one for one in asked(session).candidates if one.price_per_t == 1900]

    assert (candidate.grade, candidate.score_id) == ("B", str(ranked.id))


def test_a_material_without_any_footprint_gets_no_order(session: Session) -> None:
    resin = builders.a_supplier(session, supplier_type=SupplierType.RESIN)
    a_score(session, supplier=resin, flow="coating_resin")
    an_offer(session, resin, flow="coating_resin")
    a_demand(session, flow="coating_resin")

    found = asked(session)

    assert [(one.kg_co2e_per_t, one.removal) for one in found.candidates] == [(None, Removal.NO_FOOTPRINT)]
    assert solve(found.problem).status is Status.INFEASIBLE


def test_a_year_without_demand_is_refused(session: Session) -> None:
    with pytest.raises(NoDemandError, match="No demand is recorded for 2027"):
        asked(session)


def test_buyers_problems_count_rounded_scores_and_others_exact_ones(session: Session) -> None:
    a_market(session)
    for score in session.exec(select(Score)):
        score.total = 66.389
    session.flush()

    rounded = problem_from_database(session, 2027, on=TODAY)
    exact = problem_from_database(session, 2027, on=TODAY, disclosure=Disclosure.EXACT)

    assert {line.green_score for line in rounded.problem.offers} == {66.0}
    assert {line.green_score for line in exact.problem.offers} == {66.389}


def test_what_a_run_keeps_of_a_candidate_reads_back(session: Session) -> None:
    a_market(session)

    for one in asked(session).candidates:
        assert candidate_from(one.as_dict()) == one
        assert candidate_from(replace(one, removal=Removal.GRADE).as_dict()).removal is Removal.GRADE
