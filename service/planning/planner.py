"""The plan of questions for one product, or for all of them weighted by what is made."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlmodel import Session

from service.footprints.models import FootprintRecord
from service.footprints.uncertainty import simulate_record
from service.planning.opening import Opened, open_record, sources_of
from service.planning.queries import CountedRecord, types_of
from service.planning.ranking import Ask, Key, Ranking, Source, rank

MOST_PRODUCTS: Final = 12
"""Products planned together, those of which most is made; each takes some 30 ms."""
_DRAWS: Final = 100
"""The planner takes slopes and spreads, not the draws; these only make sure that the record can be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to ask, the most useful first.

    Attributes
    ----------
    is_total
        Whether widths are t CO2e of all output together; else kg CO2e per kg of one product.
    planned, left_out
        Footprints that count, and those that don't because nobody has entered the output or there are too many.

    """

    ranking: Ranking
    is_total: bool
    planned: Sequence[CountedRecord]
    left_out: Sequence[CountedRecord]


def plan_one(session: Session, counted: CountedRecord) -> Plan:
    """Return the plan for one product."""
    opened = _opened(session, counted.record)
    ranking = rank(list(sources_of(opened)), opened.questions())
    return Plan(ranking=ranking, is_total=False, planned=(counted,), left_out=())


def plan_all(session: Session, footprints: Sequence[CountedRecord]) -> Plan:
    """Return the plan for all products together: a question counts by all the output that its answer is in.

    Defaults that products share move all of them at once, so their uncertainties add up and do not cancel.
    """
    known = [one for one in footprints if one.output_t]
    planned = known[:MOST_PRODUCTS]
    sources: list[Source] = []
    asks: dict[Key, Ask] = {}
    for one in planned:
        opened = _opened(session, one.record)
        sources.extend(source.times(one.output_t or 0.0) for source in sources_of(opened))
        for key, ask in opened.questions().items():
            asks[key] = _merged(asks.get(key), ask)
    chosen = {id(one) for one in planned}
    return Plan(
        ranking=rank(sources, asks), is_total=True, planned=planned, left_out=[one for one in footprints if id(one) not in chosen]
    )


def _opened(session: Session, record: FootprintRecord) -> Opened:
    found = simulate_record(session, record, draws=_DRAWS, headline_only=True)
    return open_record(found, record.provenance, types_of(session, _suppliers(record)))


def _suppliers(record: FootprintRecord) -> set[uuid.UUID]:
    return {uuid.UUID(part["supplier_id"]) for part in _parts(record) if part["supplier_id"]}


def _parts(record: FootprintRecord) -> Iterable[dict[str, str | None]]:
    return (part for one in record.provenance.values() for part in one["parts"])


def _merged(present: Ask | None, ask: Ask) -> Ask:
    """Return one question for two products: the fields of both."""
    if present is None:
        return ask
    fields = tuple(dict.fromkeys((*present.fields, *ask.fields)))
    return replace(present, fields=fields, is_missing=present.is_missing or ask.is_missing)
