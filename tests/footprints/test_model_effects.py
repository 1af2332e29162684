import pytest
from sqlmodel import Session

from lca_models.model import load_model, read_model, shipped_tables
from service.footprints.model_effects import default_effects, product_effects
from service.footprints.rechecking import rebuild
from service.modelling.operations import create_draft, release
from tests.builders import NOW, a_product, a_supplier
from tests.footprints.builders import a_record, a_toll_product, an_accepted_submission
from tests.modelling.builders import ENGINEER, SECOND, UTILITIES, a_released_version, change

MORE_UTILITIES = read_model(
    {
        **shipped_tables(),
        "unit_processes.csv": shipped_tables()["unit_processes.csv"].replace(
            b"P6_site_utilities,electricity_cn_grid,input,0.3,", b"P6_site_utilities,electricity_cn_grid,input,0.4,"
        ),
    },
    version="test",
)


def test_the_effect_on_the_default_is_the_hand_calculation_for_every_furnace() -> None:
    effects = default_effects(load_model(), MORE_UTILITIES)

    assert set(effects) == set(load_model().parameter("furnace").choices)
    for effect in effects.values():
        assert effect.difference_kg_co2e == pytest.approx(0.1 * 0.5777)


def test_the_effect_on_a_product_uses_what_its_latest_record_was_given(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)
    record = a_record(session, a_toll_product(session, a_product(session), supplier))

    (found,) = product_effects(session, load_model(), MORE_UTILITIES)

    assert found.record_number == record.number
    assert found.effect.before_kg_co2e == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-12)
    assert found.effect.difference_kg_co2e == pytest.approx(0.1 * 0.5777)


def test_a_product_that_the_later_model_can_not_calculate_says_why(session: Session) -> None:
    """The recipe says 5 kWh/kg for the utilities; a later model that allows 1 at most refuses it."""
    product = a_product(session)
    product.recipe = {"utilities_electricity_kwh_per_kg": 5.0}
    a_record(session, product)
    tables = dict(shipped_tables())
    lines = tables["parameters.csv"].decode().split("\n")
    tables["parameters.csv"] = "\n".join(
        line.replace(",0,20,", ",0,1,") if line.startswith("utilities_electricity_kwh_per_kg,") else line for line in lines
    ).encode()
    strict = read_model(tables, version="strict")

    (found,) = product_effects(session, load_model(), strict)

    assert found.effect.after_kg_co2e is None
    assert found.effect.difference_kg_co2e is None
    assert "utilities_electricity_kwh_per_kg = 5 kWh/kg is outside 0 to 1" in str(found.effect.problem)


def test_a_record_is_calculated_again_on_its_own_version_and_a_new_one_on_the_version_in_use(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)
    product = a_toll_product(session, a_product(session), supplier)
    first = a_released_version(session)
    record = a_record(session, product)
    draft = create_draft(session, notes="More still.", by=ENGINEER, at=NOW)
    draft = change(session, draft, "unit_processes.csv", UTILITIES, {"amount": "0.5"})
    second = release(
        session, draft.id, exemptions=tuple(load_model().exemptions.values()), version=draft.version, by=SECOND, at=NOW
    )

    again = rebuild(session, record, check=True)
    newer = a_record(session, product)

    assert again.content_hash == record.result["content_hash"] == first.content_hash
    assert again.total_kg_co2e == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-12)
    assert newer.result["content_hash"] == second.content_hash
    assert newer.total_kg_co2e_per_kg - record.total_kg_co2e_per_kg == pytest.approx(0.1 * 0.5777)
