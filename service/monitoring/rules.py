"""What counts: the sources of a month, and which of them lie within another."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from service.monitoring.models import EmissionSource, Meter


def counts_in(source: EmissionSource, month: date) -> bool:
    """Whether a source is counted in a month, given by its first day."""
    return source.starts <= month and (source.ends is None or month <= source.ends)


def main_source(
    source: EmissionSource, month: date, *, sources: Sequence[EmissionSource], meters: Mapping[uuid.UUID, Meter]
) -> EmissionSource | None:
    """Return the source that counts this one too, because its meter stands before this one's; None: this one counts by itself.

    A main meter that nobody reads that month counts nothing, so its sub-meters then do.
    """
    before = list(_meters_before(source, meters))
    if not before:
        return None
    alike = {one.meter_id: one for one in sources if one.carrier == source.carrier and counts_in(one, month)}
    return next((alike[meter_id] for meter_id in before if meter_id in alike), None)


def _meters_before(source: EmissionSource, meters: Mapping[uuid.UUID, Meter]) -> Iterator[uuid.UUID]:
    """Yield the ids of the meters that everything of this source passes, the nearest first."""
    meter = meters.get(source.meter_id) if source.meter_id is not None else None
    while meter is not None and meter.parent_id is not None:
        yield meter.parent_id
        meter = meters.get(meter.parent_id)
