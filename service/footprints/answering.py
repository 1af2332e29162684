"""The API's answer about one footprint. What is stored as JSON goes out as it is stored: neither parsed nor written anew."""

import uuid
from collections.abc import Mapping, Sequence

from pydantic_core import from_json, to_json
from sqlmodel import Session

from service.accounts.access import Principal
from service.footprints import queries
from service.footprints.disclosure import can_compare, may_see_inputs
from service.footprints.models import FootprintRecord
from service.footprints.published import PublishedResult, publish
from service.footprints.queries import RecordRow, StoredRecord
from service.footprints.rules import known_split
from service.footprints.schemas import FootprintDetailOut, FootprintOut, ViewOut
from service.modelling.queries import model_of

_AS_STORED = FootprintOut.model_fields.keys() - {"rounded_to"}


def listed(session: Session, rows: Sequence[RecordRow], *, to: Principal) -> list[FootprintOut]:
    """Return records as lists show them."""
    if may_see_inputs(to):
        return [_exact(row) for row in rows]
    published = published_results(session, [row.id for row in rows], to=to)
    return [_rounded(row, published[row.id]) for row in rows]


def detail_json(session: Session, record_id: uuid.UUID, *, to: Principal) -> bytes:
    """Return a `FootprintDetailOut` as JSON; `inputs`, its last and by far largest part, is null for who may not see them."""
    if not may_see_inputs(to):
        row, record = queries.get_row(session, record_id), queries.get_record(session, record_id)
        return _rounded_detail(row, record, published_result(session, record, to=to)).model_dump_json().encode()
    stored = queries.get_stored(session, record_id)
    detail = _detail(stored).model_dump_json(exclude={"inputs"}).encode()
    return b'%s,"inputs":%s}' % (detail.removesuffix(b"}"), _inputs(session, record_id, stored))


def published_result(session: Session, record: FootprintRecord, *, to: Principal) -> PublishedResult:
    """Return what somebody sees who sees results only."""
    return publish(record, model_of(session, record.result["content_hash"]), others_known=can_compare(to))


def published_results(session: Session, record_ids: Sequence[uuid.UUID], *, to: Principal) -> Mapping[uuid.UUID, PublishedResult]:
    """Return the same of several records."""
    records = queries.get_records(session, record_ids)
    return {record_id: published_result(session, record, to=to) for record_id, record in records.items()}


def _exact(row: RecordRow) -> FootprintOut:
    return FootprintOut(**{name: getattr(row, name) for name in _AS_STORED}, rounded_to=None)


def _rounded(row: RecordRow, published: PublishedResult) -> FootprintOut:
    known = {name: getattr(row, name) for name in _AS_STORED - {"total_kg_co2e_per_kg", "shares"}}
    return FootprintOut(
        **known,
        total_kg_co2e_per_kg=float(published.total_kg_co2e),
        rounded_to=float(published.step),
        shares=None if published.shares is None else {kind: float(share) for kind, share in published.shares.items()},
    )


def _rounded_detail(row: RecordRow, record: FootprintRecord, published: PublishedResult) -> FootprintDetailOut:
    return FootprintDetailOut(
        **_rounded(row, published).model_dump(),
        by_stage={"+".join(group.keys): float(group.kg_co2e) for group in published.stages},
        split=None,
        views=[],
        inputs_sha256=None,
        calculated_by=record.calculated_by,
        released_by=record.released_by,
        inputs=None,
    )


def _detail(stored: StoredRecord) -> FootprintDetailOut:
    result, views = from_json(stored.json_texts["result"]), from_json(stored.json_texts["views"])
    return FootprintDetailOut(
        **_exact(stored.row).model_dump(),
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
