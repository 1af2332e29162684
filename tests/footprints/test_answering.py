"""What the API answers about a footprint is the record, whole and unchanged."""

import json
from typing import Any

import pytest
from sqlmodel import Session

from service.errors import NotFoundError
from service.footprints.answering import detail_json
from service.footprints.models import FootprintRecord
from service.footprints.queries import get_row, sources_of
from service.footprints.schemas import FootprintDetailOut
from tests.builders import a_product, a_supplier
from tests.footprints.builders import a_record, a_toll_product, an_accepted_submission

JSON_COLUMNS = ("parameters", "provenance", "drivers", "result", "views")


@pytest.fixture
def record(session: Session) -> FootprintRecord:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)
    return a_record(session, a_toll_product(session, a_product(session), supplier))


def test_the_inputs_go_out_as_they_are_stored(session: Session, record: FootprintRecord) -> None:
    answer: dict[str, Any] = json.loads(detail_json(session, record.id, with_inputs=True))

    inputs = answer["inputs"]
    assert {name: inputs[name] for name in JSON_COLUMNS} == {name: getattr(record, name) for name in JSON_COLUMNS}
    assert inputs["submissions"] == {number: str(one) for number, one in sources_of(session, record.id).items()}
    assert set(inputs) == {*JSON_COLUMNS, "submissions"}


def test_the_answer_has_the_documented_form(session: Session, record: FootprintRecord) -> None:
    answer = FootprintDetailOut.model_validate_json(detail_json(session, record.id, with_inputs=True))

    row = get_row(session, record.id)
    assert answer.number == record.number
    assert answer.total_kg_co2e_per_kg == record.total_kg_co2e_per_kg
    assert answer.calculated_at == record.calculated_at
    assert (answer.grade, answer.is_stale) == (row.grade, False)
    assert answer.by_stage == record.result["by_stage"]
    assert [view.view for view in answer.views] == [view["view"] for view in record.views]
    assert answer.inputs_sha256 == record.inputs_sha256
    assert (answer.calculated_by, answer.released_by) == (record.calculated_by, None)


def test_inputs_are_null_for_those_who_may_not_see_them(session: Session, record: FootprintRecord) -> None:
    content = detail_json(session, record.id, with_inputs=False)

    assert json.loads(content)["inputs"] is None
    assert b"provenance" not in content


def test_an_unknown_footprint_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError):
        detail_json(session, a_product(session, grade="Q-2").id, with_inputs=True)
