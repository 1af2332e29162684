"""What answers make of the model's parameters: the maker's own plant, resin, recycled graphite, freight."""

import uuid
from collections.abc import Mapping
from dataclasses import replace

import pytest

from lca_models.calculation import calculate_footprint
from lca_models.model import load_model
from service.footprints.data_quality import quality_of
from service.footprints.formula_units import conversion
from service.footprints.models import FootprintRecord
from service.footprints.ownership import ELECTRICITY, parts_of
from service.footprints.parameter_setting import ParametersError
from service.footprints.parameters import parameters_from
from service.footprints.protection import MAKER
from service.footprints.provenance import Provenance
from service.footprints.supplier_values import RULES
from service.products.models import Product
from service.submissions.questionnaire import current_registry
from service.submissions.questions import Use
from service.submissions.units import UnknownUnitError
from tests.builders import NOW, PERIOD
from tests.footprints.builders import TOLL_ANSWERS, accepted

PLANT, TOLL = uuid.UUID(int=1), uuid.UUID(int=2)

# 13,800 t of coke, of which 4,140 t needle coke, make 11,730 t of shaped powder (85 %); furnaces take 11,500 t and give 11,000 t.
PLANT_ANSWERS: Mapping[str, float | str] = {
    "evidence_source": "metered",
    "product_output": 10_800.0,
    "coke_in": 13_800.0,
    "needle_coke_in": 4_140.0,
    "shaped_powder_out": 11_730.0,
    "milling_electricity": 9_384_000.0,
    "fines_out": 1_656.0,
    "granulate_out": 11_600.0,
    "granulation_gas": 400_000.0,
    "fume_burner_gas": 180_000.0,
    "furnace_type": "acheson_crucible",
    "charge_in": 11_500.0,
    "product_out": 11_000.0,
    "furnace_electricity": 140_000_000.0,
    "auxiliary_electricity": 3_000_000.0,
    "crucibles_used": 16_500.0,
    "crucible_piece_mass": 20.0,
    "finishing_yield": 98.0,
    "fresh_water": 86_400.0,
    "diesel": 54.0,
    "recycled_graphite_in": 5.0,
    "packing_coke_price": 3_600.0,
    "bag_use": 2.4,
}


def a_product(*, toll_share: float = 0.0, recipe: dict[str, float] | None = None) -> Product:
    return Product(
        plant_id=uuid.uuid4(),
        grade="AG-1",
        name_zh="负极粉",
        name_en="Anode powder",
        furnace="acheson_crucible",
        toll_share=toll_share,
        recipe=recipe or {},
        created_at=NOW,
    )


def from_plant(
    answers: Mapping[str, float | str] = PLANT_ANSWERS, *, product: Product | None = None
) -> tuple[dict[str, float | str], dict[str, Provenance]]:
    given = {PLANT: accepted(answers, supplier_type="MAKER"), TOLL: accepted(TOLL_ANSWERS, number="S-2026-0002")}
    found = product or a_product()
    weights = {"own_plant": {PLANT: 1.0}} | ({"graphitised_powder": {TOLL: 1.0}} if found.toll_share else {})
    return parameters_from(found, weights, given, load_model(), background={})


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("milling_yield", 11_730 / 13_800),
        ("needle_coke_share", 4_140 / 13_800),
        ("milling_electricity_kwh_per_kg", 9_384_000 / 11_730 / 1000),
        ("milling_fines_recovered_share", 1_656 / (13_800 - 11_730)),
        ("granulation_natural_gas_nm3_per_kg", (400_000 + 180_000) / 11_600 / 1000),
        ("graphitization_feed_kg_per_kg", 11_500 / 11_000),
        ("graphitization_electricity_kwh_per_kg", (140_000_000 + 3_000_000) / 11_000 / 1000),  # 13 kWh/kg
        ("graphite_crucible_kg_per_kg", 16_500 * 20 / 11_000 / 1000),  # 30 kg/t
        ("finishing_yield", 0.98),
        ("utilities_water_kg_per_kg", 8.0),
        ("utilities_diesel_kg_per_kg", 0.005),
        ("recycled_graphite_share", 0.05),
        ("graphitized_packing_coke_price_cny_per_t", 3_600.0),
        ("big_bag_kg_per_kg", 0.0024),
    ],
)
def test_the_own_plants_totals_of_the_period_become_parameters_per_kilogram(parameter: str, value: float) -> None:
    parameters, provenance = from_plant()

    assert parameters[parameter] == pytest.approx(value, rel=1e-12)
    part = provenance[parameter].parts[0]
    assert (part.kind, part.place, part.supplier_id) == ("primary", "own", PLANT)


