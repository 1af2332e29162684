from typing import Any

import numpy as np
import pytest

from lca_models.background.gases import BackgroundFlow, characterize, compartment_of
from lca_models.background.inventory import BackgroundImportError, CompiledInventory, compile_inventory
from lca_models.model import load_model
from tests.lca_models.background import formats


def compiled(nodes: list[dict[str, Any]]) -> CompiledInventory:
    return compile_inventory(nodes, emission_flows=load_model().emission_flows)


def with_bar(*exchanges: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the small system with other exchanges of the bar."""
    return formats.nodes(bar=list(exchanges))


OUTPUT = {"type": "production", "input": ("db", "bar"), "amount": 1.0, "name": "bar", "unit": "kilogram"}
POWER = {"type": "technosphere", "input": ("db", "power"), "amount": 2.0, "name": "power", "unit": "kilowatt hour"}


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        (with_bar(POWER), "“bar production [CN]” has no output of a reference product (0 outputs, sum 0)"),
        (with_bar({**OUTPUT, "amount": 0.0}), "(1 outputs, sum 0). Give it one output, not zero."),
        (
            with_bar(OUTPUT, {**OUTPUT, "input": ("db", "power"), "name": "heat"}),
            "“bar production [CN]” has 2 reference products: bar, heat. Allocate it before exporting",
        ),
        (
            with_bar({**OUTPUT, "input": ("db", "power")}),
            "“power production [CN]” and “bar production [CN]” both make “power production”",
        ),
        (
            with_bar(OUTPUT, {**POWER, "amount": float("nan")}),
            "“bar production [CN]” takes or gives “nan” of “technosphere power [kilowatt hour, -]”, which is not a finite number",
        ),
        (with_bar(OUTPUT, {**POWER, "amount": "2,5"}), "“2,5” of “technosphere power"),
        (with_bar(OUTPUT, {**POWER, "type": "biosphere"}), "has an exchange of type “biosphere” with “biosphere power"),
        (with_bar(OUTPUT, {**POWER, "type": "magic"}), "has an exchange of type “magic”"),
        (formats.nodes()[2:], "The file has no activity"),
    ],
)
def test_what_can_not_be_a_background_is_refused_by_process_flow_value_and_fix(nodes: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(BackgroundImportError) as refused:
        compiled(nodes)

    assert message in str(refused.value)


def test_unlinked_exchanges_are_counted_and_the_first_twenty_listed() -> None:
    lost = [{**POWER, "input": ("db", f"x{number}"), "name": f"flow {number:02}"} for number in range(25)]

    with pytest.raises(BackgroundImportError) as refused:
        compiled(with_bar(OUTPUT, *lost, lost[24]))

    message = str(refused.value)
    assert message.startswith("26 exchanges (25 different) lead to no activity")
    assert message.index("flow 24") < message.index("flow 00")  # the one that is missing twice comes first
    assert "flow 18" in message
    assert "flow 19" not in message
    assert "; …" in message


def test_credits_and_repeated_inputs_add_up_with_their_signs() -> None:
    """2 + 1 kWh taken and 0.5 kWh given back as a substitution."""
    inventory = compiled(with_bar(OUTPUT, POWER, {**POWER, "amount": 1.0}, {**POWER, "type": "substitution", "amount": 0.5}))

    assert inventory.background.technosphere.toarray() == pytest.approx(np.array([[1.0, -2.5], [0.0, 1.0]]))


def test_repeated_uncertain_inputs_spread_like_their_sum() -> None:
    """Two of 1 kWh each with sigma 0.2 sum to 2 kWh with 0.2 x sqrt(2) / 2 = 0.1414."""
    one = {**POWER, "amount": 1.0, "uncertainty type": 2, "loc": 0.0, "scale": 0.2}

    spread = compiled(with_bar(OUTPUT, one, one)).background.spread

    assert spread is not None
    assert spread.technosphere == pytest.approx([0.0, 0.141421356, 0.0], rel=1e-6)


def test_distributions_that_are_not_lognormal_count_as_fixed_and_are_counted() -> None:
    triangular = {**POWER, "uncertainty type": 5, "minimum": 1.0, "maximum": 3.0, "loc": 2.0}

    inventory = compiled(with_bar(OUTPUT, triangular))

    assert inventory.other_distributions == 1


@pytest.mark.parametrize(
    ("name", "compartments", "category", "kg_co2e"),
    [
        ("Carbon dioxide, fossil", ("air", "urban air close to ground"), "fossil", 1.0),
        ("Carbon dioxide, fossil", ("air", "lower stratosphere + upper troposphere"), "aircraft", 1.0),
        ("Carbon dioxide, in air", ("natural resource", "in air"), "biogenic_uptake", -1.0),
        ("Carbon dioxide, non-fossil", ("air",), "biogenic", 1.0),
        ("Carbon dioxide, from soil or biomass stock", ("air",), "land_use", 1.0),
        ("Carbon dioxide, to soil or biomass stock", ("soil", "forestry"), "land_use", -1.0),
        ("Methane, fossil", (), "fossil", 29.8),
        ("Methane, non-fossil", ("air",), "biogenic", 27.0),
        ("Dinitrogen monoxide", ("Elementary flows", "Emission to air", "unspecified"), "fossil", 273.0),
        ("Sulfur hexafluoride", ("air",), "fossil", 25_200.0),
        ("Ethane, 1,1-difluoro-, HFC-152a", ("air",), "fossil", 164.0),
        ("Methane, tetrafluoro-, R-14", ("air",), "fossil", 7_380.0),
        # 44/28 of the CO2 that it becomes
        ("Carbon monoxide, non-fossil", ("air",), "biogenic", 1.571),
    ],
)
def test_greenhouse_gases_are_recognised_by_name_and_compartment(
    name: str, compartments: tuple[str, ...], category: str, kg_co2e: float
) -> None:
    flow = BackgroundFlow(name=name, unit="kilogram", compartments=compartments)

    found = characterize([flow], emission_flows=load_model().emission_flows)

    rows = ["fossil", "biogenic", "biogenic_uptake", "land_use", "aircraft"]
    assert found.factors[:, 0].tolist() == [kg_co2e if row == category else 0.0 for row in rows]
    assert len(found.matched) == 1
    assert found.unmatched == ()


@pytest.mark.parametrize(
    ("name", "unit", "compartments"),
    [
        ("Methane, trichlorofluoro-, CFC-11", "kilogram", ("air",)),
        ("Halon 1211", "kilogram", ("air",)),
        ("Carbon dioxide, fossil", "cubic meter", ("air",)),
    ],
)
def test_what_looks_like_a_greenhouse_gas_and_counts_nothing_is_reported(
    name: str, unit: str, compartments: tuple[str, ...]
) -> None:
    found = characterize(
        [BackgroundFlow(name=name, unit=unit, compartments=compartments)], emission_flows=load_model().emission_flows
    )

    assert not found.factors.any()
    assert len(found.unmatched) == 1


@pytest.mark.parametrize(
    ("name", "compartments"),
    [
        ("NMVOC, non-methane volatile organic compounds", ("air",)),
        ("Methane, fossil", ("water", "ground-")),
        ("Water", ("air",)),
        ("Sulfur dioxide", ("air",)),
    ],
)
def test_other_flows_count_nothing_and_are_not_reported(name: str, compartments: tuple[str, ...]) -> None:
    found = characterize(
        [BackgroundFlow(name=name, unit="kilogram", compartments=compartments)], emission_flows=load_model().emission_flows
    )

    assert not found.factors.any()
    assert found.unmatched == ()


def test_a_flow_that_says_nothing_goes_to_air() -> None:
    assert compartment_of(()) == "air"
