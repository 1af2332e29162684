import pytest

from lca_models.calculation import calculate_footprint
from lca_models.formulas import parse_formula
from lca_models.model import load_model
from service.modelling.equations import equations_of, readable, technosphere_of
from service.modelling.inspection import (
    FactorKind,
    defaults_that_use,
    exchange_lines,
    factor_lines,
    parameter_uses,
    producers_of,
    route_of,
)

MODEL = load_model()
FURNACES = MODEL.parameter("furnace").choices


@pytest.mark.parametrize("furnace", FURNACES)
def test_the_lines_of_all_processes_add_up_to_the_result(furnace: str) -> None:
    lines = [line for process in route_of(MODEL, furnace) for line in exchange_lines(MODEL, process, furnace)]

    total = sum(line.kg_co2e_per_kg or 0.0 for line in lines)
    assert total == pytest.approx(calculate_footprint(MODEL, {"furnace": furnace}).total_kg_co2e, rel=1e-12)


def test_a_route_has_one_furnace() -> None:
    route = route_of(MODEL, "box")

    assert [name for name in route if name.startswith("P3")] == ["P3_graphitisation:box"]
    assert list(route) == sorted(route)


def test_electricity_of_the_furnace_is_amount_times_factor_times_need() -> None:
    """13 kWh x 0.5777 x 0.985 x 1.015 kg graphitized powder per kg packed = 7.5084."""
    lines = exchange_lines(MODEL, "P3_graphitisation:acheson_crucible", "acheson_crucible")
    electricity = next(line for line in lines if line.exchange.flow == "electricity_cn_grid")

    assert electricity.amount == 13.0
    assert electricity.kg_co2e_per_kg == pytest.approx(13 * 0.5777 * 0.985 * 1.015, rel=1e-3)
    assert electricity.producer is None


def test_the_parts_of_an_emission_are_told_apart() -> None:
    """Packing coke 0.25 kg x 0.8015 x 0.98 x 44/12 = 0.72 kg CO2, charge and lining 0.05 kg."""
    lines = exchange_lines(MODEL, "P3_graphitisation:acheson_crucible", "acheson_crucible")
    parts = {line.formula.part: line.amount for line in lines if line.exchange.flow == "CO2_fossil" and line.formula}

    assert parts == pytest.approx({"packing_coke": 0.72, "charge": 0.05})


def test_every_product_of_a_route_has_the_process_that_makes_it() -> None:
    producers = producers_of(MODEL, "box")

    lines = exchange_lines(MODEL, "P2_granulation_precarbonisation", "box")
    assert next(line.producer for line in lines if line.exchange.flow == "shaped_coke_powder") == producers["shaped_coke_powder"]
    assert producers["graphitised_powder"] == "P3_graphitisation:box"


def test_a_parameter_knows_where_it_is_used() -> None:
    uses = parameter_uses(MODEL, "coal_tar_pitch_kg_co2e_per_kg")

    assert [(use.process, use.flow, use.as_factor) for use in uses] == [("P2_granulation_precarbonisation", "coal_tar_pitch", True)]
    assert {use.process for use in parameter_uses(MODEL, "packing_coke_net_kg_per_kg")} == {"P3_graphitisation"}
    assert "coating_pitch_kg_co2e_per_kg" in defaults_that_use(MODEL, "coal_tar_pitch_kg_co2e_per_kg")


def test_direct_and_life_cycle_electricity_factors_keep_their_kinds_in_the_library() -> None:
    lines = factor_lines(MODEL)
    kinds = {(line.factor.flow.partition(":")[0], line.kind) for line in lines if line.factor_set}

    assert {kind for flow, kind in kinds if flow.startswith(("direct_co2", "ets_"))} == {FactorKind.DIRECT_CO2}
    assert {kind for flow, kind in kinds if not flow.startswith(("direct_co2", "ets_"))} == {FactorKind.LIFE_CYCLE}


def test_what_is_known_from_practice_only_is_marked() -> None:
    marked = {line.factor.flow for line in factor_lines(MODEL) if line.is_unverified}

    assert "needle_coke_calcined_coal" in marked
    assert "green_petroleum_coke" not in marked


def test_every_factor_names_sources_that_exist() -> None:
    assert all(set(line.factor.evidence.sources) <= set(MODEL.sources) for line in factor_lines(MODEL))


@pytest.mark.parametrize("furnace", FURNACES)
def test_the_printed_matrix_solves_to_the_printed_levels(furnace: str) -> None:
    """A x = f, checked by multiplying the printed rows with the printed x."""
    printed = technosphere_of(MODEL, furnace)

    demand = {
        name: sum(cell * level for cell, level in zip(row, printed.levels, strict=True))
        for name, row in zip(printed.processes, printed.values, strict=True)
    }

    assert demand == pytest.approx({name: float(name == "P5_finishing_packaging") for name in printed.processes}, abs=1e-12)
    assert sum(printed.own_kg_co2e) == pytest.approx(calculate_footprint(MODEL, {"furnace": furnace}).total_kg_co2e, rel=1e-12)


def test_equations_name_everything_that_stands_in_them() -> None:
    for process in equations_of(MODEL, "box"):
        names = {name for line in process.lines if line.formula for name in line.formula.formula.names}
        assert {symbol.name for symbol in process.symbols} == names


def test_a_formula_reads_like_mathematics() -> None:
    assert readable(parse_formula("(1/a-1)*b")) == "(1 ÷ a − 1) × b"
    assert readable(parse_formula("a-(b-c)")) == "a − (b − c)"
