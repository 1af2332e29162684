"""A supplier's supplier in the footprint: hand-worked with the model's own default factors."""

import uuid
from collections.abc import Mapping
from dataclasses import replace

import pytest

from lca_models.model import load_model
from service.footprints.parameters import parameters_from, resolved
from service.footprints.provenance import Provenance
from service.products.models import Product
from service.submissions.queries import AcceptedAnswers
from service.submissions.upstream_queries import UpstreamFootprint
from tests.builders import NOW
from tests.footprints.builders import TOLL_ANSWERS, accepted

FIRST, SECOND = uuid.UUID(int=1), uuid.UUID(int=2)
CALCINER: Mapping[str, float | str] = {"calcination_yield": 80.0, "calcination_co2": 0.6}


def with_upstream(answers: AcceptedAnswers, **kg_co2e_per_kg: float) -> AcceptedAnswers:
    found = {
        flow: UpstreamFootprint(kg_co2e_per_kg=kg, own_share=1.0, submission_id=uuid.uuid4()) for flow, kg in kg_co2e_per_kg.items()
    }
    return replace(answers, upstream=found)


def a_product(toll_share: float = 0.0) -> Product:
    return Product(
        plant_id=uuid.uuid4(), grade="AG-1", name_zh="粉", name_en="Powder", furnace="box", toll_share=toll_share, created_at=NOW
    )


def read(flow: str, *answers: AcceptedAnswers, toll_share: float = 0.0) -> Mapping[str, Provenance]:
    suppliers = (FIRST, SECOND)[: len(answers)]
    shares = dict.fromkeys(suppliers, 1.0 / len(answers))
    found = dict(zip(suppliers, answers, strict=True))
    return parameters_from(a_product(toll_share), {flow: shares}, found, load_model(), background={})[1]


def default(parameter: str) -> float:
    return float(resolved(load_model(), {})[parameter])


def test_green_coke_of_a_calciners_supplier_takes_the_place_of_the_default() -> None:
    found = read("packing_coke_net", with_upstream(accepted(CALCINER, supplier_type="COKE"), green_petroleum_coke=0.3))
    factor, green = found["packing_coke_kg_co2e_per_kg"], default("green_petroleum_coke_kg_co2e_per_kg")

    # 1 / 0.80 = 1.25 kg of green coke at 0.3, in the place of 1.346 kg at the default; CO2 of 0.6 in the place of 0.72338.
    expected = default("packing_coke_kg_co2e_per_kg") + (1.25 * 0.3 - 1.346 * green) + (0.6 - 0.72338)
    assert factor.value == pytest.approx(expected, rel=1e-12)
    assert "× 0.3 - 1.346" in factor.parts[0].formula


def test_pitch_takes_one_kilogram_of_the_suppliers_tar_for_coal_and_coke_oven() -> None:
    answers = accepted({"distillation_fuel": 2.0}, supplier_type="PITCH")
    without = read("coal_tar_pitch", answers)["coal_tar_pitch_kg_co2e_per_kg"]
    with_tar = read("coal_tar_pitch", with_upstream(answers, coal_tar=0.9))["coal_tar_pitch_kg_co2e_per_kg"]

    # 1 kg of tar at 0.9; 1.03 kg of coking coal at 0.25 and 0.31 kg of CO2 from the coke oven leave.
    assert float(with_tar.value) - float(without.value) == pytest.approx(0.9 - 1.03 * 0.25 - 0.31, rel=1e-9)


def test_crucibles_take_coke_and_pitch_of_both_suppliers() -> None:
    answers = accepted({"block_electricity": 2500.0, "block_gas": 0.0, "machining_loss": 20.0}, supplier_type="CRUCIBLE")
    without = read("graphite_crucible", answers)["graphite_crucible_kg_co2e_per_kg"]
    both = with_upstream(answers, calcined_petroleum_coke=1.0, coal_tar_pitch=0.8)
    with_both = read("graphite_crucible", both)["graphite_crucible_kg_co2e_per_kg"]

    # 0.81992 kg of coke at 1.0 for 1.59, 0.205 kg of pitch at 0.8 for the default; a fifth is machined off: / 0.8.
    change = 0.81992 * (1.0 - 1.59) + 0.205 * (0.8 - default("coal_tar_pitch_kg_co2e_per_kg"))
    assert float(with_both.value) - float(without.value) == pytest.approx(change / 0.8, rel=1e-9)


def test_packing_coke_of_toll_plants_is_averaged_by_what_each_uses() -> None:
    first = with_upstream(accepted(TOLL_ANSWERS), packing_coke_net=0.9)
    second = accepted({**TOLL_ANSWERS, "packing_coke_net": 95.0})

    factor = read("graphitised_powder", first, second, toll_share=1.0)["packing_coke_kg_co2e_per_kg"]

    # 190 / 950 = 0.2 kg/kg at 0.9, 95 / 950 = 0.1 kg/kg at the default: (0.2 x 0.9 + 0.1 x default) / 0.3
    assert factor.value == pytest.approx((0.2 * 0.9 + 0.1 * default("packing_coke_kg_co2e_per_kg")) / 0.3, rel=1e-12)


def test_a_coke_supplier_that_the_product_names_comes_before_those_of_toll_plants() -> None:
    toll = with_upstream(accepted(TOLL_ANSWERS), packing_coke_net=0.9)
    weights = {"graphitised_powder": {FIRST: 1.0}, "packing_coke_net": {SECOND: 1.0}}
    own = accepted({"own_pcf": 1100.0}, supplier_type="COKE")

    _, found = parameters_from(a_product(1.0), weights, {FIRST: toll, SECOND: own}, load_model(), background={})

    assert found["packing_coke_kg_co2e_per_kg"].value == pytest.approx(1.1)


def test_nothing_changes_for_a_flow_that_the_reader_does_not_take() -> None:
    answers = accepted(CALCINER, supplier_type="COKE")

    plain = read("packing_coke_net", answers)["packing_coke_kg_co2e_per_kg"]
    other = read("packing_coke_net", with_upstream(answers, coal_tar=9.0))["packing_coke_kg_co2e_per_kg"]

    assert plain == other
