"""The inventory of a year from monthly entries: worked by hand, and incomplete wherever something is missing."""

from datetime import date

import pytest
from sqlmodel import Session

from service.company_inventory.factors import GJ_PER_TCE, FuelFactorSet
from service.company_inventory.inventories import inventory_of, inventory_years
from service.company_inventory.lines import Category, GapKind, Scope, View
from tests import builders
from tests.company_inventory.builders import YEAR, a_graphitising_plant, fill
from tests.monitoring.builders import NOW, a_meter, a_source, an_entry


def test_a_year_is_worked_by_hand(session: Session) -> None:
    # gas 120,000 · 0.002162189 = 259.46; diesel 12 · 3.09591 = 37.15; furnaces 12 · 1.439167 = 17.27
    # electricity 12 GWh · 0.6479 = 7,774.8 by the province of 2023; nobody claims any of it: 12 GWh · 0.6096 = 7,315.2
    a_graphitising_plant(session)
    inventory = inventory_of(session, YEAR, at=NOW)
    assert inventory.scope_1_t_co2 == pytest.approx(259.4627 + 37.1509 + 17.2700, abs=1e-3)
    assert inventory.scope_2_location_t_co2 == pytest.approx(7774.8)
    assert inventory.scope_2_market_t_co2 == pytest.approx(7315.2)
    assert inventory.is_complete
    assert not inventory.is_sample


def test_fixed_factors_of_the_base_year_stand_beside_current_ones(session: Session) -> None:
    # 12 GWh · 0.7025 of 2021 = 8,430; the difference is the grid's work, not the company's.
    a_graphitising_plant(session)
    assert inventory_of(session, YEAR, at=NOW).scope_2_location_at_base_factors_t_co2 == pytest.approx(8430.0)


def test_a_later_year_takes_the_newest_factor_and_says_of_which_year(session: Session) -> None:
    a_graphitising_plant(session, year=2025)
    inventory = inventory_of(session, 2025, at=NOW)
    line = next(one for one in inventory.lines if one.view is View.LOCATION)
    assert (line.factor, line.factor_year) == (0.6479, 2023)


def test_energy_in_both_conventions_and_in_gigajoules(session: Session) -> None:
    # 12e6 · 0.0001229 = 1,474.8; gas 120,000 · 0.00133 = 159.6; diesel 12 · 1.4571 = 17.485 -> 1,651.885 tce
    # equal value: 12e6 · 0.0003016 = 3,619.2 instead of 1,474.8
    a_graphitising_plant(session)
    inventory = inventory_of(session, YEAR, at=NOW)
    assert inventory.energy_tce == pytest.approx(1651.885, abs=1e-3)
    assert inventory.energy_equal_value_tce == pytest.approx(1651.885 - 1474.8 + 3619.2, abs=1e-3)
    assert inventory.energy_tce * GJ_PER_TCE == pytest.approx(inventory.energy_gj, rel=0.005)


def test_material_of_the_furnace_is_no_energy(session: Session) -> None:
    a_graphitising_plant(session)
    carriers = {one.carrier for one in inventory_of(session, YEAR, at=NOW).energy}
    assert carriers == {"electricity_purchased", "natural_gas", "diesel"}


def test_a_missing_month_makes_the_year_incomplete_and_is_named(session: Session) -> None:
    plant = a_graphitising_plant(session)
    source = a_source(session, plant, "lpg", starts=date(YEAR, 1, 1), ends=date(YEAR, 12, 1))
    for month in (*range(1, 6), *range(7, 13)):
        an_entry(session, source, date(YEAR, month, 1), 1.0)
    inventory = inventory_of(session, YEAR, at=NOW)
    gap = next(one for one in inventory.missing if one.blocks_closing)
    assert (gap.kind, gap.source_id, gap.month) == (GapKind.MONTH, source.id, date(YEAR, 6, 1))
    assert not inventory.is_complete


def test_a_furnace_without_measured_carbon_has_no_balance(session: Session) -> None:
    plant = builders.a_plant(session, province_code="CN-NM")
    fill(session, plant, "graphitising_packing", 10, volatile_matter=0.1)
    fill(session, plant, "graphitising_charge", 100, fixed_carbon=0.9)
    inventory = inventory_of(session, YEAR, at=NOW)
    kinds = {one.kind for one in inventory.missing if one.scope is Scope.SCOPE_1}
    assert kinds == {GapKind.BALANCE_TERM, GapKind.MEASUREMENT}
    assert not [one for one in inventory.lines if one.category is Category.PROCESS]


def test_a_province_without_a_factor_is_missing_not_zero(session: Session) -> None:
    plant = builders.a_plant(session, province_code="CN-XZ")
    fill(session, plant, "electricity_purchased", 1000)
    inventory = inventory_of(session, YEAR, at=NOW)
    assert [one.kind for one in inventory.missing if one.scope is Scope.SCOPE_2] == [GapKind.FACTOR]
    assert not inventory.is_complete


