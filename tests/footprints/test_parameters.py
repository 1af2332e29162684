import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_models.calculation import calculate_footprint
from lca_models.model import load_model
from service.footprints.parameter_setting import ParametersError
from service.footprints.parameters import parameters_from
from service.footprints.provenance import Part, Provenance
from service.footprints.rules import shares_by_kind
from service.products.models import Product
from service.submissions.queries import AcceptedAnswers
from tests.builders import NOW
from tests.footprints.builders import TOLL_ANSWERS, accepted

FIRST, SECOND = uuid.UUID(int=1), uuid.UUID(int=2)
ELECTRICITY = "graphitization_electricity_kwh_per_kg"


def a_product(*, furnace: str = "acheson_crucible", toll_share: float = 0.0, recipe: dict[str, float] | None = None) -> Product:
    return Product(
        plant_id=uuid.uuid4(),
        grade="AG-1",
        name_zh="负极粉",
        name_en="Anode powder",
        furnace=furnace,
        toll_share=toll_share,
        recipe=recipe or {},
        created_at=NOW,
    )


def from_toll(
    *answers: AcceptedAnswers | None, shares: tuple[float, ...] = (1.0,), product: Product | None = None
) -> tuple[dict[str, float | str], dict[str, Provenance]]:
    suppliers = (FIRST, SECOND)[: len(answers)]
    return parameters_from(
        product or a_product(toll_share=1.0),
        {"graphitised_powder": dict(zip(suppliers, shares, strict=True))},
        {supplier: one for supplier, one in zip(suppliers, answers, strict=True) if one},
        load_model(),
        background={},
    )


def test_a_product_without_suppliers_and_recipe_is_the_model_default() -> None:
    parameters, provenance = parameters_from(a_product(), {}, {}, load_model(), background={})

    assert parameters == {"furnace": "acheson_crucible", "toll_share": 0.0}
    assert calculate_footprint(load_model(), parameters).total_kg_co2e == pytest.approx(12.48, abs=0.02)
    assert provenance[ELECTRICITY].kind == "default"
    assert provenance[ELECTRICITY].parts[0].source.startswith("Carrere2024")


def test_metered_electricity_of_a_toll_plant_is_divided_by_what_came_out() -> None:
    parameters, provenance = from_toll(accepted(TOLL_ANSWERS))

    # (12,350,000 + 285,000) kWh / (950 t x 1000 kg/t)
    assert parameters[ELECTRICITY] == pytest.approx(13.3)
    assert parameters["graphitization_feed_kg_per_kg"] == pytest.approx(1000 / 950)
    assert parameters["packing_coke_net_kg_per_kg"] == pytest.approx(0.2)
    assert parameters["packing_coke_sold_kg_per_kg"] == pytest.approx(0.8)
    part = provenance[ELECTRICITY].parts[0]
    assert (part.kind, part.source, part.supplier_id, part.weight) == ("primary", "S-2026-0001", FIRST, 1.0)
    assert (
        part.formula == "(furnace_electricity 12,350,000 kWh + auxiliary_electricity 285,000 kWh) / product_out 950 t = 13.3 kWh/kg"
    )


def test_less_packing_coke_lowers_the_direct_co2_by_its_carbon() -> None:
    model = load_model()
    direct = {
        net: calculate_footprint(model, from_toll(accepted({**TOLL_ANSWERS, "packing_coke_net": net}))[0]).direct_co2_kg
        for net in (190.0, 95.0)
    }

    # 95 t / 950 t = 0.1 kg/kg of 98 % carbon, of which 0.72 / (0.25 x 0.98 x 44/12) burns;
    # 0.985 kg graphitised per kg coated, 1.015 kg coated per kg packed
    per_kg_graphitised = 0.1 * 0.72 / (0.25 * 0.98 * 44 / 12) * 0.98 * 44 / 12
    graphitised_per_kg_product = 0.985 * 1.015
    assert direct[190.0] - direct[95.0] == pytest.approx(per_kg_graphitised * graphitised_per_kg_product)


