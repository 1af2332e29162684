import math
import uuid

import pytest
from starlette.testclient import TestClient

from lca_models.explanations.attribution import GRID, OWN_PLANT, UNNAMED
from lca_models.explanations.comparison import Grouping
from service.accounts.models import Role
from service.database import Database
from service.footprints.explaining import compare, default_of, explanations_of, origins_of, side_of, tornado_of, view_of
from service.footprints.models import FootprintRecord
from service.footprints.queries import get_record
from tests.builders import a_product, a_supplier
from tests.conftest import SignIn
from tests.footprints.builders import a_record, a_toll_product, an_accepted_submission

KWH = "graphitization_electricity_kwh_per_kg"


@pytest.fixture
def toll_record(database: Database) -> tuple[uuid.UUID, uuid.UUID]:
    """A footprint of which a toll plant graphitizes a part with 13.3 kWh/kg, and the plant."""
    with database.writing() as session:
        supplier = a_supplier(session)
        an_accepted_submission(session, supplier)
        product = a_toll_product(session, a_product(session), supplier)
        product.toll_share = 0.4
        record = a_record(session, product)
        return record.id, supplier.id


@pytest.fixture
def plain_record(database: Database) -> uuid.UUID:
    """A footprint of defaults."""
    with database.writing() as session:
        return a_record(session, a_product(session, grade="AG-2")).id


def test_the_explanation_is_that_of_the_stored_result(database: Database, toll_record: tuple[uuid.UUID, uuid.UUID]) -> None:
    with database.reading() as session:
        record = get_record(session, toll_record[0])
        found = explanations_of(side_of(session, record), record)

        assert found.total_kg_co2e == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-12)
        assert found.by_stage_kg_co2e == pytest.approx(record.result["by_stage"], rel=1e-12)


def test_a_toll_plant_stands_behind_its_share_of_the_electricity(
    database: Database, toll_record: tuple[uuid.UUID, uuid.UUID]
) -> None:
    record_id, supplier_id = toll_record
    with database.reading() as session:
        record = get_record(session, record_id)
        parties = origins_of(record)[KWH].parties
        found = explanations_of(side_of(session, record), record)

        # 60 % in the own furnace with 13 kWh/kg are 7.8 kWh, 40 % in the toll plant with 13.3 are 5.32, together 13.12.
        assert parties == pytest.approx({OWN_PLANT: 7.8 / 13.12, str(supplier_id): 5.32 / 13.12})
        assert set(found.by_party_kg_co2e) == {OWN_PLANT, GRID, UNNAMED, str(supplier_id)}
        assert found.by_scope_kg_co2e["scope_3"] > found.by_party_kg_co2e[str(supplier_id)]
        assert math.fsum(found.by_party_kg_co2e.values()) == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-12)


def test_the_kinds_of_data_are_those_of_the_record(database: Database, toll_record: tuple[uuid.UUID, uuid.UUID]) -> None:
    with database.reading() as session:
        record = get_record(session, toll_record[0])
        found = explanations_of(side_of(session, record), record)

        assert found.by_kind_kg_co2e == pytest.approx(
            {kind: share * record.total_kg_co2e_per_kg for kind, share in record.shares.items()}, rel=1e-9, abs=1e-12
        )


def test_a_swing_keeps_what_the_record_was_given(database: Database, toll_record: tuple[uuid.UUID, uuid.UUID]) -> None:
    with database.reading() as session:
        record = get_record(session, toll_record[0])
        found = tornado_of(side_of(session, record))

        assert found.total_kg_co2e == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-12)
        assert next(one.value for one in found.swings if one.parameter == KWH) == record.parameters[KWH]


def test_the_default_differs_from_a_record_by_what_the_record_keeps_as_its_difference(
    database: Database, toll_record: tuple[uuid.UUID, uuid.UUID]
) -> None:
    with database.reading() as session:
        record = get_record(session, toll_record[0])
        side = side_of(session, record)
        found = compare(default_of(side), side)

        assert found.before_kg_co2e == pytest.approx(record.default_total_kg_co2e_per_kg, rel=1e-12)
        steps = math.fsum(step.kg_co2e for step in found.steps)
        assert steps == pytest.approx(record.total_kg_co2e_per_kg - record.default_total_kg_co2e_per_kg, abs=1e-11)


