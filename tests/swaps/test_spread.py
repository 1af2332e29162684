"""The 90th percentile of a combination."""

import pytest

from service.swaps.evaluation import evaluate
from service.swaps.overlay import Combination, overlays_of, whole
from service.swaps.spread import Spread
from tests.swaps.builders import COKE_B, COKE_SILENT, PITCH_B, TOLL_B, TOLL_SILENT, a_workbench

OVERLAYS = overlays_of(a_workbench())
SPREAD = Spread(overlays=OVERLAYS, backgrounds={})


def p90(*combinations: Combination) -> list[float]:
    points = evaluate(OVERLAYS, combinations).kg_co2e_per_kg
    return [float(one) for one in SPREAD.p90_kg_co2e_per_kg(combinations, points.tolist())]


def test_choices_together_are_as_unsure_as_if_drawn_together() -> None:
    both = {"graphitised_powder": whole(TOLL_B), "coal_tar_pitch": whole(PITCH_B), "green_petroleum_coke": whole(COKE_B)}
    direct = overlays_of(a_workbench(today={**OVERLAYS.workbench.today, **both}))
    point = evaluate(direct, [{}]).kg_co2e_per_kg.tolist()

    drawn = Spread(overlays=direct, backgrounds={}).p90_kg_co2e_per_kg([{}], point)[0]

    assert p90(both)[0] == pytest.approx(drawn, rel=0.01)


def test_the_percentile_lies_above_the_footprint_and_the_same_question_has_the_same_answer() -> None:
    combinations: list[Combination] = [{}, {"graphitised_powder": whole(TOLL_SILENT)}, {"green_petroleum_coke": whole(COKE_SILENT)}]
    points = evaluate(OVERLAYS, combinations).kg_co2e_per_kg.tolist()

    found = p90(*combinations)

    assert all(above > point for above, point in zip(found, points, strict=True))
    assert p90(*combinations) == found


def test_nothing_asked_is_nothing_answered() -> None:
    assert p90() == []
