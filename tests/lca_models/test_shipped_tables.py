"""Strict loading: whatever is wrong in a table stops the model with file, line, column, value and fix."""

from importlib.resources import files

import pytest

from lca_models import load_model
from lca_models.errors import ModelError
from lca_models.model import read_model

TABLES = {entry.name: entry.read_bytes() for entry in (files("lca_models") / "data").iterdir()}
MODEL = load_model()


def changed(file: str, old: str, new: str) -> dict[str, bytes]:
    text = TABLES[file].decode()
    assert old in text
    return TABLES | {file: text.replace(old, new, 1).encode()}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("unit_processes.csv", "process,flow", "proces,flow", "columns process are missing"),
        ("unit_processes.csv", ",confidence", ",confidence,remark", "“remark” is unknown"),
        ("unit_processes.csv", "input,1.14,kg", "input,1.14,kgs", "unit_processes.csv, line 3, column unit: “kgs” is not allowed"),
        (
            "unit_processes.csv",
            "input,1.14,kg",
            "input,2.14,kg",
            "line 3, column amount: 2.14 lies outside its own range 1.05 to 1.43",
        ),
        ("unit_processes.csv", "input,1.14,kg", "input,x,kg", "line 3, column amount: “x” is not a finite number"),
        ("unit_processes.csv", "1.43,triangular", "1.43,gamma", "column distribution: “gamma” is not allowed"),
        ("unit_processes.csv", "1.05,1.43,triangular", ",,triangular", "line 3: a distribution needs low and high"),
        ("unit_processes.csv", "expert;Carrere2024", "expert;Carrere2042", "the source “Carrere2042” is not in sources.toml"),
        (
            "unit_processes.csv",
            "\nP1_milling_shaping,natural_gas",
            "\nP1_milling_shaping,green_petroleum_coke",
            "already has the flow",
        ),
        ("unit_processes.csv", "P1_milling_shaping,natural_gas", "P1_milling_shaping,unnatural_gas", "no process has the exchange"),
        (
            "upstream_factors.csv",
            "high,life_cycle",
            "high,lifecycle",
            "column kind: “lifecycle” is not allowed. Use one of: life_cycle, gwp100",
        ),
        ("upstream_factors.csv", "kgCO2e/kWh", "kgCO2e/kWhh", "the unit in “kgCO2e/kWhh” is not known"),
        ("emission_flows.csv", "fossil,29.8,", "fossil,,", "emission_flows.csv, line 6, column gwp100: the cell is empty"),
        ("emission_flows.csv", "CH4,fossil,", "CH4,mineral,", "column category: “mineral” is not allowed"),
        ("carbon_contents.csv", "0.918,kg/kg,chain", "0.918,%,chain", "column unit: “%” is not allowed"),
        ("parameters.csv", "factor:natural_gas", "factor:town_gas", "“factor:town_gas” leads nowhere"),
        ("parameters.csv", "1/1.14,1/1.43", "0.5,1/1.43", "column default: 0.5 lies outside its own range 0.699"),
        (
            "parameters.csv",
            "1/1.05,0.3,1,own",
            "1.05,0.3,1,own",
            "the range of milling_yield, 0.699301 to 1.05, reaches beyond its bounds",
        ),
        ("unit_processes.csv", "0.9,kWh,0.44,2.1", "0.9,kWh,0,2.1", "a lognormal range must be above zero, not from 0"),
        ("parameters.csv", "1/1.14,", "1/coal,", "default of milling_yield -> coal is circular or names no parameter"),
        ("parameters.csv", "1/1.14,", "1/milling_yield,", "milling_yield -> milling_yield is circular"),
        ("parameters.csv", "1/1.14,", "1/(1.14-1.14),", "no finite value"),
        ("parameters.csv", "1/1.14,", "open('x'),", "column default: “open.'x'.” is neither number nor formula"),
        ("parameters.csv", "milling_fines_recovered_share", "milling_yield", "the parameter “milling_yield” stands twice"),
        ("exchange_formulas.csv", "(1-needle_coke_share)", "(1-needle_share)", "“needle_share” is no parameter or constant"),
        (
            "exchange_formulas.csv",
            "P1_milling_shaping,green_petroleum_coke",
            "P1_milling_shaping,green_coke",
            "no process has this exchange",
        ),
        ("exchange_formulas.csv", "emission_air,charge,", "emission_air,packing_coke,", "already has the part “packing_coke”"),
        ("alternatives.csv", "\npacking_coke_kg", "\npacked_coke_kg", "names parameters that do not exist: packed_coke_kg"),
        (
            "electricity_cn.csv",
            "0.5777,kgCO2e/kWh",
            "0.5777,kgCO2/kWh",
            "column unit: “kgCO2/kWh” is not allowed. Use one of: kgCO2e/kWh",
        ),
    ],
)
def test_a_mistake_in_a_table_is_found(file: str, old: str, new: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        read_model(changed(file, old, new), version="test")


def test_the_content_hash_follows_the_content() -> None:
    same = read_model(dict(reversed(TABLES.items())), version="1.0.0")
    other = read_model(changed("alternatives.csv", "0.40262", "0.40263"), version="1.0.0")

    assert same.content_hash == MODEL.content_hash
    assert other.content_hash != MODEL.content_hash
    assert MODEL.model_version == f"1.0.0+{MODEL.content_hash[:12]}"


def test_a_changed_amount_changes_the_default_of_its_parameter() -> None:
    other = read_model(
        changed("unit_processes.csv", "electricity_cn_grid,input,13.0,", "electricity_cn_grid,input,12.0,"), version="test"
    )

    assert other.parameter("graphitization_electricity_kwh_per_kg").default == 12.0


def test_every_source_is_used_and_has_a_licence() -> None:
    named = b"\n".join(content for name, content in TABLES.items() if name.endswith(".csv")).decode()
    # Carriers of other sources' figures are credited, but no row names them.
    for key, source in MODEL.sources.items():
        assert key in named or key == "Istrate2024"
        assert source.citation
        assert source.licence
        assert source.status


def test_no_electricity_factor_for_inventories_has_the_type_of_a_footprint_factor() -> None:
    direct = MODEL.factors.direct_co2

    assert {"electricity_cn_residual_co2", "electricity_cn_fossil_co2"} < set(direct)
    assert not set(direct) & set(MODEL.factors.life_cycle)
    assert all(factor.unit == "kWh" for factor in direct.values())
