"""What was asked and left open makes no footprint: the model's default could be better than the truth."""

from dataclasses import replace

import pytest

from lca_models.model import load_model
from service.green_score.backing import Backing
from service.green_score.energy_facts import electricity_of
from service.green_score.own_footprints import find_own
from service.green_score.unanswered import PROCESS_FIELDS, fields_read, unanswered
from service.submissions.models import Depth
from tests.footprints.builders import TOLL_ANSWERS, accepted
from tests.green_score.builders import FLOW

MODEL = load_model()
CRUCIBLE: dict[str, float | str] = {
    "site_province": "CN-GD",
    "crucible_material": "graphite",
    "block_electricity": 4000.0,
    "block_gas": 900.0,
    "machining_loss": 45.0,
    "evidence_source": "metered",
}
ELECTRICITY: dict[str, float | str] = {
    "grid_electricity": 6e6,
    "onsite_electricity": 1e6,
    "onsite_kind": "solar_pv",
    "captive_electricity": 3e6,
}


def test_a_footprint_is_made_of_the_answers_that_a_first_request_asks_for() -> None:
    assert find_own(accepted(TOLL_ANSWERS), FLOW, MODEL) is not None
    assert find_own(accepted(CRUCIBLE, supplier_type="CRUCIBLE"), "graphite_crucible", MODEL) is not None


@pytest.mark.parametrize("field", [*PROCESS_FIELDS, *fields_read(FLOW)])
def test_a_toll_plant_that_leaves_an_answer_open_has_no_footprint(field: str) -> None:
    answers = accepted({name: value for name, value in TOLL_ANSWERS.items() if name != field})
    was_asked = field != "crucible_wear"  # of the full questionnaire only

    assert (find_own(answers, FLOW, MODEL) is None) == was_asked
    assert unanswered(answers, [field]) == ((field,) if was_asked else ())


def test_the_full_questionnaire_leaves_more_open() -> None:
    assert find_own(replace(accepted(TOLL_ANSWERS), depth=Depth.FULL), FLOW, MODEL) is None


@pytest.mark.parametrize("field", ["block_electricity", "block_gas", "machining_loss"])
def test_a_crucible_maker_does_not_win_by_keeping_its_losses_to_itself(field: str) -> None:
    answers = accepted({name: value for name, value in CRUCIBLE.items() if name != field}, supplier_type="CRUCIBLE")

    assert find_own(answers, "graphite_crucible", MODEL) is None


def electricity(**left_open: None) -> float | None:
    values = {name: value for name, value in ELECTRICITY.items() if name not in left_open}
    answers = replace(accepted(values), depth=Depth.FULL)
    found = electricity_of(Backing(answers=answers, fields=frozenset(), backs_all=True, file_ids=()))
    return None if found is None else found.total_mwh


def test_electricity_of_an_own_coal_plant_that_is_left_open_does_not_raise_the_renewable_share() -> None:
    assert electricity() == pytest.approx(10_000.0)  # 6 + 1 + 3 million kWh
    assert electricity(captive_electricity=None) is None
    assert electricity(onsite_electricity=None) is None


def test_certificates_count_only_where_the_supplier_says_that_they_were_not_sold_on() -> None:
    proofs = []
    for said in ({}, {"green_sold_on": "yes"}, {"green_sold_on": "no"}):
        answers = replace(accepted({**ELECTRICITY, **said}), depth=Depth.FULL)
        found = electricity_of(Backing(answers=answers, fields=frozenset(), backs_all=True, file_ids=()))
        assert found is not None
        proofs.append(list(found.renewable_mwh))

    assert proofs == [["without_cancellation"], ["without_cancellation"], ["own_generation"]]