def test_two_toll_plants_are_weighted_by_share() -> None:
    second = accepted(
        {**TOLL_ANSWERS, "furnace_electricity": 9_500_000.0, "auxiliary_electricity": 475_000.0}, number="S-2026-0002"
    )

    parameters, provenance = from_toll(accepted(TOLL_ANSWERS), second, shares=(0.6, 0.4))

    # second: 9,975,000 / 950,000 = 10.5; 0.6 x 13.3 + 0.4 x 10.5
    assert parameters[ELECTRICITY] == pytest.approx(12.18)
    assert [part.source for part in provenance[ELECTRICITY].parts] == ["S-2026-0001", "S-2026-0002"]


def test_a_toll_plant_without_accepted_answers_counts_with_the_default_and_never_with_zero() -> None:
    parameters, provenance = from_toll(accepted(TOLL_ANSWERS), None, shares=(0.75, 0.25))

    # 0.75 x 13.3 + 0.25 x 13.0 (Acheson default)
    assert parameters[ELECTRICITY] == pytest.approx(13.225)
    shares = provenance[ELECTRICITY].shares
    assert shares["primary"] == pytest.approx(0.75 * 13.3 / 13.225)
    assert shares["default"] == pytest.approx(0.25 * 13.0 / 13.225)


def test_an_unanswered_field_keeps_the_default_and_is_named() -> None:
    without = {field: value for field, value in TOLL_ANSWERS.items() if field != "auxiliary_electricity"}

    parameters, provenance = from_toll(accepted(without))

    assert ELECTRICITY not in parameters
    part = provenance[ELECTRICITY].parts[0]
    assert (part.kind, part.value, part.missing) == ("default", 13.0, ("auxiliary_electricity",))


def test_an_own_furnace_keeps_its_recipe_beside_the_toll_plant() -> None:
    product = a_product(toll_share=0.5, recipe={ELECTRICITY: 12.5})

    parameters, provenance = from_toll(accepted(TOLL_ANSWERS), product=product)

    # 0.5 x 12.5 + 0.5 x 13.3
    assert parameters[ELECTRICITY] == pytest.approx(12.9)
    assert [(part.kind, part.source, part.place) for part in provenance[ELECTRICITY].parts] == [
        ("secondary", "recipe", "own"),
        ("primary", "S-2026-0001", "supplier"),
    ]


def test_estimates_are_secondary_data() -> None:
    _, provenance = from_toll(accepted({**TOLL_ANSWERS, "evidence_source": "estimated"}))

    assert provenance[ELECTRICITY].kind == "secondary"


def test_one_estimated_field_makes_what_is_calculated_from_it_secondary() -> None:
    _, provenance = from_toll(accepted(TOLL_ANSWERS, kinds={"auxiliary_electricity": "estimated"}))

    assert provenance[ELECTRICITY].kind == "secondary"
    assert provenance["packing_coke_net_kg_per_kg"].kind == "primary"


def test_a_toll_plant_with_another_furnace_brings_that_furnaces_defaults() -> None:
    parameters, _ = from_toll(accepted({**TOLL_ANSWERS, "furnace_type": "box"}), shares=(1.0,))

    # box: crucible 0.02 kg/kg and 0.03 kg CO2/kg from the charge; burn-off 0.45 kg CO2 of 0.15 kg packing coke
    assert parameters["graphite_crucible_kg_per_kg"] == pytest.approx(0.02)
    assert parameters["charge_and_lining_co2_kg_per_kg"] == pytest.approx(0.03)
    assert parameters["packing_coke_oxidised_share"] == pytest.approx(0.45 / (0.15 * 0.98 * 44 / 12))


def test_the_oxidised_share_is_weighted_by_the_packing_coke_it_is_a_share_of() -> None:
    box = accepted({**TOLL_ANSWERS, "furnace_type": "box", "packing_coke_net": 95.0}, number="S-2026-0002")

    parameters, _ = from_toll(accepted(TOLL_ANSWERS), box, shares=(0.5, 0.5))

    acheson_share, box_share = 0.72 / (0.25 * 0.98 * 44 / 12), 0.45 / (0.15 * 0.98 * 44 / 12)
    assert parameters["packing_coke_oxidised_share"] == pytest.approx((0.2 * acheson_share + 0.1 * box_share) / 0.3)