def test_a_measured_calorific_value_takes_the_place_of_the_sets(session: Session) -> None:
    # 12 t · 42 GJ/t · 0.0202 tC/GJ · 0.98 · 44/12
    plant = builders.a_plant(session, province_code="CN-NM")
    fill(session, plant, "diesel", 1, ncv=42.0)
    line = next(one for one in inventory_of(session, YEAR, at=NOW).lines if one.category is Category.COMBUSTION)
    assert line.t_co2 == pytest.approx(12 * 42 * 0.0202 * 0.98 * 44 / 12)
    assert line.confidence == "measured"


def test_a_sub_meter_counts_once_and_may_not_exceed_its_main_meter(session: Session) -> None:
    plant = builders.a_plant(session, province_code="CN-GD")
    main = a_meter(session, plant)
    site = a_source(session, plant, "electricity_purchased", meter=main, starts=date(YEAR, 1, 1), ends=date(YEAR, 1, 1))
    office = a_source(
        session,
        plant,
        "electricity_purchased",
        meter=a_meter(session, plant, parent=main),
        starts=date(YEAR, 1, 1),
        ends=date(YEAR, 1, 1),
    )
    an_entry(session, site, date(YEAR, 1, 1), 1000)
    an_entry(session, office, date(YEAR, 1, 1), 1100)
    inventory = inventory_of(session, YEAR, at=NOW)
    assert inventory.scope_2_location_t_co2 == pytest.approx(1000 * 0.4419 / 1000)
    gap = next(one for one in inventory.missing if one.kind is GapKind.SUB_METERS_EXCEED)
    assert (gap.source_id, gap.detail) == (site.id, "2023-01: 1100 > 1000 kWh")


def test_power_given_to_others_lowers_the_standards_total_and_no_scope(session: Session) -> None:
    # 1,200 kWh bought · 0.4419 and 120 kWh given away · 0.4419
    plant = builders.a_plant(session, province_code="CN-GD")
    fill(session, plant, "electricity_purchased", 100)
    fill(session, plant, "electricity_exported", 10)
    inventory = inventory_of(session, YEAR, at=NOW)
    assert inventory.scope_2_location_t_co2 == pytest.approx(1.2 * 0.4419)
    assert inventory.standard_total_t_co2 == pytest.approx(1.08 * 0.4419)


def test_toll_work_is_a_line_of_its_own_and_nothing_is_known_without_an_entry(session: Session) -> None:
    a_graphitising_plant(session)
    assert inventory_of(session, YEAR, at=NOW).toll_graphitisation_t_co2e is None
    plant = builders.a_plant(session, province_code="CN-GD")
    fill(session, plant, "toll_graphitisation", 100)
    inventory = inventory_of(session, YEAR, at=NOW)
    line = next(one for one in inventory.lines if one.category is Category.TOLL_GRAPHITISATION)
    assert line.amount == pytest.approx(1200)
    assert inventory.toll_graphitisation_t_co2e == pytest.approx(1200 * (line.factor or 0.0))
    assert 1.0 < (line.factor or 0.0) < 20.0
    assert Category.PURCHASED_GOODS not in inventory.scope_3_t_co2e


def test_what_lies_before_fuels_and_power_is_scope_3(session: Session) -> None:
    # 12 GWh · 0.0899 + 120,000 Nm3 · 0.608 + 12 t · 650.86, in t
    a_graphitising_plant(session)
    found = inventory_of(session, YEAR, at=NOW).scope_3_t_co2e
    assert found[Category.FUEL_AND_ENERGY] == pytest.approx(1078.8 + 72.96 + 7.81032)


def test_years_before_a_life_cycle_factor_lack_the_grids_upstream_and_may_be_closed(session: Session) -> None:
    a_graphitising_plant(session, year=2021)
    inventory = inventory_of(session, 2021, at=NOW)
    assert GapKind.UPSTREAM in {one.kind for one in inventory.missing}
    assert inventory.is_complete


def test_a_year_without_sources_is_empty_and_incomplete(session: Session) -> None:
    inventory = inventory_of(session, YEAR, at=NOW)
    assert {one.kind for one in inventory.missing if one.blocks_closing} == {GapKind.NO_SOURCES}
    assert inventory.factor_set is FuelFactorSet.GB_T_32151_34
    assert inventory_years(session) == []


def test_months_still_to_come_are_not_missing_but_keep_the_year_open(session: Session) -> None:
    # Today is 22 November 2026: October is over, November is not.
    plant = builders.a_plant(session, province_code="CN-GD")
    source = a_source(session, plant, "diesel", starts=date(2026, 1, 1))
    for month in range(1, 10):
        an_entry(session, source, date(2026, month, 1), 1.0)
    gaps = [one for one in inventory_of(session, 2026, at=NOW).missing if one.blocks_closing]
    assert [(one.kind, one.detail) for one in gaps] == [(GapKind.YEAR_RUNNING, "2026-11"), (GapKind.MONTH, "2026-10")]
