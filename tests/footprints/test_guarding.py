"""What speaks against a release, and that a refusal lists all of it."""

import pytest
from sqlmodel import Session

from service.exemptions.operations import set_exemption
from service.exemptions.schemas import ExemptionInput
from service.footprints.guarding import GuardRefusedError, release_obstacles
from service.footprints.methods import methods_of
from service.footprints.models import FootprintRecord, FootprintStatus
from service.footprints.operations import release
from tests.builders import NOW, a_product, a_supplier
from tests.footprints.builders import RELEASER, a_record, a_toll_product, an_accepted_submission


def a_record_with(session: Session, **recipe: float | str) -> FootprintRecord:
    product = a_product(session)
    product.recipe = recipe
    return a_record(session, product)


def leave_out(session: Session, kg: float) -> None:
    fields = ExemptionInput(flow="coke_of_a_friend", name="Coke", kg_co2e_per_kg=kg, reason="None", evidence="None")
    set_exemption(session, fields, by=RELEASER, at=NOW)


def test_a_sound_record_is_released(session: Session) -> None:
    record = a_record(session, a_product(session))

    assert release_obstacles(session, record) == ()
    assert release(session, record, version=1, by=RELEASER, at=NOW).status is FootprintStatus.RELEASED


def test_a_refusal_lists_every_obstacle_and_changes_nothing(session: Session) -> None:
    record = a_record_with(session, milling_fines_recovered_share=0.2)
    leave_out(session, 1.0)

    with pytest.raises(GuardRefusedError, match=f"{record.number} can't be released; 3 points are open") as caught:
        release(session, record, version=1, by=RELEASER, at=NOW)

    carbon, mass, left_out = (str(point) for point in caught.value.points)
    assert carbon.startswith("The carbon balance of the chain is open: 1.233 kg C in")
    assert mass.startswith("The mass balance of P1_milling_shaping is open")
    assert left_out.startswith("Flows left out make 9.")  # 1.0 kg of 12.5 kg and 1.1 % of the shipped ledger
    assert record.status is FootprintStatus.CALCULATED


def test_flows_left_out_count_as_they_stand_on_the_day_of_release(session: Session) -> None:
    record = a_record(session, a_product(session))
    leave_out(session, 0.3)  # 2.4 % beside 1.1 %

    with pytest.raises(GuardRefusedError, match=r"Flows left out make 3\.5"):
        release(session, record, version=1, by=RELEASER, at=NOW)

    leave_out(session, 0.1)  # the same flow with a lower estimate

    assert release(session, record, version=1, by=RELEASER, at=NOW).status is FootprintStatus.RELEASED


def test_methods_tell_the_record_beside_its_alternatives(session: Session) -> None:
    found = methods_of(session, a_record(session, a_product(session)))
    totals = {(one.topic, one.choice): one.total_kg_co2e for one in found.alternatives}

    assert totals["packing_coke", "subdivision"] == pytest.approx(found.total_kg_co2e, rel=1e-12)
    assert totals["packing_coke", "mass"] == pytest.approx(9.13, abs=0.01)
    assert totals["packing_coke", "none"] == pytest.approx(13.83, abs=0.01)
    assert totals["petroleum_coke", "energy_allocation"] == pytest.approx(12.31, abs=0.01)
    assert totals["gwp", "AR6"] == pytest.approx(found.total_kg_co2e, rel=1e-12)
    chosen = {(one.topic, one.choice) for one in found.alternatives if one.is_chosen}
    assert chosen == {
        ("packing_coke", "subdivision"),
        ("fines", "cut_off"),
        ("petroleum_coke", ""),
        ("coal_tar_pitch", ""),
        ("gwp", "AR6"),
    }


def test_a_recipe_chooses_the_allocation_and_the_record_keeps_it(session: Session) -> None:
    record = a_record_with(session, packing_coke_allocation="mass")
    found = methods_of(session, record)

    assert record.total_kg_co2e_per_kg == pytest.approx(9.13, abs=0.01)
    assert record.parameters["packing_coke_allocation"] == "mass"
    assert record.provenance["packing_coke_allocation"]["parts"][0]["source"] == "recipe"
    by_case = {one.case.case: one for one in found.decisions}
    assert (by_case["packing_coke"].chosen, by_case["packing_coke"].is_default) == ("mass", False)
    totals = {one.choice: one.total_kg_co2e for one in found.alternatives if one.topic == "packing_coke"}
    assert totals["subdivision"] == pytest.approx(12.48, abs=0.01)


def test_a_record_keeps_its_primary_data_share_and_ratings(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)
    bare = a_record(session, a_product(session, grade="AG-1")).result["data_quality"]
    answered = a_record(session, a_toll_product(session, a_product(session, grade="AG-2"), supplier)).result["data_quality"]

    assert bare["primary_data_share"] == 0.0
    # Half of the graphitization has metered kWh, but the grid's factor is secondary: burnt packing coke alone is primary.
    assert 0.01 < answered["primary_data_share"] < 0.1
    assert all(1.0 <= answered[name] <= 5.0 for name in ("technology", "geography", "time"))
    assert answered["technology"] < bare["technology"]
    assert sorted(answered["by_stage"]) == ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]
