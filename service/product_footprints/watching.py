"""A daily look at what is declared: whether its validity ends, and whether it still tells what today's data give (PACT v3)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlmodel import Session, col, select

from service.accounts.models import Role, User
from service.audit.operations import record as record_event
from service.errors import N_, ConflictError, NotFoundError, ServiceError
from service.footprints.models import FootprintRecord
from service.footprints.operations import preview
from service.i18n import LOCALES, Locale, translate
from service.mail.operations import queue
from service.product_footprints import queries, rules
from service.product_footprints.models import AlertKind, FootprintAlert, ProductFootprint
from service.products.queries import get_product
from service.settings import Settings

log = structlog.get_logger()

NOTICE_DAYS: Final = (90, 30)
"""Before the end of validity; own choice, so that a new footprint can be calculated, released and sent in time."""
CHANGE_LIMIT: Final = 0.10
"""Relative change from which a footprint is calculated anew (PACT Methodology v3, validity of a footprint)."""
SYSTEM: Final = "system"
MOST_CLOSED: Final = 100
SUCCEEDED: Final = N_("A newer footprint has taken its place.")
SUBJECT: Final = N_("%(count)s declared footprints need a look")
ENDING: Final = N_("%(grade)s, %(number)s: valid until %(end)s; release and declare a newer one before.")
ENDED: Final = N_("%(grade)s, %(number)s: no longer valid since %(end)s; partners may not use it any more.")
CHANGED: Final = N_(
    "%(grade)s, %(number)s: today's data give a result that is %(percent)s %% off what was declared; calculate it anew."
)
MESSAGES: Final = {AlertKind.ENDING: ENDING, AlertKind.ENDED: ENDED, AlertKind.CHANGED: CHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something about a declared footprint that somebody must hear of, once.

    Attributes
    ----------
    reason
        Days before the end, or fingerprint of the inputs that give another result: the same is said once only.

    """

    footprint_id: uuid.UUID
    kind: AlertKind
    reason: str
    details: dict[str, Any] = field(default_factory=dict)


class AlertClosedError(ConflictError):
    """An alert was to be closed a second time."""

    code = "alert-closed"


def find_concerns(session: Session, *, at: datetime) -> Sequence[Concern]:
    """Return what there is to say today about the active footprints; nothing is stored."""
    return [one for footprint in queries.all_active(session) for one in _concerns(session, footprint, at=at)]


def raise_alerts(session: Session, concerns: Iterable[Concern], *, settings: Settings, at: datetime) -> Sequence[FootprintAlert]:
    """Keep what has not been said before, and mail it to the footprint team."""
    raised = [_alert(session, one, at=at) for one in concerns if not _is_known(session, one)]
    session.flush()  # the audit trail names them
    for alert in raised:
        record_event(session, "footprint_alert_raised", of=alert, by=SYSTEM, at=at, kind=alert.kind, reason=alert.reason)
    _tell_team(session, [one for one in raised if not _is_sample(session, one)], settings=settings, at=at)
    return raised


def close_alert(session: Session, alert_id: uuid.UUID, *, reason: str, by: str, at: datetime) -> FootprintAlert:
    """Let a person say why an alert needs nothing more."""
    alert = session.get(FootprintAlert, alert_id, with_for_update=True)
    if alert is None:
        raise NotFoundError
    if alert.closed_at is not None:
        raise AlertClosedError(N_("This alert is closed already; nothing more is to be done."))
    _close(alert, reason=rules.checked_reason(reason), by=by, at=at)
    record_event(session, "footprint_alert_closed", of=alert, by=by, at=at, kind=alert.kind)
    return alert


def close_alerts_of(session: Session, footprint: ProductFootprint, *, by: str, at: datetime) -> None:
    """Close the alerts of a footprint that is no longer in use."""
    for alert in session.exec(_open_alerts().where(FootprintAlert.footprint_id == footprint.id)).all():
        _close(alert, reason=SUCCEEDED, by=by, at=at)


def find_alerts(session: Session) -> Sequence[FootprintAlert]:
    """Return the alerts: open ones first, the latest before; of the closed ones the last hundred."""
    newest = (col(FootprintAlert.raised_at).desc(), col(FootprintAlert.id).desc())
    closed = select(FootprintAlert).where(col(FootprintAlert.closed_at).is_not(None)).order_by(*newest).limit(MOST_CLOSED)
    return [*session.exec(_open_alerts().order_by(*newest)).all(), *session.exec(closed).all()]