def test_the_arithmetic_names_every_answer_with_its_unit() -> None:
    _, provenance = from_plant()

    assert provenance["graphite_crucible_kg_per_kg"].parts[0].formula == (
        "crucibles_used 16,500 只 × crucible_piece_mass 20 kg/只 / product_out 11,000 t = 0.03 kg/kg"
    )
    assert provenance["milling_fines_recovered_share"].parts[0].formula == (
        "fines_out 1,656 t / (coke_in 13,800 t - shaped_powder_out 11,730 t) = 0.8"
    )


def test_answers_of_the_own_plant_come_before_its_recipe_and_what_is_missing_keeps_it() -> None:
    parameters, provenance = from_plant(product=a_product(recipe={"milling_yield": 0.7, "utilities_electricity_kwh_per_kg": 0.4}))

    assert parameters["milling_yield"] == pytest.approx(0.85)
    assert parameters["utilities_electricity_kwh_per_kg"] == 0.4
    assert provenance["utilities_electricity_kwh_per_kg"].parts[0].source == "recipe"


def test_an_own_plant_and_a_toll_plant_share_the_graphitization() -> None:
    parameters, provenance = from_plant(product=a_product(toll_share=0.25))

    # 0.75 × 13.0 (own) + 0.25 × 13.3 (toll)
    assert parameters["graphitization_electricity_kwh_per_kg"] == pytest.approx(0.75 * 13.0 + 0.25 * 13.3)
    assert [part.place for part in provenance["graphitization_electricity_kwh_per_kg"].parts] == ["own", "supplier"]
    assert parameters["milling_yield"] == pytest.approx(0.85)


def test_figures_of_another_furnace_are_refused_with_the_way_out() -> None:
    with pytest.raises(ParametersError, match=r"furnace type box.*Set the product's furnace to box"):
        from_plant({**PLANT_ANSWERS, "furnace_type": "box"})


def test_the_way_to_a_toll_plant_is_the_plants_own_answer() -> None:
    answers = {TOLL: accepted({**TOLL_ANSWERS, "toll_distance": 1600.0})}

    parameters, _ = parameters_from(
        a_product(toll_share=1.0), {"graphitised_powder": {TOLL: 0.5}}, answers, load_model(), background={}
    )

    # the unnamed half keeps the default of 1000 km
    assert parameters["toll_distance_km"] == pytest.approx(0.5 * 1600 + 0.5 * 1000)


def supplied(flow: str, values: Mapping[str, float | str], units: Mapping[str, str] | None = None) -> dict[str, float | str]:
    answers = replace(accepted({"evidence_source": "billed", **values}), units=units or {})
    return parameters_from(a_product(), {flow: {TOLL: 1.0}}, {TOLL: answers}, load_model(), background={})[0]


def test_footprints_of_resin_and_recycled_graphite_replace_their_factors() -> None:
    assert supplied("coating_resin", {"own_pcf": 3100.0})["coating_pitch_kg_co2e_per_kg"] == pytest.approx(3.1)
    recycled = supplied("recycled_graphite_concentrate", {"own_pcf": 900.0})
    assert recycled["recycled_graphite_kg_co2e_per_kg"] == pytest.approx(0.9)


