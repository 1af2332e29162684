import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.footprints.provenance import Part, Provenance, mixed


def a_part(value: float, weight: float, kind: str = "primary") -> Part:
    return Part(kind=kind, value=value, weight=weight, source="S")  # type: ignore[arg-type] # one of the literals


def test_a_mix_is_weighted_by_share() -> None:
    # 0.7 x 13.3 + 0.3 x 13.0
    assert mixed([a_part(13.3, 0.7), a_part(13.0, 0.3)]) == pytest.approx(13.21)


def test_a_ratio_is_weighted_by_share_times_what_it_is_per() -> None:
    # factor per kWh: (0.5 x 10 kWh x 0.9 + 0.5 x 30 kWh x 0.1) / (0.5 x 10 + 0.5 x 30)
    assert mixed([a_part(0.9, 0.5), a_part(0.1, 0.5)], bases=[10, 30]) == pytest.approx(0.3)


@given(st.floats(0, 1e3), st.lists(st.floats(0.01, 1), min_size=1, max_size=6))
def test_equal_values_mix_to_exactly_that_value(value: float, weights: list[float]) -> None:
    assert mixed([a_part(value, weight) for weight in weights]) == value


@pytest.mark.parametrize(
    ("primary", "default", "kind"),
    [(0.6, 0.4, "primary"), (0.4, 0.6, "default"), (0.5, 0.5, "default")],
)
def test_a_mixed_parameter_has_the_kind_of_its_larger_share_and_of_equal_ones_the_less_certain(
    primary: float, default: float, kind: str
) -> None:
    parts = (a_part(10, primary), a_part(10, default, "default"))

    assert Provenance(unit="kWh/kg", value=10.0, default=10.0, parts=parts).kind == kind


def test_a_value_of_zero_is_shared_by_weight() -> None:
    parts = (a_part(0.0, 0.25), a_part(0.0, 0.75, "default"))

    assert Provenance(unit="kg/kg", value=0.0, default=0.0, parts=parts).shares == {
        "primary": 0.25,
        "secondary": 0.0,
        "default": 0.75,
    }
