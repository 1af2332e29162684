"""The API's answer about one footprint. What is stored as JSON goes out as it is stored: neither parsed nor written anew."""

import uuid

from pydantic_core import from_json, to_json
from sqlmodel import Session

from service.footprints import queries
from service.footprints.queries import RecordRow, StoredRecord
from service.footprints.rules import known_split
from service.footprints.schemas import FootprintDetailOut, FootprintOut, ViewOut


def listed(row: RecordRow) -> FootprintOut:
    """Return a record as lists show it."""
    return FootprintOut.model_validate({name: getattr(row, name) for name in FootprintOut.model_fields})


def detail_json(session: Session, record_id: uuid.UUID, *, with_inputs: bool) -> bytes:
    """Return a `FootprintDetailOut` as JSON; `inputs`, its last and by far largest part, is null unless it is wanted."""
    stored = queries.get_stored(session, record_id)
    inputs = _inputs(session, record_id, stored) if with_inputs else b"null"
    detail = _detail(stored).model_dump_json(exclude={"inputs"}).encode()
    return b'%s,"inputs":%s}' % (detail.removesuffix(b"}"), inputs)


def _detail(stored: StoredRecord) -> FootprintDetailOut:
    result, views = from_json(stored.json_texts["result"]), from_json(stored.json_texts["views"])
    return FootprintDetailOut(
        **listed(stored.row).model_dump(),
        by_stage=result["by_stage"],
        split=known_split(result["split"]),
        views=[ViewOut.model_validate({name: view[name] for name in ViewOut.model_fields}) for view in views],
        inputs_sha256=stored.inputs_sha256,
        calculated_by=stored.calculated_by,
        released_by=stored.released_by,
        inputs=None,
    )


def _inputs(session: Session, record_id: uuid.UUID, stored: StoredRecord) -> bytes:
    """Return an `InputsOut` as JSON."""
    submissions = to_json(queries.sources_of(session, record_id))
    members = {**{name: text.encode() for name, text in stored.json_texts.items()}, "submissions": submissions}
    return b"{%s}" % b",".join(b'"%s":%s' % (name.encode(), text) for name, text in members.items())
