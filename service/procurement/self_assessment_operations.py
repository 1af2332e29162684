"""Every write of the self-assessment."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from service.audit.operations import record
from service.errors import InvalidInputError, StaleVersionError
from service.procurement.models import SelfAssessment
from service.procurement.self_assessment import Item, check_points
from service.procurement.self_assessment_queries import find_assessment


def rate_item(
    session: Session, item: Item, *, year: int, points: float, evidence: str, version: int, by: str, at: datetime
) -> SelfAssessment:
    """Give an item its points, or other ones than before.

    Parameters
    ----------
    version
        Of the rating that the person saw; 0 where there was none.

    Raises
    ------
    InvalidInputError
        More points than the item can have, or points without evidence.
    StaleVersionError
        Somebody else has rated it in the meantime.

    """
    problems = check_points(item, points, evidence)
    if problems:
        raise InvalidInputError(problems)
    row = SelfAssessment(item=item.id, year=year, points=points, evidence=evidence, assessed_by=by, assessed_at=at)
    return _keep(session, row, version=version)


def answer_requirement(
    session: Session, requirement: str, *, year: int, is_met: bool, evidence: str, version: int, by: str, at: datetime
) -> SelfAssessment:
    """Say whether a basic requirement is met; errors as for `rate_item`."""
    row = SelfAssessment(item=requirement, year=year, is_met=is_met, evidence=evidence, assessed_by=by, assessed_at=at)
    return _keep(session, row, version=version)


def _keep(session: Session, row: SelfAssessment, *, version: int) -> SelfAssessment:
    kept = _change(session, row, version=version) if version else _add(session, row)
    by, at = kept.assessed_by, kept.assessed_at
    record(session, "self_assessment_rated", of=kept, by=by, at=at, item=kept.item, year=kept.year, points=kept.points)
    return kept


def _add(session: Session, row: SelfAssessment) -> SelfAssessment:
    try:
        with session.begin_nested():  # two people may rate the same item for the first time
            session.add(row)
    except IntegrityError as error:
        raise StaleVersionError from error
    return row


def _change(session: Session, row: SelfAssessment, *, version: int) -> SelfAssessment:
    seen = update(SelfAssessment).where(
        col(SelfAssessment.item) == row.item, col(SelfAssessment.year) == row.year, col(SelfAssessment.version) == version
    )
    changed = session.connection().execute(
        seen.values(
            points=row.points,
            is_met=row.is_met,
            evidence=row.evidence,
            assessed_by=row.assessed_by,
            assessed_at=row.assessed_at,
            is_sample=False,
            version=version + 1,
        )
    )
    found = find_assessment(session, row.item, year=row.year)
    if changed.rowcount != 1 or found is None:
        raise StaleVersionError
    session.refresh(found)
    return found
