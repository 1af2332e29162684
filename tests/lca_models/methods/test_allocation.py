import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca_models.methods.allocation import (
    AllocationError,
    ByProductTest,
    CoProduct,
    Options,
    Procedure,
    allocate,
    burden_shares,
    decide,
    value_ratio,
)

BY_PRODUCT = ByProductTest(
    further_use_is_certain=True,
    used_without_further_processing=True,
    integral_part_of_production=True,
    further_use_is_lawful=True,
)
# The vectors of the PACT how-to guide.
TWO = (CoProduct(name="A", amount_kg=0.5, unit_value=2.0), CoProduct(name="B", amount_kg=1.0, unit_value=3.0))
MINE = (
    CoProduct(name="copper", amount_kg=1.0, unit_value=500.0),
    CoProduct(name="gravel", amount_kg=1.0, unit_value=10.0),
    CoProduct(name="silver", amount_kg=1.0, unit_value=400.0),
)
ENERGY = (
    CoProduct(name="diesel", amount_kg=2.0, unit_value=1.0, energy_mj_per_kg=42.65),
    CoProduct(name="coke", amount_kg=1.0, unit_value=0.5, energy_mj_per_kg=32.5),
)


def test_ten_tonnes_by_mass_are_shared_as_in_the_guide() -> None:
    assert allocate(10.0, TWO, Procedure.MASS) == pytest.approx({"A": 10 * 0.5 / 1.5, "B": 10 * 1 / 1.5})  # 3.33 and 6.67


def test_values_that_lie_near_each_other_ask_for_mass() -> None:
    decision = decide(TWO, BY_PRODUCT, Options())

    assert (decision.procedure, decision.value_ratio) == (Procedure.MASS, 1.5)
    assert decision.shares == pytest.approx({"A": 1 / 3, "B": 2 / 3})


def test_energy_carriers_are_shared_by_energy() -> None:
    decision = decide(ENERGY, BY_PRODUCT, Options())

    assert decision.procedure is Procedure.ENERGY
    assert decision.shares["coke"] == pytest.approx(32.5 / (2 * 42.65 + 32.5))


def test_a_ratio_of_fifty_asks_for_revenue() -> None:
    decision = decide(MINE, BY_PRODUCT, Options())

    assert (decision.procedure, decision.value_ratio) == (Procedure.REVENUE, 50.0)
    assert str(decision.reason) == "Unit values lie 50 times apart, more than 5: by revenue (price times amount)."


def test_revenue_is_price_times_amount_and_not_the_price_alone() -> None:
    """The guide prints 5494.5 / 109.9 / 4395.6, its key being unit prices; with equal amounts revenue gives the same."""
    assert allocate(10_000.0, MINE, Procedure.REVENUE) == pytest.approx(
        {"copper": 5494.5, "gravel": 109.9, "silver": 4395.6}, abs=0.05
    )

    more_gravel = (MINE[0], CoProduct(name="gravel", amount_kg=90.0, unit_value=10.0), MINE[2])
    # 500 + 900 + 400 = 1800
    expected = {"copper": 500 / 1800, "gravel": 0.5, "silver": 400 / 1800}
    assert burden_shares(more_gravel, Procedure.REVENUE) == pytest.approx(expected)


def test_a_ratio_of_exactly_five_is_still_physical() -> None:
    pair = (CoProduct(name="A", amount_kg=1.0, unit_value=5.0), CoProduct(name="B", amount_kg=1.0, unit_value=1.0))

    assert decide(pair, BY_PRODUCT, Options()).procedure is Procedure.MASS


def test_without_a_price_mass_is_the_key_in_doubt() -> None:
    pair = (CoProduct(name="A", amount_kg=1.0, unit_value=5.0), CoProduct(name="B", amount_kg=1.0))

    assert value_ratio(pair) is None
    assert decide(pair, BY_PRODUCT, Options()).procedure is Procedure.MASS


@pytest.mark.parametrize("failed", list(ByProductTest.__slots__))
def test_what_fails_one_criterion_of_a_by_product_is_waste_and_carries_nothing(failed: str) -> None:
    criteria = {name: name != failed for name in ByProductTest.__slots__}

    decision = decide(TWO, ByProductTest(**criteria), Options(can_be_divided=True))

    assert (decision.procedure, decision.shares) == (Procedure.WASTE, {})


@pytest.mark.parametrize(
    ("options", "procedure"),
    [
        (Options(category_rule="PCR 2024:01", is_recycling=True, can_be_divided=True, substitute="coke"), Procedure.CATEGORY_RULE),
        (Options(is_recycling=True, can_be_divided=True, substitute="coke"), Procedure.CUT_OFF),
        (Options(can_be_divided=True, substitute="coke"), Procedure.SUBDIVISION),
        (Options(substitute="coke"), Procedure.SUBSTITUTION),
    ],
)
def test_a_key_comes_last(options: Options, procedure: Procedure) -> None:
    assert decide(MINE, BY_PRODUCT, options).procedure is procedure


def test_a_missing_price_is_named_where_revenue_is_asked_for() -> None:
    with pytest.raises(AllocationError, match=r"“B” has no value for the key revenue\. Give its price"):
        allocate(1.0, (TWO[0], CoProduct(name="B", amount_kg=1.0)), Procedure.REVENUE)


@pytest.mark.parametrize("amounts", [(0.0, 0.0), (-1.0, 2.0)])
def test_amounts_that_share_nothing_are_refused(amounts: tuple[float, float]) -> None:
    pair = [CoProduct(name=name, amount_kg=amount) for name, amount in zip("AB", amounts, strict=True)]

    with pytest.raises(AllocationError, match="Give amounts above zero"):
        burden_shares(pair, Procedure.MASS)


_POSITIVE = st.floats(min_value=1e-3, max_value=1e6)


@given(st.lists(st.tuples(_POSITIVE, _POSITIVE), min_size=1, max_size=6), _POSITIVE)
def test_whatever_the_key_the_parts_sum_to_the_burden(products: list[tuple[float, float]], burden: float) -> None:
    made = [
        CoProduct(name=str(number), amount_kg=amount, unit_value=price, energy_mj_per_kg=price)
        for number, (amount, price) in enumerate(products)
    ]

    for key in (Procedure.REVENUE, Procedure.MASS, Procedure.ENERGY):
        assert sum(allocate(burden, made, key).values()) == pytest.approx(burden, rel=1e-12)