def test_a_furnace_that_needs_what_the_products_furnace_lacks_is_refused_with_the_way_out() -> None:
    with pytest.raises(
        ParametersError, match=r"S-2026-0001 runs the furnace type continuous.*Set the product's furnace to continuous"
    ):
        from_toll(accepted({**TOLL_ANSWERS, "furnace_type": "continuous"}))


def test_a_value_the_model_does_not_allow_names_parameter_value_range_and_submission() -> None:
    with pytest.raises(
        ParametersError, match=r"graphitization_electricity_kwh_per_kg from S-2026-0001 is 130\.3 kWh/kg, outside the 0 to 40"
    ):
        from_toll(accepted({**TOLL_ANSWERS, "furnace_electricity": 123_500_000.0}))


def test_toll_plants_without_toll_share_are_a_contradiction() -> None:
    with pytest.raises(ParametersError, match="toll share is zero"):
        from_toll(accepted(TOLL_ANSWERS), product=a_product(toll_share=0.0))


def supplied(
    flow: str, values: dict[str, float | str], *, supplier_type: str, share: float = 1.0
) -> tuple[dict[str, float | str], dict[str, Provenance]]:
    answers = {FIRST: accepted({"evidence_source": "billed", **values}, supplier_type=supplier_type)}
    return parameters_from(a_product(), {flow: {FIRST: share}}, answers, load_model(), background={})


def test_a_suppliers_own_footprint_replaces_the_factor() -> None:
    parameters, provenance = supplied("green_petroleum_coke", {"own_pcf": 520.0}, supplier_type="COKE")

    assert parameters["green_petroleum_coke_kg_co2e_per_kg"] == pytest.approx(0.52)
    assert provenance["green_petroleum_coke_kg_co2e_per_kg"].kind == "primary"


def test_calcination_co2_says_nothing_about_green_coke() -> None:
    parameters, provenance = supplied(
        "green_petroleum_coke", {"calcination_co2": 0.9, "calcination_yield": 70.0}, supplier_type="COKE"
    )

    assert "green_petroleum_coke_kg_co2e_per_kg" not in parameters
    assert provenance["green_petroleum_coke_kg_co2e_per_kg"].parts[0].missing == ("own_pcf",)


def test_a_calciners_yield_co2_and_energy_change_the_default_by_their_difference() -> None:
    answers = {"calcination_yield": 80.0, "calcination_co2": 0.6, "calciner_gas": 12.0, "calciner_electricity": 60.0}

    parameters, provenance = supplied("packing_coke_net", answers, supplier_type="COKE")

    # default 1.59 with 1.346 kg green coke (0.60) and 0.72338 kg CO2 built in; gas and electricity are not in it
    expected = 1.59 + (1 / 0.8 - 1.346) * 0.60 + (0.6 - 0.72338) + 0.012 * 2.768 + 0.060 * 0.5777
    assert parameters["packing_coke_kg_co2e_per_kg"] == pytest.approx(expected)
    assert provenance["packing_coke_kg_co2e_per_kg"].kind == "secondary"


def test_a_crucible_makers_energy_changes_the_default_and_machining_loss_is_carried() -> None:
    parameters, _ = supplied(
        "graphite_crucible", {"block_electricity": 4500.0, "block_gas": 320.0, "machining_loss": 35.0}, supplier_type="CRUCIBLE"
    )

    # default 3.03 has 2.5 kWh and no gas built in
    block = 3.03 + (4.5 - 2.5) * 0.5777 + 0.32 * 2.768
    assert parameters["graphite_crucible_kg_co2e_per_kg"] == pytest.approx(block / 0.65)


def test_a_pitch_distillers_energy_replaces_that_of_the_default() -> None:
    parameters, _ = supplied(
        "coal_tar_pitch", {"distillation_fuel": 3.0, "electricity_per_t": 40.0, "steam_per_t": 0.5}, supplier_type="PITCH"
    )

    # built in: 0.064 Nm3 gas (2.768) and 0.066 kWh; the supplier: 3 GJ at 71.1 kg/GJ, 0.04 kWh, 0.5 GJ steam at 79 kg/GJ per t
    expected = 1.20 + (3.0 * 0.0711 - 0.064 * 2.768) + (0.040 - 0.066) * 0.5777 + 0.0005 * 79
    assert parameters["coal_tar_pitch_kg_co2e_per_kg"] == pytest.approx(expected)


