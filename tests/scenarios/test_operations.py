"""Own scenarios: what may be stored, what is kept, and how they are evaluated."""

import pytest
from sqlmodel import Session, select

from lca_models.batch import Case
from lca_models.scenarios import shipped_scenarios
from service.audit.models import AuditEvent
from service.errors import InvalidInputError, StaleVersionError
from service.footprints.operations import ModelRefusedError
from service.scenarios.evaluation import Base, ScenarioBaseError, base_of_record, compare_over, pick
from service.scenarios.operations import change_scenario, create_scenario, set_scenario_active
from service.scenarios.queries import get_scenario, key_of, library, versions_of
from service.scenarios.schemas import ScenarioInput
from tests.builders import NOW, a_product, a_supplier
from tests.footprints.builders import CALCULATOR as BY
from tests.footprints.builders import TOLL_ANSWERS, a_record, a_toll_product, an_accepted_submission


def a_content(**fields: object) -> ScenarioInput:
    given = {"name_zh": "某情景", "name_en": "Some scenario", "reasoning": "A plan of the plant", "parameters": {"furnace": "box"}}
    return ScenarioInput.model_validate(given | fields)


def test_a_scenario_of_the_maker_stands_beside_the_shipped_ones(session: Session) -> None:
    own = create_scenario(session, a_content(), by=BY, at=NOW)
    session.flush()

    found = library(session)

    assert set(found) == {*shipped_scenarios(), key_of(own.id)}
    assert found[key_of(own.id)].scenario.status == "assumption"
    assert found[key_of(own.id)].scenario.reasoning_en == "A plan of the plant"


def test_what_a_scenario_said_before_is_kept(session: Session) -> None:
    own = create_scenario(session, a_content(), by=BY, at=NOW)

    change_scenario(session, own.id, a_content(parameters={"furnace": "continuous"}), version=1, by=BY, at=NOW)

    assert get_scenario(session, own.id)[1].parameters == {"furnace": "continuous"}
    assert [(one.version, one.parameters["furnace"]) for one in versions_of(session, own.id)] == [(2, "continuous"), (1, "box")]
    assert [event.action for event in session.exec(select(AuditEvent))] == ["scenario_created", "scenario_changed"]


def test_two_people_do_not_overwrite_each_other(session: Session) -> None:
    own = create_scenario(session, a_content(), by=BY, at=NOW)
    change_scenario(session, own.id, a_content(), version=1, by=BY, at=NOW)

    with pytest.raises(StaleVersionError):
        change_scenario(session, own.id, a_content(), version=1, by=BY, at=NOW)


def test_a_scenario_switched_off_is_not_in_the_library(session: Session) -> None:
    own = create_scenario(session, a_content(), by=BY, at=NOW)
    session.flush()

    set_scenario_active(session, own.id, active=False, version=1, by=BY, at=NOW)

    assert key_of(own.id) not in library(session)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"parameters": {}}, "", "changes nothing"),
        ({"parameters": {"unheard_of": 1.0}}, "parameter.unheard_of", "There is no parameter “unheard_of”"),
        ({"parameters": {"finishing_yield": 1.4}}, "parameter.finishing_yield", "finishing_yield = 1.4 kg/kg is outside 0.3 to 1"),
        ({"parameters": {"furnace": "blast"}}, "parameter.furnace", "furnace can't be “blast”"),
        ({"electricity": "provincial"}, "electricity", "There is no electricity view “provincial”"),
        (
            {"electricity": "market", "parameters": {"electricity_kg_co2e_per_kwh": 0.3}},
            "electricity",
            "is set while the electricity view is “market”",
        ),
    ],
)
def test_what_the_model_can_not_take_is_told_beside_its_field(
    session: Session, fields: dict[str, object], field: str, message: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        create_scenario(session, a_content(**fields), by=BY, at=NOW)

    assert message in str(caught.value.fields[field])


def test_a_mix_must_add_up_and_its_suppliers_deliver_the_material(session: Session) -> None:
    toll = a_supplier(session)
    half = [{"flow": "graphitised_powder", "supplier_id": toll.id, "share": 0.5}]
    wrong = [{"flow": "green_petroleum_coke", "supplier_id": toll.id, "share": 1.0}]

    with pytest.raises(InvalidInputError) as caught:
        create_scenario(session, a_content(supplier_shares=half), by=BY, at=NOW)
    assert "add up to 50 percent instead of 100" in str(caught.value.fields["graphitised_powder"])
    with pytest.raises(InvalidInputError) as caught:
        create_scenario(session, a_content(supplier_shares=wrong), by=BY, at=NOW)
    assert "does not deliver this material" in str(caught.value.fields["green_petroleum_coke"])


def test_over_a_footprint_the_base_is_the_footprint_itself(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)
    record = a_record(session, a_toll_product(session, a_product(session), supplier))
    rail = pick(library(session), ["toll_by_rail"], field="scenario")

    found = compare_over(session, base_of_record(session, record.id), [rail])

    assert found.results.total_kg_co2e[0] == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-12)
    # (feed 1000/950 + 1) x 1000 km by rail 0.010 instead of road 0.0978, for 0.985 x 1.015 kg graphitized powder
    powder = record.result["scaling"]["P3_graphitisation:acheson_crucible"]
    assert found.difference_kg_co2e[1] == pytest.approx(powder * (1000 / 950 + 1) * (0.010 - 0.0978))


def test_another_mix_of_suppliers_counts_with_what_they_answered(session: Session) -> None:
    """The first needs 13.3 kWh/kg, the second 11,700,000 + 285,000 kWh over 950 t = 12.6158 kWh/kg."""
    first, second = a_supplier(session), a_supplier(session)
    an_accepted_submission(session, first)
    an_accepted_submission(session, second, {**TOLL_ANSWERS, "furnace_electricity": 11_700_000.0})
    record = a_record(session, a_toll_product(session, a_product(session), first))
    shares = [{"flow": "graphitised_powder", "supplier_id": second.id, "share": 1.0}]
    own = create_scenario(session, a_content(parameters={}, supplier_shares=shares), by=BY, at=NOW)
    session.flush()

    found = compare_over(session, base_of_record(session, record.id), [pick(library(session), [key_of(own.id)], field="scenario")])

    powder = record.result["scaling"]["P3_graphitisation:acheson_crucible"]
    assert found.difference_kg_co2e[1] == pytest.approx(powder * (11_985_000 / 950_000 - 12_635_000 / 950_000) * 0.5777)


def test_a_mix_of_suppliers_needs_a_footprint(session: Session) -> None:
    shares = [{"flow": "graphitised_powder", "supplier_id": a_supplier(session).id, "share": 1.0}]
    own = create_scenario(session, a_content(parameters={}, supplier_shares=shares), by=BY, at=NOW)
    session.flush()

    with pytest.raises(ScenarioBaseError, match="needs a footprint as its base"):
        compare_over(session, Base(case=Case()), [pick(library(session), [key_of(own.id)], field="scenario")])


def test_contradictory_scenarios_are_refused_in_the_models_words(session: Session) -> None:
    base = Base(case=Case(parameters={"contract_wind_share": 0.8, "contract_hydro_share": 0.8}, electricity="market"))

    with pytest.raises(ModelRefusedError, match=r"add up to 1.6, above 1"):
        compare_over(session, base, [])


def test_an_unknown_scenario_is_told_with_its_field(session: Session) -> None:
    with pytest.raises(InvalidInputError) as caught:
        pick(library(session), ["furnace_blast"], field="scenario")

    assert "There is no scenario “furnace_blast”" in str(caught.value.fields["scenario"])
