"""Versions of the electricity factors: what a set is, and what is refused."""

from collections.abc import Mapping
from datetime import date

import pytest

from lca_models import load_model
from lca_models.electricity import read_electricity
from lca_models.errors import DirectCo2FactorError, FactorSetError, TableError
from lca_models.factor_sets import DirectCo2Set, LifeCycleSet
from lca_models.inventory import DirectCo2Factor, LifeCycleFactor
from lca_models.model import shipped_tables

ELECTRICITY = load_model().electricity
SOURCES = load_model().sources


def read_with(changes: Mapping[str, tuple[str, str]]) -> None:
    """Read the shipped tables with one text replaced in each of the files named."""
    tables = dict(shipped_tables())
    for file, (old, new) in changes.items():
        assert old in tables[file].decode()
        tables[file] = tables[file].decode().replace(old, new, 1).encode()
    read_electricity(tables, sources=SOURCES)


def test_each_announcement_is_a_set_with_year_document_validity_and_successor() -> None:
    head = ELECTRICITY.sets["direct_co2_2022"].head

    assert (head.data_year, head.published, head.superseded_by) == ("2022", "2024-12-26", "direct_co2_2023")
    assert "2024 No. 33" in head.document_en
    assert "2024 年第 33 号" in head.document_zh
    assert (head.valid_from, head.valid_to) == (date(2024, 12, 26), date(2025, 12, 30))


def test_the_sets_of_2021_to_2024_are_there_and_one_of_each_family_is_in_force() -> None:
    assert {one.head.data_year for one in ELECTRICITY.sets.values()} >= {"2021", "2022", "2023", "2024"}
    assert ELECTRICITY.in_force["footprint"] == "footprint_2024"
    assert ELECTRICITY.in_force["direct_co2"] == "direct_co2_2023"


def test_sets_of_the_two_kinds_hold_factors_of_their_own_type_only() -> None:
    for one in ELECTRICITY.sets.values():
        wanted = DirectCo2Factor if isinstance(one, DirectCo2Set) else LifeCycleFactor
        assert {type(factor) for factor in one.factors.values()} == {wanted}, one.head.key


def test_an_older_set_brings_its_own_average_and_supplies() -> None:
    """Wind of 2023 over the grid by the rule that made the rows of 2024: 0.0336 x 1.05 + 0.0036."""
    older = ELECTRICITY.with_set("footprint_2023")

    assert older.views["national"].kg_co2e_per_kwh == 0.6205
    assert older.green_supply["wind"].value == pytest.approx(0.0336 * 1.05 + 0.0036)
    assert older.direct_line["solar_pv"].value == 0.0545
    assert older.views["market"].kg_co2e_per_kwh == 0.7082
    assert ELECTRICITY.views["national"].kg_co2e_per_kwh == 0.5777


def test_the_rule_for_supplies_gives_the_stated_rows_of_2024() -> None:
    current = ELECTRICITY.sets["footprint_2024"]
    assert isinstance(current, LifeCycleSet)

    for name, supply in ELECTRICITY.green_supply.items():
        generation = current.factor(f"pcf_lifecycle_generation_{name}").value
        assert supply.value == pytest.approx(generation * 1.05 + 0.0046, abs=5e-5)


def test_a_set_of_direct_co2_can_not_make_views() -> None:
    with pytest.raises(DirectCo2FactorError, match=r"“direct_co2_2023” holds direct-CO2 factors.*footprint_2023, footprint_2024"):
        ELECTRICITY.with_set("direct_co2_2023")


def test_an_unknown_set_is_an_error_with_the_known_ones() -> None:
    with pytest.raises(FactorSetError, match=r"no factor set “footprint_2031”. Use one of: footprint_2023, footprint_2024"):
        ELECTRICITY.with_set("footprint_2031")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"electricity_cn.csv": ("pcf_lifecycle_average,0.5777,kgCO2e/kWh", "pcf_lifecycle_average,0.5777,kgCO2/kWh")},
            r"line \d+, column unit: “kgCO2/kWh” is not allowed. Use one of: kgCO2e/kWh",
        ),
        (
            {"electricity_cn.csv": ("direct_co2_average,0.5568,kgCO2/kWh", "direct_co2_average,0.5568,kgCO2e/kWh")},
            r"line 2, column unit: “kgCO2e/kWh” is not allowed. Use one of: kgCO2/kWh",
        ),
        (
            {"electricity_cn.csv": ("pcf_lifecycle_average,0.5777", "pcf_lifecycle_average,577.7")},
            r"line \d+, column value: 577.7 is outside 0 to 2. Give the factor per kWh, not per MWh or in grams",
        ),
        (
            {"electricity_cn.csv": ("2024,pcf_lifecycle_average", "2025,pcf_lifecycle_average")},
            r"no factor set of the family footprint for the year “2025”. Add it to factor_sets.csv",
        ),
        (
            {"electricity_cn.csv": ("2024,pcf_lifecycle_generation_coal", "2024,pcf_lifecycle_average")},
            r"“pcf_lifecycle_average” of CN in 2024 stands twice \(electricity_cn.csv, line \d+\)",
        ),
        (
            {"electricity_cn.csv": ("2024,pcf_lifecycle_average", "2024,marginal_average")},
            r"column kind: “marginal_average” is not a kind of electricity factor",
        ),
        (
            {"factor_sets.csv": ("2025-10-22,footprint_2024", "2025-11-30,footprint_2024")},
            r"“footprint_2023” \(to 2025-11-30\) overlaps with “footprint_2024” \(from 2025-10-23\). End it on 2025-10-22",
        ),
        (
            {"factor_sets.csv": ("2025-10-22,footprint_2024", "2025-10-22,")},
            r"the family footprint needs exactly one set in force \(without superseded_by\), but has 2",
        ),
        (
            {"factor_sets.csv": ("2025-10-22,footprint_2024", "2025-10-22,direct_co2_2023")},
            r"“direct_co2_2023” is no set of the same family",
        ),
        (
            {"factor_sets.csv": ("2024-12-26,2025-12-30", "26.12.2024,2025-12-30")},
            r"column valid_from: “26.12.2024” is not a day. Write it as 2026-11-22",
        ),
        ({"factor_sets.csv": ("2024-12-26,2025-12-30", "2024-12-26,2024-12-01")}, r"the set ends \(2024-12-01\) before it begins"),
        ({"factor_sets.csv": ("footprint_2023,footprint,", "Footprint 2023,footprint,")}, r"“Footprint 2023” is no key"),
        (
            {"factor_sets.csv": ("ets_2015,legacy_ets,2015", "ets_2014,legacy_ets,2014")},
            r"no factor set of the family legacy_ets for the year “2015”",
        ),
        (
            {"factor_sets.csv": ("ets_2015,legacy_ets,2015", "ets_2015,legacy_ets,2021")},
            r"or another of its family and year, stands above",
        ),
    ],
)
def test_a_contradiction_in_the_tables_names_line_value_and_fix(changes: dict[str, tuple[str, str]], message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_with(changes)


def test_a_set_without_the_average_is_an_error() -> None:
    with pytest.raises(FactorSetError, match=r"“footprint_2024” has no “pcf_lifecycle_average” for CN"):
        read_with({"electricity_cn.csv": ("2024,pcf_lifecycle_average", "2024,pcf_lifecycle_median")})
