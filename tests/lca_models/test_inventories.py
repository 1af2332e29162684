"""Anybody's inventory: linking, units, errors."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca_models.errors import DirectCo2FactorError, LinkError, ModelError, SingularSystemError, TableError, UnitError
from tests.lca_models.tables import calculated, factors, processes

POWDER = processes(
    "milling,powder,reference,1,kg",
    "milling,coke,input,1.25,kg",
    "milling,electricity,input,2,kWh",
    "milling,CO2_fossil,emission_air,0.1,kg",
)
FACTORS = factors("coke,0.6,kgCO2e/kg", "electricity,0.5,kgCO2e/kWh")


def test_one_process_equals_the_hand_calculation() -> None:
    result = calculated(POWDER, FACTORS, "powder")

    assert result.solution.total_kg_co2e == pytest.approx(1.25 * 0.6 + 2 * 0.5 + 0.1, rel=1e-15)
    assert result.as_dict()["by_process_and_flow"] == {"milling": {"coke": 0.75, "electricity": 1.0, "CO2_fossil": 0.1}}
    assert result.as_dict()["scaling"] == {"milling": 1.0}


def test_amounts_are_per_reference_amount_and_units_convert() -> None:
    """2 t of furnace output take 2.1 t powder and 26 MWh: 1.05 kg and 13 kWh per kg."""
    table = processes(
        "furnace,graphite,reference,2,t",
        "furnace,powder,input,2100,kg",
        "furnace,electricity,input,93.6,GJ",
        "milling,powder,reference,0.5,t",
        "milling,electricity,input,0.5,MWh",
    )

    result = calculated(table, factors("electricity,500,gCO2e/kWh"), "graphite")

    per_kg = 1.05 * 1.0 * 0.5 + 13 * 0.5
    assert result.product_unit == "t"
    assert result.solution.total_kg_co2e == pytest.approx(1000 * per_kg, rel=1e-14)
    assert result.as_dict()["scaling"] == pytest.approx({"furnace": 1.0, "milling": 1.05})


def test_a_loop_is_solved_and_not_cut() -> None:
    """A takes 0.2 B, B takes 0.5 A: x_A = 1 / (1 - 0.2 * 0.5) = 1/0.9."""
    table = processes(
        "A,a,reference,1,kg",
        "A,b,input,0.2,kg",
        "A,CO2_fossil,emission_air,1,kg",
        "B,b,reference,1,kg",
        "B,a,input,0.5,kg",
        "B,CH4_fossil,emission_air,0.01,kg",
    )

    result = calculated(table, factors(), "a")

    assert result.as_dict()["scaling"] == pytest.approx({"A": 1 / 0.9, "B": 0.2 / 0.9}, rel=1e-14)
    assert result.solution.total_kg_co2e == pytest.approx(1 / 0.9 + 0.2 / 0.9 * 0.01 * 29.8, rel=1e-14)


def test_a_process_may_take_some_of_its_own_product() -> None:
    """1 kg out, 0.2 kg back in: 0.8 kg net, so 1/0.8 kg gross."""
    table = processes("A,a,reference,1,kg", "A,a,input,0.2,kg", "A,CO2_fossil,emission_air,4,kg")

    result = calculated(table, factors(), "a")

    assert result.solution.scaling["A"] == pytest.approx(1.25)
    assert result.solution.total_kg_co2e == pytest.approx(5.0)


def test_processes_come_before_factors() -> None:
    table = processes("A,a,reference,1,kg", "A,b,input,2,kg", "B,b,reference,1,kg", "B,CO2_fossil,emission_air,3,kg")

    assert calculated(table, factors("b,100,kgCO2e/kg"), "a").solution.total_kg_co2e == pytest.approx(6.0)


def test_wastes_link_like_inputs() -> None:
    table = processes(
        "A,a,reference,1,kg",
        "A,tar,waste,0.1,kg",
        "A,slag,waste,0.5,kg",
        "burner,tar,reference,1,kg",
        "burner,CO2_fossil,emission_air,3,kg",
    )

    assert calculated(table, factors("slag,0.01,kgCO2e/kg"), "a").solution.total_kg_co2e == pytest.approx(0.3 + 0.005)


def test_byproducts_and_information_carry_nothing() -> None:
    table = processes(
        "A,a,reference,1,kg",
        "A,fines,byproduct,0.2,kg",
        "A,gross,info,9,kg",
        "A,sold,byproduct_info,8,kg",
        "A,CO2_fossil,emission_air,1,kg",
    )

    assert calculated(table, factors(), "a").solution.total_kg_co2e == 1.0


def test_what_the_product_does_not_need_is_left_out() -> None:
    table = POWDER + b"\nidle,thing,reference,1,kg\nidle,unheard_of,input,1,kg"

    assert set(calculated(table, FACTORS, "powder").solution.scaling) == {"milling"}


def test_several_makers_need_a_choice_and_all_are_named() -> None:
    table = processes(
        "A,a,reference,1,kg",
        "A,b,input,1,kg",
        "B:old,b,reference,1,kg",
        "B:old,CO2_fossil,emission_air,2,kg",
        "B:new,b,reference,1,kg",
        "B:new,CO2_fossil,emission_air,1,kg",
    )

    with pytest.raises(LinkError, match=r"b: B:old, B:new\. Pick one of each with --use"):
        calculated(table, factors(), "a")
    assert calculated(table, factors(), "a", use=["B:new"]).solution.total_kg_co2e == 1.0
    assert calculated(table, factors(), "a", use=["B:old"]).solution.total_kg_co2e == 2.0
    with pytest.raises(LinkError, match="B:old, B:new"):
        calculated(table, factors(), "a", use=["B:old", "B:new"])
    with pytest.raises(LinkError, match="no process B:newer to use"):
        calculated(table, factors(), "a", use=["B:newer"])


def test_unlinked_flows_are_all_listed() -> None:
    table = POWDER + b"\nmilling,argon,input,0.5,Nm3\nmilling,sludge,waste,0.1,kg"

    with pytest.raises(LinkError, match="coke in milling; electricity in milling; argon in milling; sludge in milling"):
        calculated(table, factors(), "powder")


def test_a_product_nobody_makes_is_an_error_with_the_products_there_are() -> None:
    with pytest.raises(LinkError, match=r"No process makes “coke”. Products here: powder"):
        calculated(POWDER, FACTORS, "coke")


def test_emissions_take_the_factor_of_the_file_first_and_ar6_else() -> None:
    table = processes("A,a,reference,1,kg", "A,N2O,emission_air,1,g", "A,CH4_fossil,emission_air,1,kg")

    assert calculated(table, factors("CH4_fossil,28,kgCO2e/kg"), "a").solution.total_kg_co2e == pytest.approx(0.273 + 28)


def test_emissions_without_climate_effect_count_zero_and_are_listed() -> None:
    table = processes("A,a,reference,1,kg", "A,SO2,emission_air,1,kg", "A,PM10,emission_air,2,kg")

    result = calculated(table, factors(), "a")

    assert result.solution.total_kg_co2e == 0.0
    assert result.as_dict()["uncharacterised"] == ["PM10", "SO2"]


def test_an_unknown_emission_is_an_error_unless_allowed() -> None:
    table = processes("A,a,reference,1,kg", "A,unheard_of_gas,emission_air,1,kg", "A,CO2_fossil,emission_air,1,kg")

    with pytest.raises(LinkError, match="have no factor and are not known: unheard_of_gas in A"):
        calculated(table, factors(), "a")
    result = calculated(table, factors(), "a", allow_uncharacterised=True)
    assert result.solution.total_kg_co2e == 1.0
    assert result.as_dict()["uncharacterised_reasons"] == {"unheard_of_gas": "unknown"}


def test_biogenic_and_land_use_stand_on_lines_of_their_own() -> None:
    table = processes(
        "A,a,reference,1,kg",
        "A,CO2_fossil,emission_air,1,kg",
        "A,CO2_biogenic,emission_air,2,kg",
        "A,CO2_biogenic_uptake,emission_air,3,kg",
        "A,CO2_land_use_change,emission_air,4,kg",
    )

    found = calculated(table, factors(), "a").as_dict()

    assert found["split"] == {
        "fossil": 1.0,
        "upstream_unsplit": 0.0,
        "biogenic": 2.0,
        "biogenic_uptake": -3.0,
        "land_use": 4.0,
        "aircraft": 0.0,
    }
    assert (found["total_kg_co2e"], found["total_without_biogenic_uptake_kg_co2e"]) == (4.0, 7.0)


def test_units_that_do_not_agree_name_the_rows() -> None:
    with pytest.raises(
        UnitError, match=r"milling / coke \(mine.csv, line 3\) <- factors.csv, line 2: “kg” does not convert exactly to “Nm3”"
    ):
        calculated(POWDER, factors("coke,0.6,kgCO2e/Nm3", "electricity,0.5,kgCO2e/kWh"), "powder")
    with pytest.raises(UnitError, match="“kWh” does not convert exactly to “kg”"):
        calculated(processes("A,a,reference,1,kg", "A,b,input,1,kWh", "B,b,reference,1,kg"), factors(), "a")
    with pytest.raises(UnitError, match="“Nm3” does not convert exactly to “kg”"):
        calculated(processes("A,a,reference,1,kg", "A,CO2_fossil,emission_air,1,Nm3"), factors(), "a")


def test_a_unit_of_ones_own_is_fine_where_both_sides_spell_it_alike() -> None:
    table = processes("A,a,reference,1,kg", "A,crucible,input,3,heats")

    assert calculated(table, factors("crucible,2,kgCO2e/heats"), "a").solution.total_kg_co2e == 6.0


@pytest.mark.parametrize(
    "line", ["electricity,0.5306,kgCO2/kWh", "electricity,0.5306,kgCO2/kWh,direct_co2", "electricity,0.5,kgCO2e/kWh,direct_co2"]
)
def test_a_direct_co2_factor_never_enters_a_footprint(line: str) -> None:
    header = "flow,ef,unit,kind" if line.count(",") == 3 else "flow,ef,unit"
    table = f"{header}\n{line}\n".encode()

    with pytest.raises(DirectCo2FactorError, match="direct-CO2 factor for company inventories"):
        calculated(processes("A,a,reference,1,kg", "A,electricity,input,1,kWh"), table, "a")


def test_a_life_cycle_factor_of_co2_alone_is_refused() -> None:
    with pytest.raises(TableError, match=r"factors.csv, line 2: a life-cycle factor counts all greenhouse gases"):
        calculated(POWDER, b"flow,ef,unit,kind\nelectricity,0.53,kgCO2/kWh,life_cycle", "powder")


def test_characterization_factors_serve_emissions_only() -> None:
    table = processes("A,a,reference,1,kg", "A,CH4_fossil,input,1,kg")

    with pytest.raises(LinkError, match="CH4_fossil in A"):
        calculated(table, b"flow,ef,unit,kind\nCH4_fossil,29.8,kgCO2e/kg,gwp100", "a")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["A,a,reference,1,kg", "A,b,reference,1,kg"], "has 2 reference products .a: mine.csv, line 2; b: mine.csv, line 3"),
        (["A,b,input,1,kg"], "has 0 reference products .mine.csv, line 2"),
        (["A,a,reference,0,kg"], "line 2, column amount: the reference amount of “A” is 0"),
        (["A,a,reference,-1,kg"], "is -1. It must be above zero"),
        (["A,a,reference,nan,kg"], "“nan” is not a finite number"),
        (["A,a,reference,inf,kg"], "“inf” is not a finite number"),
        (["A,a,reference,,kg"], "column amount: the cell is empty"),
        (["A,a,reference,1,"], "column unit: the cell is empty"),
        (["A,a,refrence,1,kg"], "column direction: “refrence” is not allowed. Use one of: reference, input, waste"),
        (
            ["A,a,reference,1,kg", "A,c,input,1,kg", "A,c,input,2,kg"],
            "line 4: “A” already has the flow “c” as input .mine.csv, line 3",
        ),
        ([], "There is no process in mine.csv"),
    ],
)
def test_a_malformed_process_is_an_error_that_says_where(lines: list[str], message: str) -> None:
    with pytest.raises(TableError, match=message):
        calculated(processes(*lines), factors("c,1,kgCO2e/kg", "b,1,kgCO2e/kg"), "a")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["coke,0.6,kg"], "line 2, column unit: “kg” is not a factor's unit"),
        (["coke,0.6,kgCO2e/"], "is not a factor's unit"),
        (["coke,0.6,kgCO2e/kg", "coke,0.7,kgCO2e/kg"], "line 3: “coke” already has a factor .factors.csv, line 2"),
        (["coke,much,kgCO2e/kg"], "“much” is not a finite number"),
    ],
)
def test_a_malformed_factor_is_an_error_that_says_where(lines: list[str], message: str) -> None:
    with pytest.raises(TableError, match=message):
        calculated(POWDER, factors(*lines), "powder")


@pytest.mark.parametrize("amount", ["1", "1.5", "10"])
def test_a_loop_without_output_is_an_error(amount: str) -> None:
    table = processes("A,a,reference,1,kg", "A,b,input,1,kg", "B,b,reference,1,kg", f"B,a,input,{amount},kg")

    with pytest.raises(SingularSystemError, match="nothing comes out: A, B"):
        calculated(table, factors(), "a")


def test_a_credit_as_a_negative_input_lowers_the_result() -> None:
    """Steam exported replaces steam made elsewhere: 1 - 0.5 * 0.2 = 0.9."""
    table = processes(
        "A,a,reference,1,kg",
        "A,CO2_fossil,emission_air,1,kg",
        "A,steam,input,-0.5,MJ",
        "S,steam,reference,1,MJ",
        "S,CO2_fossil,emission_air,0.2,kg",
    )

    assert calculated(table, factors(), "a").solution.total_kg_co2e == pytest.approx(0.9)


@st.composite
def _systems(draw: st.DrawFn) -> tuple[list[list[float]], list[float]]:
    """Inputs per kg (row: taken, column: taker) small enough to be productive, and direct emissions."""
    size = draw(st.integers(1, 6))
    amount = st.one_of(st.just(0.0), st.floats(0.001, 0.9 / size))
    inputs = draw(st.lists(st.lists(amount, min_size=size, max_size=size), min_size=size, max_size=size))
    return inputs, draw(st.lists(st.floats(0, 100), min_size=size, max_size=size))


def _series(inputs: list[list[float]], emissions: list[float]) -> float:
    """Sum emissions tier by tier: what the product takes, what that takes, and so on."""
    tier = [1.0] + [0.0] * (len(emissions) - 1)
    total = 0.0
    for _ in range(500):
        total += math.fsum(x * e for x, e in zip(tier, emissions, strict=True))
        tier = [math.fsum(inputs[i][j] * tier[j] for j in range(len(tier))) for i in range(len(tier))]
    return total


@given(system=_systems())
def test_any_productive_system_equals_the_sum_over_its_tiers(system: tuple[list[list[float]], list[float]]) -> None:
    inputs, emissions = system
    lines = [f"p{j},f{j},reference,1,kg" for j in range(len(emissions))]
    lines += [f"p{j},f{i},input,{amount!r},kg" for i, row in enumerate(inputs) for j, amount in enumerate(row)]
    lines += [f"p{j},CO2_fossil,emission_air,{emission!r},kg" for j, emission in enumerate(emissions)]

    result = calculated(processes(*lines), factors(), "f0")
    solution = result.solution

    assert solution.total_kg_co2e == pytest.approx(_series(inputs, emissions), rel=1e-9, abs=1e-12)
    assert math.fsum(solution.by_process().values()) == pytest.approx(solution.total_kg_co2e, rel=1e-12, abs=1e-300)
    assert result.oracle_relative_difference is not None
    assert result.oracle_relative_difference <= 1e-12


@given(content=st.binary(max_size=200))
def test_no_table_makes_anything_but_a_model_error(content: bytes) -> None:
    with pytest.raises(ModelError):
        calculated(content, FACTORS, "powder")


LINES = POWDER.decode().splitlines()


@given(line=st.integers(0, len(LINES) - 1), start=st.integers(0, 40), length=st.integers(0, 5), typed=st.text(max_size=6))
def test_any_slip_of_the_pen_gives_a_result_or_a_model_error(line: int, start: int, length: int, typed: str) -> None:
    lines = list(LINES)
    lines[line] = lines[line][:start] + typed + lines[line][start + length :]
    with suppress(ModelError):
        assert math.isfinite(
            calculated("\n".join(lines).encode("utf-8", "surrogatepass"), FACTORS, "powder", check=False).solution.total_kg_co2e
        )
