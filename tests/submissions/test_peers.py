"""Other suppliers' figures: a band that is shown only where it tells nobody's own."""

import uuid
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from service.submissions import queries
from service.submissions.answers import Entry
from service.submissions.models import Depth
from service.submissions.peers import PEERS_MIN, PeerValue, may_be_shown, peer_band, peers_of
from service.submissions.questionnaire import questions_for
from tests.builders import a_supplier
from tests.submissions.builders import an_accepted

QUESTIONS = questions_for("TOLL", Depth.FIRST)


def peers(*values: float, weights: Sequence[float] | None = None) -> list[PeerValue]:
    return [
        PeerValue(supplier_id=uuid.uuid4(), value=value, weight=weight)
        for value, weight in zip(values, weights or [100.0] * len(values), strict=True)
    ]


def test_the_band_is_that_of_the_quartiles_rounded_to_two_digits() -> None:
    # Sorted: 9 120, 9 480, 10 030, 11 260, 12 940; with five the quartiles are the second, third and fourth.
    band = peer_band(peers(11_260, 9_120, 12_940, 10_030, 9_480))

    assert band is not None
    assert (band.count, band.lower_quartile, band.median, band.upper_quartile) == (5, 9_500, 10_000, 11_000)


def test_four_peers_are_too_few() -> None:
    assert peer_band(peers(1, 2, 3, 4)) is None


def test_one_supplier_counted_five_times_is_one_peer() -> None:
    same = uuid.uuid4()

    assert peer_band([PeerValue(supplier_id=same, value=float(i), weight=1.0) for i in range(5)]) is None


def test_a_peer_that_makes_more_than_half_hides_the_band() -> None:
    assert peer_band(peers(1, 2, 3, 4, 5, weights=[40, 10, 10, 10, 10])) is not None  # 40 of 80 is half
    assert peer_band(peers(1, 2, 3, 4, 5, weights=[41, 10, 10, 10, 10])) is None


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(1, 1e6)), max_size=12))
def test_a_band_is_never_shown_against_the_rule(drawn: list[tuple[float, float]]) -> None:
    values = peers(*(value for value, _ in drawn), weights=[weight for _, weight in drawn])

    band = peer_band(values)

    if band is not None:
        assert len(values) >= PEERS_MIN
        assert max(one.weight for one in values) <= sum(one.weight for one in values) / 2
        assert band.lower_quartile <= band.median <= band.upper_quartile
    else:
        assert not may_be_shown(values)


@pytest.fixture
def plants(session: Session) -> Session:
    """Six accepted toll plants with box furnaces: 960 t each, 900 to 950 万kWh."""
    for number in range(6):
        supplier = a_supplier(session, name_en=f"Peer {number}")
        kwh = Entry(entered=str(900 + 10 * number), unit="万kWh")
        an_accepted(session, supplier=supplier, furnace_electricity=kwh)
    return session


def test_peers_are_others_of_the_same_furnace_per_tonne(plants: Session) -> None:
    own = an_accepted(plants, supplier=a_supplier(plants, name_en="Own"))
    an_accepted(
        plants,
        supplier=a_supplier(plants, name_en="Acheson"),
        furnace_type=Entry(entered="acheson_crucible"),
        furnace_electricity=Entry(entered="1250", unit="万kWh"),
    )

    found = peers_of(plants, own, QUESTIONS, queries.understood_answers(plants, own).values)

    # 9,000,000 kWh / 960 t = 9,375 kWh/t, and so on in steps of 100,000 / 960
    assert sorted(one.value for one in found["furnace_electricity"]) == pytest.approx(
        [9_000_000 / 960 + step * 100_000 / 960 for step in range(6)]
    )
    assert {one.weight for one in found["furnace_electricity"]} == {960.0}
    assert own.supplier_id not in {one.supplier_id for one in found["furnace_electricity"]}


def test_totals_of_plants_of_different_size_are_not_compared(plants: Session) -> None:
    own = an_accepted(plants, supplier=a_supplier(plants, name_en="Own"))

    found = peers_of(plants, own, QUESTIONS, queries.understood_answers(plants, own).values)

    assert found["product_output"] == []


def test_of_several_years_only_the_latest_counts(plants: Session) -> None:
    supplier = a_supplier(plants, name_en="Two years")
    an_accepted(plants, supplier=supplier, year=2025, furnace_electricity=Entry(entered="940", unit="万kWh"))
    an_accepted(plants, supplier=supplier, year=2024, furnace_electricity=Entry(entered="990", unit="万kWh"))
    own = an_accepted(plants, supplier=a_supplier(plants, name_en="Own"))

    found = peers_of(plants, own, QUESTIONS, queries.understood_answers(plants, own).values)

    assert [one.value for one in found["furnace_electricity"] if one.supplier_id == supplier.id] == pytest.approx([9_400_000 / 960])
