"""The order of asking, by hand on a few sources and by Monte Carlo on a product with many inputs."""

import math
import re
import statistics
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.planning.opening import sources_of
from service.planning.ranking import Z_90, Ask, Key, Ranking, Source, rank, variance
from tests.planning import synthetic

DOCS = Path(__file__).parents[2] / "docs" / "planner.md"
A, B, C = Key("a", "electricity"), Key("b", "electricity"), Key("c", "coke")


def asks(*keys: Key, fields: tuple[str, ...] = ("kwh", "t")) -> dict[Key, Ask]:
    return {key: Ask(key=key, fields=fields, is_missing=True) for key in keys}


def order(ranking: Ranking) -> list[Key]:
    return [step.ask.key for step in ranking.steps]


def test_sources_of_one_stream_move_together_and_others_do_not() -> None:
    together = [Source(stream="x", effect=3.0), Source(stream="x", effect=4.0)]
    apart = [Source(stream="x", effect=3.0), Source(stream="y", effect=4.0)]

    assert variance(together) == 49.0  # (3 + 4)²
    assert variance(apart) == 25.0  # 3² + 4²


def test_an_answer_takes_its_part_out_of_the_stream_and_brings_its_own_small_one() -> None:
    sources = [
        Source(stream="x", effect=3.0, known_effect=0.5, key=A),
        Source(stream="x", effect=4.0, known_effect=1.0, key=B),
    ]

    assert variance(sources, {A}) == 16.25  # 4² + 0.5²
    assert variance(sources, {A, B}) == 1.25  # 0.5² + 1²


def test_the_first_question_is_the_one_that_takes_off_most() -> None:
    sources = [Source(stream="x", effect=3.0, key=A), Source(stream="x", effect=4.0, key=B), Source(stream="y", effect=5.0, key=C)]

    ranking = rank(sources, asks(A, B, C))

    # Of 7² + 5² = 74: b alone takes 49 - 9 = 40, a 49 - 16 = 33, c 25. Then c takes 25 and a, now alone, 9.
    assert order(ranking) == [B, C, A]
    assert [step.reduction for step in ranking.steps] == pytest.approx([40 / 74, 25 / 74, 9 / 74])
    assert ranking.sd == pytest.approx(math.sqrt(74))
    assert [step.sd_after for step in ranking.steps] == pytest.approx([math.sqrt(34), 3.0, 0.0])
    assert ranking.width == pytest.approx(2 * Z_90 * math.sqrt(74))


def test_a_question_of_three_fields_must_be_worth_three_of_one_field() -> None:
    sources = [Source(stream="x", effect=3.0, key=A), Source(stream="y", effect=2.0, key=B)]
    many, few = asks(A, fields=("kwh", "aux", "t")), asks(B, fields=("t",))

    assert order(rank(sources, many | few)) == [B, A]  # 4 for one field before 9 for three


def test_a_field_that_was_asked_already_costs_nothing_again() -> None:
    other, third = Key("a", "coke"), Key("c", "gas")
    sources = [
        Source(stream="x", effect=10.0, key=A),
        Source(stream="y", effect=2.0, key=other),
        Source(stream="z", effect=2.2, key=third),
    ]
    questions = {
        A: Ask(key=A, fields=("kwh", "t"), is_missing=True),
        other: Ask(key=other, fields=("coke", "t"), is_missing=True),
        third: Ask(key=third, fields=("gas", "t"), is_missing=True),
    }

    ranking = rank(sources, questions)

    # The coke of a costs one field more, because its tonnes are asked with the electricity: 4 / 1 before 4.84 / 2.
    assert order(ranking) == [A, other, third]
    assert [step.new_fields for step in ranking.steps] == [("kwh", "t"), ("coke",), ("gas", "t")]


def test_shares_of_suppliers_weigh() -> None:
    sources = [Source(stream="x", effect=0.7, key=A), Source(stream="x", effect=0.3, key=B)]

    assert order(rank(sources, asks(A, B))) == [A, B]


def test_what_narrows_next_to_nothing_is_not_asked() -> None:
    sources = [Source(stream="x", effect=1.0, key=A), Source(stream="y", effect=0.02, key=B)]

    assert order(rank(sources, asks(A, B))) == [A]  # 0.0004 of 1.0004 is below 0.1 %


def test_an_answer_that_would_be_less_sure_than_the_average_is_not_asked() -> None:
    assert rank([Source(stream="x", effect=1.0, known_effect=1.1, key=A)], asks(A)).steps == ()


def test_nothing_uncertain_gives_nothing_to_ask() -> None:
    assert rank([], {}) == Ranking(sd=0.0, steps=())


EFFECTS = st.lists(st.floats(min_value=0.1, max_value=10), min_size=2, max_size=5)


@given(effects=EFFECTS, shared=st.booleans())
def test_widths_never_grow_along_the_order_and_agree_with_the_variance(effects: list[float], *, shared: bool) -> None:
    keys = [Key(str(number), "p") for number in range(len(effects))]
    sources = [
        Source(stream="x" if shared else str(number), effect=effect, known_effect=effect / 20, key=key)
        for number, (key, effect) in enumerate(zip(keys, effects, strict=True))
    ]

    ranking = rank(sources, asks(*keys))

    widths = [ranking.sd, *(step.sd_after for step in ranking.steps)]
    assert widths == sorted(widths, reverse=True)
    assert ranking.steps[-1].sd_after ** 2 == pytest.approx(variance(sources, set(order(ranking))), rel=1e-6, abs=1e-9)


@given(effects=st.lists(st.floats(min_value=0.1, max_value=10), min_size=3, max_size=3))
def test_of_independent_sources_no_other_order_is_narrower_at_any_point(effects: list[float]) -> None:
    keys = [Key(str(number), "p") for number in range(3)]
    sources = [Source(stream=key.supplier, effect=effect, key=key) for key, effect in zip(keys, effects, strict=True)]
    ours = [*order(rank(sources, asks(*keys))), *keys][:3]

    for other in permutations(keys):
        for count in range(1, 4):
            left = variance(sources, set(list(dict.fromkeys(ours))[:count]))
            assert left <= variance(sources, set(other[:count])) + 2e-3 * variance(sources)


def test_first_order_variance_is_near_the_monte_carlo_of_the_model() -> None:
    """Skewed distributions make the interval of the draws a little wider than the normal one."""
    ranking = rank(list(sources_of(synthetic.opened())), synthetic.opened().questions())

    assert ranking.width == pytest.approx(synthetic.width([]), rel=0.1)


def test_the_planner_needs_fewer_questions_than_chance_and_than_spend() -> None:
    widest, narrowest = synthetic.width([]), synthetic.width(list(synthetic.opened().questions()))
    wanted = (widest + narrowest) / 2

    planner = synthetic.fields_until(synthetic.planner_order(), wanted)
    spend = synthetic.fields_until(synthetic.spend_order(), wanted)
    chance = statistics.mean(synthetic.fields_until(synthetic.random_order(seed), wanted) for seed in range(synthetic.SEEDS))

    assert planner < spend < chance
    told = re.search(r"\| (\d+) \| (\d+) \| ([\d.]+) \|", DOCS.read_text(encoding="utf-8"))
    assert told is not None
    assert [float(told[1]), float(told[2])] == [planner, spend]
    assert float(told[3]) == pytest.approx(chance, abs=0.05)
