"""What measures do together: hand calculations of one lever, parts that sum to the whole, and what does not mix."""

import pytest
from sqlmodel import Session

from lca_models.batch import calculate_batch
from lca_models.model import load_model
from service.errors import InvalidInputError
from service.measures.effects import ExclusiveMeasuresError, JointEffect, TooManyMeasuresError, joint_effect
from service.measures.product_flows import MOST_ON_ONE_PRODUCT
from service.measures.site_accounts import Line
from tests.builders import a_plant
from tests.measures.builders import YEAR, a_made_product, a_measure

GUANGDONG = 0.4419
"""kg CO2/kWh, data of 2023: the newest published."""


def national_factor() -> float:
    """Life-cycle factor of the default view, kg CO2e/kWh."""
    return load_model().electricity.view("national").kg_co2e_per_kwh


def graphitized_kg_per_kg() -> float:
    """Kg of graphitized powder per kg of product: what a difference of 1 kWh per kg of powder makes in all."""
    more, less = (
        float(calculate_batch(load_model(), {"furnace": "box", "graphitization_electricity_kwh_per_kg": kwh}).total_kg_co2e[0])
        for kwh in (10.0, 9.0)
    )
    return (more - less) / national_factor()


def parts(effect: JointEffect, line: Line) -> float:
    return sum(one.attributed_t[line] for one in effect.measures)


def test_less_electricity_avoids_its_kilowatt_hours_at_the_factor_of_the_province(session: Session) -> None:
    product = a_made_product(session, amount_t=1000.0)
    measure = a_measure(session, product, parameters={"graphitization_electricity_kwh_per_kg": 8.5})

    effect = joint_effect(session, [measure], year=YEAR)

    # the box furnace takes 9.5 kWh by default: 1 kWh less per kg of powder, 1000 t of product
    kwh = 1.0 * graphitized_kg_per_kg() * 1000 * 1000
    assert effect.avoided_t[Line.ELECTRICITY_LOCATION] == pytest.approx(kwh * GUANGDONG / 1000)
    assert effect.joint_t_co2 == pytest.approx(kwh * GUANGDONG / 1000)
    assert effect.avoided_t[Line.OWN] == pytest.approx(0.0, abs=1e-9)


def test_the_footprint_takes_the_life_cycle_factor_and_the_company_the_direct_one(session: Session) -> None:
    product = a_made_product(session, amount_t=1000.0)
    measure = a_measure(session, product, parameters={"graphitization_electricity_kwh_per_kg": 8.5})

    effect = joint_effect(session, [measure], year=YEAR)

    change = effect.products[0].before_kg - effect.products[0].after_kg
    assert change == pytest.approx(graphitized_kg_per_kg() * national_factor())
    assert change * 1000 != pytest.approx(effect.joint_t_co2, rel=0.01)


def test_the_parts_of_measures_that_interact_sum_to_what_they_do_together(session: Session) -> None:
    product = a_made_product(session)
    furnace = a_measure(session, product, lever="furnace", parameters={"furnace": "continuous"})
    crude = a_measure(session, product, lever="process_yield", parameters={"finishing_yield": 1.0})
    saving = a_measure(session, product, lever="carbonisation_fuel", parameters={"carbonization_natural_gas_nm3_per_kg": 0.0})

    effect = joint_effect(session, [furnace, crude, saving], year=YEAR)

    for line in Line:
        assert parts(effect, line) == pytest.approx(effect.avoided_t[line], rel=1e-9, abs=1e-6)
    assert effect.joint_t_co2 != pytest.approx(effect.sum_alone_t_co2, rel=1e-4)
    one = effect.products[0]
    assert sum(one.attributed_kg.values()) == pytest.approx(one.before_kg - one.after_kg)


def test_a_measure_that_has_spread_half_way_does_half(session: Session) -> None:
    product = a_made_product(session)
    whole = a_measure(session, product, parameters={"furnace": "continuous"}, lever="furnace")
    half = a_measure(session, product, parameters={"furnace": "continuous"}, lever="furnace", uptake_full=0.5)

    full, part = (joint_effect(session, [one], year=YEAR).joint_t_co2 for one in (whole, half))

    assert part == pytest.approx(full / 2)


def test_a_measure_does_nothing_before_it_begins(session: Session) -> None:
    product = a_made_product(session)
    later = a_measure(session, product, begins=YEAR + 1)

    assert joint_effect(session, [later], year=YEAR).joint_t_co2 == pytest.approx(0.0, abs=1e-9)


def test_certificates_lower_the_market_line_and_never_the_location_line(session: Session) -> None:
    product = a_made_product(session)
    bought = a_measure(session, lever="certificates", plant_id=product.plant_id, amount_per_year=1_000_000)

    effect = joint_effect(session, [bought], year=YEAR)

    assert effect.avoided_t[Line.ELECTRICITY_LOCATION] == pytest.approx(0.0, abs=1e-9)
    assert effect.avoided_t[Line.ELECTRICITY_MARKET] > 0.0
    assert effect.joint_t_co2 == pytest.approx(0.0, abs=1e-9)  # the plan does not say that certificates count


