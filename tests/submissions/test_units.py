from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.submissions.models import Depth
from service.submissions.questionnaire import questions_for
from service.submissions.units import UNITS, UnknownUnitError, convert, factor, unit_label
from service.suppliers.models import SupplierType


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1235, "万kWh", "kWh", 1235 * 10_000),
        (1.5, "MWh", "kWh", 1500),
        (1, "GWh", "kWh", 1_000_000),
        (35.6, "万Nm3", "Nm3", 356_000),
        (100, "m3", "Nm3", 100 * 273.15 / 293.15),  # 93.18: gas measured at 20 °C
        (250, "kg", "t", 0.25),
        (1, "百万kJ", "GJ", 1),
        (1500, "MJ", "GJ", 1.5),
        (1, "tce", "GJ", 29.3076),
        (82, "kgce/t", "GJ/t", 82 * 29.3076 / 1000),
        (0.1, "tce/t", "GJ/t", 2.93076),
        (10, "t_steam", "GJ", 10 * (2777.1 - 83.74) / 1000),
        (0.72, "tCO2/t", "kgCO2/t", 720),
        (5.2, "tCO2e/t", "kgCO2e/t", 5200),
        (20, "m3/t", "Nm3/t", 20 * 273.15 / 293.15),
        (355, "GJ/万Nm3", "MJ/Nm3", 35.5),
        (1850, "kg/t", "t/t", 1.85),
        (1.2, "MWh/t", "kWh/t", 1200),
        (8.5, "万t", "t", 85_000),
        (1000, "L_diesel", "kg", 827.5),  # the middle of 810 and 845 kg/m³
        (1000, "L_petrol", "kg", 747.5),  # the middle of 720 and 775 kg/m³
        (3, "m3_water", "t", 3),
        (12_600, "kgce", "tce", 12.6),
        (42.5, "MJ/kg", "GJ/t", 42.5),
        (98, "%", "t/t", 0.98),
        (310, "gce/kWh", "gce/kWh", 310),
    ],
)
def test_a_unit_converts_by_its_definition(value: float, unit: str, to: str, expected: float) -> None:
    assert convert(value, unit, to=to) == pytest.approx(expected, rel=1e-15)


def test_decimal_amounts_stay_what_was_typed() -> None:
    # 0.1 * 10000 in binary floats is exact by luck, 1.1 * 10000 is 11000.000000000002 there.
    assert convert(1.1, "万kWh", to="kWh") == 11000.0
    assert convert(0.07, "万Nm3", to="Nm3") == 700.0


@pytest.mark.parametrize(("unit", "to"), [("kWh", "GJ"), ("t", "kWh"), ("Nm3", "t"), ("kgCO2/t", "kgCO2e/t"), ("kWh/t", "GJ/t")])
def test_different_things_do_not_convert(unit: str, to: str) -> None:
    assert factor(unit, to) is None
    with pytest.raises(UnknownUnitError):
        convert(1.0, unit, to=to)


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(UnknownUnitError):
        convert(1.0, "BTU", to="GJ")


@given(st.floats(min_value=1e-6, max_value=1e9), st.sampled_from(list(product(UNITS, UNITS))))
def test_there_and_back_is_the_same(value: float, units: tuple[str, str]) -> None:
    unit, to = units
    if factor(unit, to) is not None:
        assert convert(convert(value, unit, to=to), to, to=unit) == pytest.approx(value, rel=1e-14)


@given(st.floats(min_value=0, max_value=1e9), st.floats(min_value=0, max_value=1e9), st.sampled_from(list(product(UNITS, UNITS))))
def test_more_in_one_unit_is_never_less_in_another(first: float, second: float, units: tuple[str, str]) -> None:
    unit, to = units
    if factor(unit, to) is not None:
        low, high = sorted((first, second))
        assert convert(low, unit, to=to) <= convert(high, unit, to=to)


def test_every_unit_offered_is_known_and_has_a_name_in_both_languages() -> None:
    for supplier_type in SupplierType:
        for question in questions_for(supplier_type, Depth.FULL):
            for unit in question.units:
                assert factor(unit, question.canonical(unit)) is not None
                assert unit_label(unit, "en")
                assert unit_label(unit, "zh-CN")


def test_ten_thousand_kwh_is_called_as_people_call_it() -> None:
    assert unit_label("万kWh", "zh-CN") == "万kWh"
    assert unit_label("万kWh", "en") == "×10⁴ kWh"
