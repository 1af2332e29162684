from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca_models.methods.ratings import (
    UNKNOWN,
    Geography,
    Rated,
    Rating,
    Technology,
    data_quality,
    mixed_rating,
    primary_data_share,
    quality_by_group,
    rating,
    time_score,
)

END = date(2025, 12, 31)


def rated(kg: float, share: float = 0.0, technology: float = 3.0, geography: float = 3.0, time: float = 3.0) -> Rated:
    return Rated(kg_co2e=kg, primary_share=share, rating=Rating(technology=technology, geography=geography, time=time))


def test_the_primary_data_share_of_the_guide() -> None:
    # (800 x 36 % + 1000 x 100 %) / (800 + 2400 + 90 + 1000) = 1288 / 4290
    parts = [rated(800, 0.36), rated(2400), rated(90), rated(1000, 1.0)]

    assert primary_data_share(parts) * 100 == pytest.approx(30.02, abs=0.005)


def test_the_ratings_of_the_guide() -> None:
    parts = [
        rated(25, technology=2, geography=2, time=1),
        rated(30, technology=2, geography=2, time=5),
        rated(45, technology=1, geography=3, time=2),
    ]

    found = data_quality(parts)

    assert (found.technology, found.geography, found.time) == pytest.approx((1.55, 2.45, 2.65))


def test_a_credit_weighs_like_a_burden() -> None:
    assert primary_data_share([rated(-1.0, 1.0), rated(3.0)]) == pytest.approx(0.25)


def test_nothing_is_not_primary_and_of_the_worst_quality() -> None:
    assert primary_data_share([]) == 0.0
    assert data_quality([]) == UNKNOWN


@pytest.mark.parametrize(
    ("days", "score"), [(-10, 1), (0, 1), (366, 1), (367, 2), (731, 2), (732, 3), (1096, 3), (1461, 4), (1462, 5)]
)
def test_older_data_score_worse(days: int, score: float) -> None:
    assert time_score(END - timedelta(days=days), reference_end=END) == score


def test_data_of_unknown_age_score_worst() -> None:
    assert time_score(None, reference_end=END) == 5.0


def test_scores_follow_the_order_of_the_table() -> None:
    assert rating(Technology.SAME_PLANT, Geography.SAME_SUBDIVISION, data_end=END, reference_end=END) == Rating(
        technology=1.0, geography=1.0, time=1.0
    )
    assert rating(Technology.UNKNOWN, Geography.UNKNOWN, data_end=None, reference_end=END) == UNKNOWN
    assert rating(Technology.AVERAGE, Geography.SAME_COUNTRY, data_end=END, reference_end=END).technology == 3.0


def test_groups_are_rated_apart() -> None:
    found = quality_by_group([("P1", rated(1.0, 1.0)), ("P3", rated(3.0)), ("P1", rated(1.0))])

    assert [(group, share) for group, (share, _) in found.items()] == [("P1", 0.5), ("P3", 0.0)]


_KG = st.floats(min_value=-1e3, max_value=1e3).filter(lambda kg: abs(kg) > 1e-6)
_SCORE = st.integers(1, 5).map(float)


@given(st.lists(st.tuples(_KG, st.floats(0, 1), _SCORE, _SCORE, _SCORE), min_size=1, max_size=8))
def test_shares_and_ratings_stay_within_their_scales(parts: list[tuple[float, float, float, float, float]]) -> None:
    found = [rated(*part) for part in parts]
    quality = data_quality(found)

    assert 0.0 <= primary_data_share(found) <= 1.0 + 1e-12
    assert all(1.0 - 1e-12 <= score <= 5.0 + 1e-12 for score in (quality.technology, quality.geography, quality.time))


def test_a_mixture_of_one_is_itself() -> None:
    one = Rating(technology=2.0, geography=4.0, time=5.0)

    assert mixed_rating([(0.3, one)]) == one