def test_own_photovoltaics_avoid_grid_electricity_by_either_way_of_counting(session: Session) -> None:
    product = a_made_product(session)
    panels = a_measure(session, lever="own_generation", plant_id=product.plant_id, amount_per_year=2_000_000)

    effect = joint_effect(session, [panels], year=YEAR)

    # 2 GWh at 0.4419 kg/kWh
    assert effect.avoided_t[Line.ELECTRICITY_LOCATION] == pytest.approx(883.8)
    assert effect.avoided_t[Line.ELECTRICITY_MARKET] > 0.0


def test_saved_gas_avoids_what_its_carbon_content_says(session: Session) -> None:
    product = a_made_product(session)
    saved = a_measure(session, lever="site_gas", plant_id=product.plant_id, amount_per_year=10_000)

    # GB/T 32151.34, Table C.1: 0.038931 GJ/Nm3 x 0.0153 tC/GJ x 0.99 x 44/12 = 2.16219 kg/Nm3
    assert joint_effect(session, [saved], year=YEAR).avoided_t[Line.OWN] == pytest.approx(21.6219, abs=1e-4)


def test_moving_graphitization_to_toll_plants_shows_on_a_line_of_its_own(session: Session) -> None:
    product = a_made_product(session)
    moved = a_measure(session, product, lever="supplier_shift", parameters={"toll_share": 1.0})

    effect = joint_effect(session, [moved], year=YEAR)

    assert effect.joint_t_co2 > 0.0  # the targets' figure improves
    assert effect.avoided_t[Line.TOLL] < 0.0  # and the tonnes are at the toll plant
    kwh_moved = -effect.avoided_t[Line.TOLL]
    assert kwh_moved > 0.5 * effect.joint_t_co2


def test_measures_that_exclude_each_other_are_refused_by_name(session: Session) -> None:
    product = a_made_product(session)
    first = a_measure(session, product, name_en="Continuous furnaces", exclusive_group="furnace")
    second = a_measure(session, product, name_en="Better box furnaces", exclusive_group="furnace")

    with pytest.raises(ExclusiveMeasuresError, match=r"Continuous furnaces.*Better box furnaces"):
        joint_effect(session, [first, second], year=YEAR)


def test_two_measures_that_set_one_parameter_are_told(session: Session) -> None:
    product = a_made_product(session)
    first = a_measure(session, product, parameters={"graphitization_electricity_kwh_per_kg": 9.0})
    second = a_measure(session, product, parameters={"graphitization_electricity_kwh_per_kg": 8.0})

    (found,) = joint_effect(session, [first, second], year=YEAR).disagreements

    assert (found.setting, found.earlier, found.later) == ("graphitization_electricity_kwh_per_kg", first.id, second.id)
    assert (found.earlier_value, found.later_value) == (9.0, 8.0)


def test_a_product_without_tonnes_is_named_and_not_counted_as_nothing_to_do(session: Session) -> None:
    product = a_made_product(session)
    unmade = a_made_product(session, plant=a_plant(session))
    session.flush()
    measure = a_measure(session, product, product_ids=[product.id, unmade.id])

    effect = joint_effect(session, [measure], year=YEAR - 2)

    assert set(effect.without_output) == {product.grade, unmade.grade}


def test_more_than_ten_measures_are_shared_out_over_drawn_orders_and_still_sum_exactly(session: Session) -> None:
    products = [a_made_product(session, plant=None) for _ in range(2)]
    sites = {one.plant_id for one in products}
    measures = [
        *(a_measure(session, one, parameters={"furnace": "continuous"}, lever="furnace") for one in products),
        *(
            a_measure(session, lever="own_generation", plant_id=site, amount_per_year=2_000_000 * (1 + place))
            for site in sites
            for place in range(5)
        ),
    ]

    effect = joint_effect(session, measures, year=YEAR)

    assert len(effect.measures) == 12
    for line in Line:
        assert parts(effect, line) == pytest.approx(effect.avoided_t[line], rel=1e-9, abs=1e-6)


def test_too_many_measures_on_one_product_are_refused_with_the_limit(session: Session) -> None:
    product = a_made_product(session)
    measures = [a_measure(session, product) for _ in range(MOST_ON_ONE_PRODUCT + 1)]

    with pytest.raises(TooManyMeasuresError, match=f"13 measures act on {product.grade}; at most 12"):
        joint_effect(session, measures, year=YEAR)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"product_ids": []}, "product_ids"),
        ({"parameters": {"no_such_parameter": 1.0}}, "parameters"),
        ({"parameters": {"graphitization_electricity_kwh_per_kg": 99.0}}, "parameters"),
        ({"parameters": {}}, "parameters"),
        ({"lever": "own_generation"}, "plant_id"),
    ],
)
def test_a_measure_that_the_model_can_not_take_is_refused_at_its_field(
    session: Session, fields: dict[str, object], named: str
) -> None:
    product = a_made_product(session)

    with pytest.raises(InvalidInputError) as refused:
        a_measure(session, product, **fields)

    assert named in refused.value.fields
