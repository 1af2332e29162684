"""What the platform has seen of suppliers in a year, counted: what the self-assessment is supported with."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import func
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from service.certificates.models import Certificate, CertificateStatus
from service.compliance.models import ComplianceRecord, HeldCertificate, RecordSearch, Veto
from service.footprints.models import FootprintRecord
from service.green_score.models import Score
from service.procurement.models import CorrectiveAction
from service.submissions.models import Submission
from service.suppliers.models import Purchase

LOW_RISK_GRADES: Final = frozenset({"A+", "A", "B"})
RECORD_MEMORY: Final = timedelta(days=3 * 365 + 1)
"""Records of the last 36 months count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformCounts:
    """Suppliers by what is known of them; all are suppliers that something was bought from in the year.

    Attributes
    ----------
    low_risk
        Every latest grade is B or better, no exclusion is in force, and no violation of the last 36 months is left unremedied.
    certified
        At least one certificate of a management system was valid on the last day and looked up in a register.
    reviewed, searched
        Answers of theirs were decided on in the year; public registers were searched for them in the year.
    answered
        Handed answers in within the year, of those `asked` in it.
    actions_opened, actions_closed, certificates_issued, footprints_released
        How many, in the year.

    """

    year: int
    suppliers: int
    low_risk: int
    certified: int
    scored: int
    asked: int
    answered: int
    reviewed: int
    searched: int
    others_audited: int
    actions_opened: int
    actions_closed: int
    certificates_issued: int
    footprints_released: int

    @property
    def low_risk_share(self) -> float | None:
        """Share of suppliers at low risk, 0 to 1; None where nothing was bought."""
        return self.low_risk / self.suppliers if self.suppliers else None

    @property
    def audited_share(self) -> float | None:
        """Share of the other suppliers that were reviewed or searched for, 0 to 1; None where there are no others."""
        others = self.suppliers - self.low_risk
        return self.others_audited / others if others else None


def count_platform(session: Session, year: int, *, today: date) -> PlatformCounts:
    """Count what was known at the end of a year (days of UTC), or is today of the present one."""
    last_day = min(date(year, 12, 31), today)
    start, end = _begins(date(year, 1, 1)), _begins(date(year + 1, 1, 1))
    bought = _ids(session, select(Purchase.supplier_id).where(*_overlaps(year)))
    low_risk = bought & _well_graded(session, end) - _at_risk(session, last_day)
    reviewed = bought & _ids(session, select(Submission.supplier_id).where(*_within(Submission.decided_at, start, end)))
    in_year = (col(RecordSearch.searched_on) >= date(year, 1, 1), col(RecordSearch.searched_on) <= last_day)
    searched = bought & _ids(session, select(RecordSearch.supplier_id).where(*in_year))
    asked = select(Submission.supplier_id).where(*_within(Submission.created_at, start, end))
    return PlatformCounts(
        year=year,
        suppliers=len(bought),
        low_risk=len(low_risk),
        certified=len(bought & _certified(session, last_day)),
        scored=len(bought & _ids(session, select(Score.supplier_id).where(*_within(Score.calculated_at, start, end)))),
        asked=len(bought & _ids(session, asked)),
        answered=len(bought & _ids(session, asked.where(*_within(Submission.submitted_at, start, end)))),
        reviewed=len(reviewed),
        searched=len(searched),
        others_audited=len((reviewed | searched) - low_risk),
        actions_opened=_count(session, select(CorrectiveAction.id).where(*_within(CorrectiveAction.opened_at, start, end))),
        actions_closed=_count(session, select(CorrectiveAction.id).where(*_within(CorrectiveAction.closed_at, start, end))),
        certificates_issued=_count(
            session,
            select(Certificate.id).where(
                Certificate.status != CertificateStatus.RENDERING, *_within(Certificate.issued_at, start, end)
            ),
        ),
        footprints_released=_count(session, select(FootprintRecord.id).where(*_within(FootprintRecord.released_at, start, end))),
    )


def _begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _within(column: object, start: datetime, end: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(column) >= start, col(column) < end


def _overlaps(year: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Purchase.period_start) <= date(year, 12, 31), col(Purchase.period_end) >= date(year, 1, 1)


def _ids(session: Session, statement: SelectOfScalar[uuid.UUID]) -> frozenset[uuid.UUID]:
    return frozenset(session.exec(statement.distinct()))


def _count(session: Session, statement: SelectOfScalar[uuid.UUID]) -> int:
    return int(session.execute(select(func.count()).select_from(statement.subquery())).scalar_one())


def _well_graded(session: Session, before: datetime) -> frozenset[uuid.UUID]:
    """Return suppliers of whom the latest grade for every material is B or better."""
    ordered = select(Score.supplier_id, Score.flow, Score.grade).where(Score.calculated_at < before, col(Score.is_open).is_(False))
    latest = {
        (supplier, flow): grade for supplier, flow, grade in session.exec(ordered.order_by(col(Score.calculated_at), col(Score.id)))
    }
    graded = {supplier for supplier, _ in latest}
    return frozenset(graded - {supplier for (supplier, _), grade in latest.items() if grade not in LOW_RISK_GRADES})


def _at_risk(session: Session, on: date) -> frozenset[uuid.UUID]:
    """Return suppliers that are excluded, or have a violation on record that nobody has seen remedied."""
    excluded = select(Veto.supplier_id).where(Veto.since <= on, col(Veto.cleared_at).is_(None))
    violated = select(ComplianceRecord.supplier_id).where(
        ComplianceRecord.happened_on <= on,
        ComplianceRecord.happened_on > on - RECORD_MEMORY,
        col(ComplianceRecord.withdrawn_at).is_(None),
        or_(col(ComplianceRecord.remedy_verified_by).is_(None), col(ComplianceRecord.remedied_on) > on),
    )
    return _ids(session, excluded) | _ids(session, violated)


def _certified(session: Session, on: date) -> frozenset[uuid.UUID]:
    held = select(HeldCertificate.supplier_id).where(
        HeldCertificate.issued_on <= on,
        HeldCertificate.valid_until >= on,
        col(HeldCertificate.is_contract_only).is_(False),
        col(HeldCertificate.checked_on).is_not(None),
        col(HeldCertificate.withdrawn_at).is_(None),
    )
    return _ids(session, held)
