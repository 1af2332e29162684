"""Task 1, frontier low-carbon technology."""

import pytest
from sqlmodel import Session

from lca_models.batch import calculate_batch
from lca_models.model import load_model
from service.measures.schemas import TechnologyInput
from service.measures.technology import add_project, effect_of
from tests.builders import NOW
from tests.measures.builders import ENGINEER, a_made_product


def test_a_projects_parameter_change_re_solves_product_pcf_effect_range_shown_from_uncertainty(session: Session) -> None:
    product = a_made_product(session)
    fields = TechnologyInput(
        name_zh="连续炉中试",
        name_en="Pilot of a continuous furnace",
        trl=6,
        expected_year=2029,
        product_id=product.id,
        overlay="furnace = continuous",
        source="Pilot assignment",
    )
    project = add_project(session, fields, by=ENGINEER, at=NOW)
    session.flush()

    effect = effect_of(session, project)

    box, continuous = (float(calculate_batch(load_model(), {"furnace": one}).total_kg_co2e[0]) for one in ("box", "continuous"))
    assert effect.before_kg == pytest.approx(box)
    assert effect.after_kg == pytest.approx(continuous)
    assert effect.p10_kg < effect.avoided_kg < effect.p90_kg
    # what is uncertain alike with and without the project cancels out: the range is narrower than the footprint itself is uncertain
    assert effect.p90_kg - effect.p10_kg < box
