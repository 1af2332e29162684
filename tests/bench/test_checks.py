import random
from itertools import islice

import pytest

from service.bench.checks import corrupted, unharmed
from service.bench.filled_forms import fill_form, supplier_types
from service.bench.mistakes import KINDS, make_mistake
from service.bench.plants.books import draw_plant
from service.submissions.answers import read_all
from service.submissions.models import Depth
from service.submissions.plausibility import Level, examine

SEED = 7
FEW = 80


def test_mistakes_are_caught_and_clean_forms_left_alone() -> None:
    # A small sample of what `anodeprint bench checks` measures with a thousand of each; far below its goals something is broken.
    wrong, clean = list(islice(corrupted(SEED), FEW)), list(islice(unharmed(SEED), FEW))

    assert sum(trial.found for trial in wrong) / FEW > 0.85
    assert sum(trial.found for trial in clean) / FEW < 0.10


def test_the_same_seed_gives_the_same_forms() -> None:
    first, again = (list(islice(corrupted(SEED), 5)) for _ in range(2))

    assert [trial.form.entries for trial in first] == [trial.form.entries for trial in again]


def test_a_mistake_changes_one_answer_only() -> None:
    form = fill_form("PITCH", Depth.FULL, "nothing", random.Random(SEED))

    for kind in KINDS:
        made = make_mistake(form, kind, random.Random(SEED))
        if made is not None:
            changed, field = made
            keys = form.entries.keys() | changed.entries.keys()
            assert {key for key in keys if form.entries.get(key) != changed.entries.get(key)} == {field}


def test_every_supplier_type_has_a_plant_whose_form_can_be_handed_in() -> None:
    for supplier_type in supplier_types():
        for depth in (Depth.FIRST, Depth.FULL):
            form = fill_form(supplier_type, depth, "nothing", random.Random(SEED))
            seen = examine(form.questions, read_all(form.questions, form.entries), form.surroundings)
            assert [one.key for one in seen if one.level is Level.ERROR] == []


@pytest.mark.parametrize("supplier_type", ["TOLL", "TOLL_CARB"])
def test_a_drawn_toll_plant_returns_the_share_of_its_output_that_it_says(supplier_type: str) -> None:
    plant = draw_plant(supplier_type, random.Random(SEED))
    ours, everybody, share = (float(plant[key]) for key in ("product_out", "product_output", "supply_share"))

    assert ours == pytest.approx(everybody * share / 100)


def test_the_masses_of_a_drawn_plant_close() -> None:
    # tar = pitch + co-products + 0.5 to 2.5 % of the tar as water and vapour
    plant = draw_plant("PITCH", random.Random(SEED))
    output, tar, oils = (float(plant[key]) for key in ("product_output", "tar_input", "co_products"))

    assert 0.005 <= 1 - (output + oils) / (tar * output) <= 0.025