@pytest.mark.parametrize(("said", "share"), [(None, 0.0), (60.0, 0.6), (100.0, 1.0)])
def test_a_suppliers_primary_data_share_counts_in_ours(said: float | None, share: float) -> None:
    """An input is primary as far as both its amount, here the own plant's, and its factor, here the supplier's, are."""

    def found(answer: float | None) -> float:
        own: dict[str, float | str] = {"evidence_source": "billed", "own_pcf": 500.0}
        coke = accepted(own | ({} if answer is None else {"own_primary_share": answer}), supplier_type="COKE")
        parameters, provenance = parameters_from(
            a_product(),
            {"own_plant": {PLANT: 1.0}, "green_petroleum_coke": {TOLL: 1.0}},
            {PLANT: accepted(PLANT_ANSWERS, supplier_type="MAKER"), TOLL: coke},
            load_model(),
            background={},
        )
        footprint = calculate_footprint(load_model(), parameters, check=False)
        return float(quality_of(load_model(), footprint, provenance, period_end=PERIOD[1])["primary_data_share"])

    nothing, everything = found(0.0), found(100.0)

    assert everything > nothing
    assert found(said) == pytest.approx(nothing + share * (everything - nothing))


def test_freight_is_fuel_over_load_where_a_carrier_says_both() -> None:
    road: dict[str, float | str] = {
        "transport_mode": "road",
        "fuel_use": 34.0,
        "vehicle_payload": 30.0,
        "load_share": 85.0,
        "empty_return_share": 40.0,
    }

    diesel = supplied("truck_diesel_heavy", {**road, "vehicle_energy": "diesel"}, {"fuel_use": "L/100km"})
    electric = supplied("truck_diesel_heavy", {**road, "vehicle_energy": "electric", "fuel_use": 150.0}, {"fuel_use": "kWh/100km"})
    unknown_load = supplied("truck_diesel_heavy", {"transport_mode": "road", "fuel_use": 34.0}, {"fuel_use": "L/100km"})

    # 0.34 L/km × 0.8275 kg/L × 3.81 kg CO2e/kg, 1.4 ways, over 25.5 t
    assert diesel["truck_kg_co2e_per_tkm"] == pytest.approx(0.34 * 0.8275 * 3.81 * 1.4 / 25.5)
    assert electric["truck_kg_co2e_per_tkm"] == pytest.approx(1.5 * 0.5777 * 1.4 / 25.5)
    assert unknown_load.get("truck_kg_co2e_per_tkm", 0.0978) == pytest.approx(0.0978)


def test_every_feed_makes_a_parameter_of_the_model_in_its_unit() -> None:
    registry, model = current_registry(), load_model()
    for question, feed in registry.feeds():
        if feed.rule:
            assert feed.rule in RULES, question.key
        elif feed.parameter:
            units = tuple((field, registry.unit_of(field, feed)) for field in feed.needs)
            assert conversion(feed.formula, units, model.definitions[feed.parameter].unit) > 0, question.key
        assert not feed.parameter or feed.parameter in model.definitions


def test_a_formula_that_adds_different_things_or_measures_something_else_is_refused() -> None:
    units = (("coke", "t"), ("power", "kWh"))

    with pytest.raises(UnknownUnitError, match="can't be added"):
        conversion("coke + power", units, "kg/kg")
    with pytest.raises(UnknownUnitError, match="does not convert to kg/kg"):
        conversion("power / coke", units, "kg/kg")


def test_a_field_says_whether_it_feeds_the_model() -> None:
    uses = {question.key: question.use for question in current_registry().by_type["TOLL"]}

    assert uses["charge_in"] is Use.MODEL  # in a formula
    assert uses["site_province"] is Use.MODEL  # read by the electricity views
    assert uses["total_energy"] is Use.CHECK
    assert uses["legal_name"] is Use.RECORD


def test_figures_of_the_own_plant_belong_to_the_maker_and_those_of_others_to_them() -> None:
    _, provenance = from_plant(product=a_product(toll_share=0.25))
    kwh = {"graphitization_electricity_kwh_per_kg": provenance["graphitization_electricity_kwh_per_kg"].as_dict()}
    process = "P3_graphitisation:acheson_crucible"
    result = {"electricity_kwh_by_process": {process: 13.0}, "by_process_and_flow": {process: {ELECTRICITY: 7.5}}}
    record = FootprintRecord(result=result, provenance=kwh)  # type: ignore[call-arg] # what else a record holds is not read

    owners = {part.owner: part.kg_co2e for part in parts_of(record, load_model())}

    # a quarter of the graphitization, by weight, is the toll plant's
    assert owners == {MAKER: pytest.approx(0.75 * 7.5), str(TOLL): pytest.approx(0.25 * 7.5)}