def test_nitrogen_is_its_electricity_at_the_national_factor() -> None:
    parameters, _ = supplied("nitrogen", {"nitrogen_electricity": 0.32}, supplier_type="GAS")

    assert parameters["nitrogen_kg_co2e_per_nm3"] == pytest.approx(0.32 * 0.5777)


def test_a_share_without_answers_keeps_the_default_of_a_factor() -> None:
    parameters, _ = supplied("green_petroleum_coke", {"own_pcf": 500.0}, supplier_type="COKE", share=0.3)

    # the other 70 % are not named: 0.3 x 0.5 + 0.7 x 0.6
    assert parameters["green_petroleum_coke_kg_co2e_per_kg"] == pytest.approx(0.57)


def test_reused_bags_and_recycled_resin_lower_packaging() -> None:
    parameters, _ = supplied("pp_big_bag", {"recycled_share": 20.0, "trips": 2.0}, supplier_type="PACKAGING")

    assert parameters["big_bag_kg_per_kg"] == pytest.approx(0.005 / 2)
    assert parameters["pp_big_bag_kg_co2e_per_kg"] == pytest.approx(2.3 - 0.2 * 1.587)


def test_rail_takes_the_factor_of_rail_and_its_own_distance() -> None:
    parameters, _ = supplied("truck_diesel_heavy", {"transport_mode": "rail", "route_distance": 1250.0}, supplier_type="LOGISTICS")

    assert parameters["truck_kg_co2e_per_tkm"] == pytest.approx(0.010)
    assert parameters["coke_transport_distance_km"] == pytest.approx(1250)


def test_coke_suppliers_distances_are_weighted_by_mass() -> None:
    answers = {
        FIRST: accepted({"transport_distance": 300.0}, supplier_type="COKE"),
        SECOND: accepted({"transport_distance": 1300.0}),
    }

    parameters, _ = parameters_from(
        a_product(), {"green_petroleum_coke": {FIRST: 0.8, SECOND: 0.2}}, answers, load_model(), background={}
    )

    assert parameters["coke_transport_distance_km"] == pytest.approx(0.8 * 300 + 0.2 * 1300)


def test_a_richer_gas_carries_more_of_the_default_by_its_heating_value() -> None:
    parameters, provenance = supplied("natural_gas", {"gas_heating_value": 35.5}, supplier_type="GAS")

    # the default of 2.768 kg/Nm3 is of gas with 38.931 MJ/Nm3
    assert parameters["natural_gas_kg_co2e_per_nm3"] == pytest.approx(2.768 * 35.5 / 38.931)
    assert provenance["natural_gas_kg_co2e_per_nm3"].kind == "secondary"


def test_a_flow_the_model_does_not_buy_is_refused() -> None:
    with pytest.raises(ParametersError, match="“moon_dust”"):
        supplied("moon_dust", {}, supplier_type="COKE")


@settings(deadline=None)  # the first example loads the model
@given(
    kwh=st.floats(4e6, 17e6),
    packing=st.floats(0, 400),
    share=st.floats(0.01, 0.99),
    toll_share=st.floats(0.01, 1.0),
)
def test_shares_by_data_kind_sum_to_one_whatever_is_mixed(kwh: float, packing: float, share: float, toll_share: float) -> None:
    answers = accepted({**TOLL_ANSWERS, "furnace_electricity": kwh, "packing_coke_net": packing})
    parameters, provenance = from_toll(answers, None, shares=(share, 1 - share), product=a_product(toll_share=toll_share))

    shares = shares_by_kind(calculate_footprint(load_model(), parameters, check=False), provenance)

    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-12)
    assert min(shares.values()) >= 0


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 1)), min_size=1, max_size=5))
def test_the_shares_of_a_parameter_sum_to_one(parts: list[tuple[float, float]]) -> None:
    kinds = ("primary", "secondary", "default")
    mixture = tuple(
        Part(kind=kinds[index % 3], value=value, weight=weight, source="s")  # type: ignore[arg-type] # one of the literals
        for index, (value, weight) in enumerate(parts)
    )
    provenance = Provenance(unit="kg/kg", value=1.0, default=1.0, parts=mixture)

    assert sum(provenance.shares.values()) == pytest.approx(1.0)
