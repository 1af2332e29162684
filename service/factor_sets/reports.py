"""What another set of electricity factors would change: the factors, and every footprint in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from lca_models.batch import Case
from lca_models.electricity import ElectricityTable
from lca_models.errors import ModelError
from lca_models.factor_changes import FactorChange, ResultChange, changed_factors, changed_results, tables_between
from service.footprints.models import FootprintRecord
from service.footprints.operations import ModelRefusedError
from service.footprints.queries import RecordRow, records_in_use
from service.modelling.models import ModelStatus, ModelVersion
from service.modelling.queries import active_model, all_versions, model_of_version

MOST_RECORDS: Final = 500
"""Footprints of one report, the newest first; each takes about a millisecond. Own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRecord:
    """A footprint in use under both sets; `row` None is the model's default."""

    row: RecordRow | None
    change: ResultChange


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesReport:
    """What changes.

    Attributes
    ----------
    is_complete
        False if there are more footprints than the report holds.

    """

    factors: tuple[FactorChange, ...]
    results: Sequence[ChangedRecord]
    is_complete: bool


def report_between(session: Session, *, before: str, after: str) -> ChangesReport:
    """Return what changes between two sets of one family, by their keys.

    Raises
    ------
    ModelRefusedError
        A set does not exist, holds direct-CO2 factors, or is of another family.

    """
    try:
        return _report(session, *tables_between(active_model(session).electricity, before=before, after=after))
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error


def latest_change(session: Session) -> tuple[str, str]:
    """Return the set of life-cycle factors that was in force before the present one, and the present one."""
    table = active_model(session).electricity
    present = table.in_force["footprint"]
    earlier = (key for key in table.life_cycle_keys if table.life_cycle_set(key).head.superseded_by == present)
    return next(earlier, present), present


def report_of_draft(session: Session, draft: ModelVersion) -> ChangesReport:
    """Return what the electricity factors of a draft would change against the model in use; other changes of it are left out."""
    try:
        return _report(session, active_model(session).electricity, model_of_version(session, draft).electricity)
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error


def drafts_with_other_factors(session: Session) -> list[tuple[ModelVersion, tuple[str, ...]]]:
    """Return the drafts whose factor sets differ from those in use, with the keys of the sets that would come into force."""
    in_force = set(active_model(session).electricity.in_force.values())
    drafts = [version for version in all_versions(session) if version.status is ModelStatus.DRAFT]
    found = [(draft, set(model_of_version(session, draft).electricity.in_force.values()) - in_force) for draft in drafts]
    return [(draft, tuple(sorted(keys))) for draft, keys in found if keys]


def _report(session: Session, before: ElectricityTable, after: ElectricityTable) -> ChangesReport:
    found = records_in_use(session, limit=MOST_RECORDS + 1)
    kept = found[:MOST_RECORDS]
    cases = [Case(), *(_case(record) for record, _ in kept)]
    changes = changed_results(active_model(session), before, after, cases)
    rows = [None, *(row for _, row in kept)]
    return ChangesReport(
        factors=changed_factors(before, after),
        results=[ChangedRecord(row=row, change=change) for row, change in zip(rows, changes, strict=True)],
        is_complete=len(found) == len(kept),
    )


def _case(record: FootprintRecord) -> Case:
    given = {name: record.parameters[name] for name in record.result["given"]}
    return Case(parameters=given, electricity=record.electricity_view)
