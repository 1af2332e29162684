"""What the API answers about a footprint is the record, whole and unchanged."""

import json
import uuid
from typing import Any

import pytest
from sqlmodel import Session

from service.accounts.access import Principal
from service.accounts.models import OrganisationKind, Role
from service.errors import NotFoundError
from service.footprints.answering import detail_json, listed
from service.footprints.models import FootprintRecord
from service.footprints.queries import get_row, sources_of
from service.footprints.schemas import FootprintDetailOut
from tests.builders import a_product, a_supplier
from tests.footprints.builders import a_record, a_toll_product, an_accepted_submission


def a_principal(role: Role) -> Principal:
    return Principal(
        user_id=uuid.uuid4(),
        invitation_id=None,
        submission_id=None,
        organisation_id=uuid.uuid4(),
        organisation_kind=OrganisationKind.MAKER,
        organisation_name_zh="",
        organisation_name_en="",
        name="",
        roles=frozenset({role}),
        locale=None,
        session_hash="",
    )


ENGINEER, SALES, BUYER = (a_principal(role) for role in (Role.ENGINEER, Role.SALES, Role.PROCUREMENT))
JSON_COLUMNS = ("parameters", "provenance", "drivers", "result", "views")


@pytest.fixture
def record(session: Session) -> FootprintRecord:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)
    return a_record(session, a_toll_product(session, a_product(session), supplier))


def test_the_inputs_go_out_as_they_are_stored(session: Session, record: FootprintRecord) -> None:
    answer: dict[str, Any] = json.loads(detail_json(session, record.id, to=ENGINEER))

    inputs = answer["inputs"]
    assert {name: inputs[name] for name in JSON_COLUMNS} == {name: getattr(record, name) for name in JSON_COLUMNS}
    assert inputs["submissions"] == {number: str(one) for number, one in sources_of(session, record.id).items()}
    assert set(inputs) == {*JSON_COLUMNS, "submissions"}


def test_the_answer_has_the_documented_form(session: Session, record: FootprintRecord) -> None:
    answer = FootprintDetailOut.model_validate_json(detail_json(session, record.id, to=ENGINEER))

    row = get_row(session, record.id)
    assert answer.number == record.number
    assert answer.total_kg_co2e_per_kg == record.total_kg_co2e_per_kg
    assert answer.calculated_at == record.calculated_at
    assert (answer.grade, answer.is_stale) == (row.grade, False)
    assert answer.by_stage == record.result["by_stage"]
    assert [view.view for view in answer.views] == [view["view"] for view in record.views]
    assert answer.inputs_sha256 == record.inputs_sha256
    assert (answer.calculated_by, answer.released_by) == (record.calculated_by, None)


@pytest.mark.parametrize("reader", [SALES, BUYER])
def test_who_sees_results_only_gets_them_rounded_and_nothing_of_what_went_in(
    session: Session, record: FootprintRecord, reader: Principal
) -> None:
    content = detail_json(session, record.id, to=reader)

    answer = FootprintDetailOut.model_validate_json(content)
    assert answer.rounded_to is not None
    assert abs(answer.total_kg_co2e_per_kg - record.total_kg_co2e_per_kg) <= answer.rounded_to / 2
    assert (answer.inputs, answer.split, answer.views, answer.inputs_sha256) == (None, None, [], None)
    assert b"provenance" not in content


def test_a_buyer_sees_coarser_figures_than_sales(session: Session, record: FootprintRecord) -> None:
    rows = [get_row(session, record.id)]

    (for_sales,), (for_buyer,), (for_engineer,) = (listed(session, rows, to=reader) for reader in (SALES, BUYER, ENGINEER))

    # 13.3 kWh/kg x 0.6 kg/kWh are 8 kg of 13: a tenth is 0.8, so the step is 2.
    assert (for_sales.rounded_to, for_buyer.rounded_to, for_engineer.rounded_to) == (0.1, 2.0, None)
    assert for_engineer.total_kg_co2e_per_kg == record.total_kg_co2e_per_kg


def test_an_unknown_footprint_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError):
        detail_json(session, a_product(session, grade="Q-2").id, to=ENGINEER)