def alert_values(alert: FootprintAlert) -> dict[str, str]:
    """Return what fills the placeholders of an alert's message."""
    return {name: str(value) for name, value in alert.details.items()}


def _concerns(session: Session, footprint: ProductFootprint, *, at: datetime) -> Sequence[Concern]:
    record = session.get_one(FootprintRecord, footprint.record_id)
    product = get_product(session, footprint.product_id)
    last = (footprint.valid_until - timedelta(days=1)).date()
    said = {"grade": product.grade, "number": record.number, "end": last.isoformat()}
    return [*_ending(footprint, said, at=at), *_changed(session, footprint, record, said, at=at)]


def _ending(footprint: ProductFootprint, said: dict[str, Any], *, at: datetime) -> Sequence[Concern]:
    """Return the latest stage that has been reached; one that was passed over is not made up for."""
    if at >= footprint.valid_until:
        return [Concern(footprint_id=footprint.id, kind=AlertKind.ENDED, reason="0", details=said)]
    reached = [days for days in NOTICE_DAYS if at >= footprint.valid_until - timedelta(days=days)]
    return [Concern(footprint_id=footprint.id, kind=AlertKind.ENDING, reason=str(min(reached)), details=said)] if reached else []


def _changed(
    session: Session, footprint: ProductFootprint, record: FootprintRecord, said: dict[str, Any], *, at: datetime
) -> Sequence[Concern]:
    product, period = get_product(session, record.product_id), (record.period_start, record.period_end)
    try:
        today = preview(session, product, period_start=period[0], period_end=period[1], by=SYSTEM, at=at)
    except ServiceError as error:  # the product can't be calculated as it stands now; its page says why
        log.warning("footprint_watch_skipped", footprint_id=str(footprint.id), code=error.code)
        return []
    declared = record.total_kg_co2e_per_kg
    change = (today.total_kg_co2e_per_kg - declared) / abs(declared) if declared else 0.0
    if abs(change) < CHANGE_LIMIT:
        return []
    details = {**said, "percent": f"{change * 100:+.0f}"}
    return [Concern(footprint_id=footprint.id, kind=AlertKind.CHANGED, reason=today.inputs_sha256, details=details)]


def _is_known(session: Session, concern: Concern) -> bool:
    """Tell whether the same was said before; one open alert of a changed result is enough, whatever changes further."""
    same = (FootprintAlert.footprint_id == concern.footprint_id, FootprintAlert.kind == concern.kind)
    alerts = session.exec(select(FootprintAlert).where(*same)).all()
    is_open = concern.kind is AlertKind.CHANGED and any(one.closed_at is None for one in alerts)
    return is_open or any(one.reason == concern.reason for one in alerts)


def _alert(session: Session, concern: Concern, *, at: datetime) -> FootprintAlert:
    alert = FootprintAlert(
        footprint_id=concern.footprint_id, kind=concern.kind, reason=concern.reason, details=concern.details, raised_at=at
    )
    session.add(alert)
    return alert


def _close(alert: FootprintAlert, *, reason: str, by: str, at: datetime) -> None:
    alert.closed_at, alert.closed_by, alert.closed_reason = at, by, reason


def _open_alerts() -> Any:  # noqa: ANN401 - SQLModel's type of a statement names its columns
    return select(FootprintAlert).where(col(FootprintAlert.closed_at).is_(None))


def _is_sample(session: Session, alert: FootprintAlert) -> bool:
    return session.get_one(ProductFootprint, alert.footprint_id).is_sample


def _tell_team(session: Session, alerts: Sequence[FootprintAlert], *, settings: Settings, at: datetime) -> None:
    if not alerts:
        return
    people = session.exec(select(User).where(col(User.is_active).is_(True))).all()
    for person in people:
        if Role.ENGINEER in person.roles:
            _write(session, person, alerts, settings=settings, at=at)


def _write(session: Session, person: User, alerts: Sequence[FootprintAlert], *, settings: Settings, at: datetime) -> None:
    locale: Locale = next((one for one in LOCALES if one == person.locale), settings.default_locale)
    lines = [translate(locale, MESSAGES[one.kind], **alert_values(one)) for one in alerts]
    queue(
        session,
        to=person.email,
        subject=translate(locale, SUBJECT, count=len(alerts)),
        body="\n".join([*lines, "", f"{settings.base_url}/console/footprint-alerts"]),
        about=f"footprint_alert:{alerts[0].id}",
        at=at,
    )
