"""How firmly ranks stand is calculated once for a set of scores."""

from dataclasses import replace

from sqlmodel import Session, select

from service.procurement.models import RankRun
from service.procurement.rank_runs import DRAWS, rank_material, samples_for, spreads_of
from service.procurement.ranking import official_ranks
from service.suppliers.models import Supplier
from tests import builders
from tests.green_score.builders import FLOW, NOW, a_calculated_score
from tests.green_score.facts_builders import FOOTPRINT, changed


def scored(session: Session, kg: float) -> Supplier:
    supplier = builders.a_supplier(session)
    a_calculated_score(session, supplier=supplier, facts=changed(footprint=replace(FOOTPRINT, kg_co2e_per_kg=kg)))
    return supplier


def test_the_same_scores_are_drawn_once_and_a_new_score_makes_a_new_run(session: Session) -> None:
    light, heavy = scored(session, 2.0), scored(session, 9.0)
    first = rank_material(session, FLOW, at=NOW)
    again = rank_material(session, FLOW, at=NOW)
    scored(session, 4.0)
    later = rank_material(session, FLOW, at=NOW)

    assert first is not None
    assert later is not None
    assert again is first
    assert later.basis != first.basis
    assert len(session.exec(select(RankRun)).all()) == 2
    spreads = spreads_of(first)
    assert (spreads[light.id].high, spreads[heavy.id].low) == (1, 2)
    assert sum(spreads[light.id].acceptability) == 1


def test_who_is_switched_off_takes_no_part(session: Session) -> None:
    scored(session, 2.0)
    gone = scored(session, 1.0)
    gone.is_active = False
    session.flush()
    run = rank_material(session, FLOW, at=NOW)

    assert run is not None
    assert len(spreads_of(run)) == 1
    assert gone.id not in spreads_of(run)


def test_a_material_that_nobody_is_ranked_for_has_no_run(session: Session) -> None:
    assert rank_material(session, "nitrogen", at=NOW) is None


def test_many_suppliers_share_the_draws() -> None:
    assert [samples_for(count) for count in (1, 200, 1000, 5000)] == [10_000, 10_000, DRAWS // 1000, 1000]


def test_official_ranks_follow_the_score_alone() -> None:
    assert official_ranks({"a": 60.0, "b": 70.0, "c": 60.0, "d": 50.0}) == {"a": 2, "b": 1, "c": 2, "d": 4}
    assert official_ranks({"a": 60.0, "c": 60.0 + 1e-12}) == {"a": 1, "c": 1}
    assert official_ranks({}) == {}