def test_a_view_differs_from_the_headline_by_electricity_alone(
    database: Database, toll_record: tuple[uuid.UUID, uuid.UUID]
) -> None:
    with database.reading() as session:
        record = get_record(session, toll_record[0])
        headline = side_of(session, record)
        views = [view_of(headline, view) for view in record.views]

        for view, side in zip(record.views, views, strict=True):
            assert side.footprint.total_kg_co2e == pytest.approx(view["total_kg_co2e"], rel=1e-12)
            changes = {step.key for step in compare(headline, side).steps}
            assert changes <= {"electricity_view"}


def test_two_records_are_compared_parameter_by_parameter(
    database: Database, toll_record: tuple[uuid.UUID, uuid.UUID], plain_record: uuid.UUID
) -> None:
    with database.reading() as session:
        before, after = get_record(session, plain_record), get_record(session, toll_record[0])
        found = compare(side_of(session, before), side_of(session, after), grouping=Grouping.PARAMETER)

        assert KWH in {step.key for step in found.steps}
        steps = math.fsum(step.kg_co2e for step in found.steps)
        assert steps == pytest.approx(after.total_kg_co2e_per_kg - before.total_kg_co2e_per_kg, abs=1e-11)


def test_the_api_explains_a_footprint_to_engineers(
    client: TestClient, sign_in: SignIn, toll_record: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.ENGINEER)

    answer = client.get(f"/api/v1/footprints/{toll_record[0]}/explanations").json()

    assert math.fsum(answer["by_scope"].values()) == pytest.approx(answer["total_kg_co2e"], rel=1e-12)
    assert math.fsum(child["kg_co2e"] for child in answer["tree"]["children"]) == pytest.approx(answer["total_kg_co2e"])
    assert str(toll_record[1]) in answer["by_party"]
    assert {"producer", "consumer", "amount", "unit", "kg_co2e"} == set(answer["links"][0])


def test_the_api_explains_nothing_to_sales(client: TestClient, sign_in: SignIn, toll_record: tuple[uuid.UUID, uuid.UUID]) -> None:
    sign_in(Role.SALES)

    assert client.get(f"/api/v1/footprints/{toll_record[0]}/explanations").status_code == 403
    assert client.get(f"/api/v1/footprints/{toll_record[0]}/comparison").status_code == 403


def test_the_api_compares_two_footprints(
    client: TestClient, sign_in: SignIn, toll_record: tuple[uuid.UUID, uuid.UUID], plain_record: uuid.UUID
) -> None:
    sign_in(Role.AUDITOR)

    answer = client.get(f"/api/v1/footprints/{toll_record[0]}/comparison/{plain_record}?grouping=parameter").json()

    steps = math.fsum(step["kg_co2e"] for step in answer["steps"])
    assert steps == pytest.approx(answer["after_kg_co2e"] - answer["before_kg_co2e"], abs=1e-11)
    assert (answer["before"], answer["after"]) != (None, None)


def test_the_api_compares_with_the_default(client: TestClient, sign_in: SignIn, plain_record: uuid.UUID) -> None:
    sign_in(Role.ENGINEER)

    answer = client.get(f"/api/v1/footprints/{plain_record}/comparison").json()

    assert (answer["before"], answer["steps"]) == (None, [])


def test_the_api_shows_no_zero_where_the_origin_of_the_carbon_is_not_known(
    client: TestClient, sign_in: SignIn, plain_record: uuid.UUID
) -> None:
    sign_in(Role.ENGINEER)

    split = client.get(f"/api/v1/footprints/{plain_record}").json()["split"]

    assert split["fossil"] > 0
    assert split["land_use"] is None


def test_a_record_on_a_model_that_is_not_kept_says_so(
    client: TestClient, sign_in: SignIn, database: Database, plain_record: uuid.UUID
) -> None:
    with database.writing() as session:
        record = get_record(session, plain_record)
        copy = FootprintRecord(
            **{
                **record.model_dump(exclude={"id", "number", "inputs_sha256", "result"}),
                "number": "F-2020-0001",
                "inputs_sha256": "0" * 64,
                "result": {**record.result, "content_hash": "f" * 64},
            }
        )
        session.add(copy)
        session.flush()
        copy_id = copy.id
    sign_in(Role.ENGINEER)

    answer = client.get(f"/api/v1/footprints/{copy_id}/explanations")

    assert answer.status_code == 404
    assert answer.json()["type"].endswith("model-not-kept")
