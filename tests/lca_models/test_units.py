import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca_models.errors import UnitError
from lca_models.units import UNITS, convert


@pytest.mark.parametrize(
    ("amount", "unit", "to", "expected"),
    [
        (1250.0, "kg", "t", 1.25),
        (0.06, "t", "kg", 60.0),
        (13.0, "MWh", "kWh", 13000.0),
        (1.0, "kWh", "MJ", 3.6),
        (7.2, "MJ", "kWh", 2.0),
        (1.5, "万kWh", "MWh", 15.0),
        (2.0, "万Nm3", "Nm3", 20000.0),
        (5.0, "piece", "piece", 5.0),
        (5.0, "anything", "anything", 5.0),
    ],
)
def test_amounts_convert_exactly(amount: float, unit: str, to: str, expected: float) -> None:
    assert convert(amount, unit, to=to, where="test") == expected


@pytest.mark.parametrize(("unit", "to"), [("kg", "kWh"), ("m3", "Nm3"), ("tkm", "km"), ("L", "kg")])
def test_units_of_different_kinds_do_not_convert(unit: str, to: str) -> None:
    with pytest.raises(UnitError, match=f"“{unit}” does not convert exactly to “{to}”"):
        convert(1.0, unit, to=to, where="furnace / coke")


def test_an_unknown_unit_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnitError, match=r"furnace / coke: the unit “kgs” is not known.*kg, t"):
        convert(1.0, "kgs", to="kg", where="furnace / coke")


@given(amount=st.floats(-1e9, 1e9), unit=st.sampled_from(sorted(UNITS)), to=st.sampled_from(sorted(UNITS)))
def test_there_and_back_again_changes_nothing(amount: float, unit: str, to: str) -> None:
    if UNITS[unit][0] == UNITS[to][0]:
        there = convert(amount, unit, to=to, where="")
        assert convert(there, to, to=unit, where="") == pytest.approx(amount, rel=1e-15, abs=1e-300)
