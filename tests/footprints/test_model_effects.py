import pytest
from sqlmodel import Session

from lca_models.model import load_model, read_model, shipped_tables
from service.footprints.model_effects import default_effects, product_effects
from tests.builders import a_product, a_supplier
from tests.footprints.builders import a_record, a_toll_product, an_accepted_submission

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
    """The maker's own answer is 13.3 kWh/kg; a later model that allows 10 at most refuses it."""
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)
    a_record(session, a_toll_product(session, a_product(session), supplier))
    tables = dict(shipped_tables())
    lines = tables["parameters.csv"].decode().split("\n")
    tables["parameters.csv"] = "\n".join(
        line.replace(",0,40,", ",0,10,") if line.startswith("graphitization_electricity_kwh_per_kg,") else line for line in lines
    ).encode()
    strict = read_model(tables, version="strict")

    (found,) = product_effects(session, load_model(), strict)

    assert found.effect.after_kg_co2e is None
    assert found.effect.difference_kg_co2e is None
    assert "graphitization_electricity_kwh_per_kg = 13.3 kWh/kg is outside 0 to 10" in str(found.effect.problem)
