"""What backgrounds in use change in footprints, and what has to stand beside the figure."""

import uuid
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import Session

from lca_models.background.bank import Bank
from lca_models.calculation import calculate_footprint
from lca_models.model import load_model
from lca_models.uncertainty.inputs import Basis
from service.backgrounds.operations import keep_draws, set_enabled, set_factor
from service.backgrounds.queries import draws_of_factors
from service.backgrounds.rules import ECOINVENT_NOTICE, Constant
from service.footprints.parameters import parameters_from, used_constants
from service.footprints.uncertainty import simulate_record
from service.i18n import translate
from tests.backgrounds.builders import BAR, BY, NOW, PITCH, an_enabled_background
from tests.builders import a_product
from tests.footprints.builders import a_record, accepted


def test_a_background_in_use_gives_the_factor_that_nobody_set(session: Session, tmp_path: Path) -> None:
    an_enabled_background(session, data_dir=tmp_path)

    record = a_record(session, a_product(session))

    expected = calculate_footprint(load_model(), {PITCH: record.parameters[PITCH]})
    assert record.parameters[PITCH] == pytest.approx(1.896)
    assert record.total_kg_co2e_per_kg == pytest.approx(expected.total_kg_co2e, rel=1e-12)
    (part,) = record.provenance[PITCH]["parts"]
    assert (part["kind"], part["source"], part["formula"]) == ("secondary", "background:mine", "bar production [CN]; own data")


def test_everything_derived_names_the_licence(session: Session, tmp_path: Path) -> None:
    an_enabled_background(session, data_dir=tmp_path)

    record = a_record(session, a_product(session))

    notice = next(one for one in record.result["notices"] if "licence" in one["template"])
    assert notice["text"].startswith("1 factors come from the background “mine” (licence: own data).")
    assert "own data" in translate("zh-CN", notice["template"], **notice["values"])


def test_ecoinvent_gets_its_own_warning(session: Session, tmp_path: Path) -> None:
    an_enabled_background(session, data_dir=tmp_path, name="ei", licence="ecoinvent EULA 3.11")

    record = a_record(session, a_product(session))

    assert ECOINVENT_NOTICE in [one["template"] for one in record.result["notices"]]


def a_bank(*draws: float) -> Bank:
    return Bank(kg_co2e_per_unit=np.array(draws)[:, None], products=np.array([BAR]), seed=5, seconds=0.0)


def test_simulations_draw_the_factor_from_the_bank(session: Session, tmp_path: Path) -> None:
    background = an_enabled_background(session, data_dir=tmp_path)
    record = a_record(session, a_product(session))
    before = simulate_record(session, record).headline

    keep_draws(session, background, a_bank(1.0, 2.0, 4.0), data_dir=tmp_path, by=BY, at=NOW)
    found = simulate_record(session, record).headline

    assert set(found.values[PITCH]) == {1.0, 2.0, 4.0}
    # Each draw of the bank has a third of the 1,000 points, to one.
    assert [int((found.values[PITCH] == value).sum()) for value in (1.0, 2.0, 4.0)] == pytest.approx([333, 333, 333], abs=1)
    assert found.point_kg_co2e == before.point_kg_co2e
    term = next(one for one in found.parameters if one.name == PITCH).terms[0]
    assert (term.basis, term.stream, term.distribution.point) == (Basis.BACKGROUND, "background:mine", pytest.approx(1.896))


def test_another_activity_for_a_parameter_forgets_the_draws_of_the_first(session: Session, tmp_path: Path) -> None:
    background = an_enabled_background(session, data_dir=tmp_path)
    keep_draws(session, background, a_bank(1.0, 2.0), data_dir=tmp_path, by=BY, at=NOW)

    set_factor(session, background, parameter=PITCH, activity=BAR, model=load_model(), data_dir=tmp_path, by=BY, at=NOW)

    assert draws_of_factors(session) == {}


def test_a_background_out_of_use_changes_nothing(session: Session, tmp_path: Path) -> None:
    product = a_product(session)
    before = a_record(session, product)
    background = an_enabled_background(session, data_dir=tmp_path)
    set_enabled(session, background, is_enabled=False, version=background.version, by=BY, at=NOW)

    assert a_record(session, product).id == before.id


def test_the_recipe_comes_before_a_background(session: Session, tmp_path: Path) -> None:
    an_enabled_background(session, data_dir=tmp_path)
    product = a_product(session)
    product.recipe = {PITCH: 0.9}

    record = a_record(session, product)

    assert record.parameters[PITCH] == 0.9
    assert not [one for one in record.result["notices"] if "background" in one["template"]]


def test_a_suppliers_own_footprint_comes_before_a_background_and_the_rest_is_mixed(session: Session) -> None:
    supplier_id = uuid.uuid4()
    answers = {supplier_id: accepted({"own_pcf": 800.0, "evidence_source": "metered"}, supplier_type="PITCH")}
    constant = Constant(kg_co2e_per_unit=1.896, background="mine", licence="own data", activity="bar [CN]")

    parameters, provenance = parameters_from(
        a_product(session), {"coal_tar_pitch": {supplier_id: 0.75}}, answers, load_model(), background={PITCH: constant}
    )

    # 0.75 x 800 / 1,000 from the supplier, 0.25 x 1.896 from the background.
    assert parameters[PITCH] == pytest.approx(0.75 * 0.8 + 0.25 * 1.896)
    assert [part.kind for part in provenance[PITCH].parts] == ["primary", "secondary"]
    assert used_constants(provenance, {PITCH: constant}) == (constant,)


def test_a_parameter_that_the_furnace_does_not_have_is_left_alone(session: Session) -> None:
    constant = Constant(kg_co2e_per_unit=1.0, background="mine", licence="own data", activity="bar [CN]")

    parameters, provenance = parameters_from(a_product(session), {}, {}, load_model(), background={"no_such_factor": constant})

    assert "no_such_factor" not in parameters
    assert used_constants(provenance, {"no_such_factor": constant}) == ()
