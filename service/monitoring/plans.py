"""Versions of the monitoring plan: who answers for each source and how it is measured, approved by another person."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from service.audit.operations import record
from service.errors import N_, ConflictError, NotFoundError, SamePersonError
from service.monitoring import queries
from service.monitoring.models import EmissionSource, Meter, MonitoringPlan
from service.plan.models import OrgUnit
from service.products.models import Plant


def propose_plan(session: Session, *, by: str, at: datetime, is_sample: bool = False) -> MonitoringPlan:
    """Put the sources as they are now before another person, as the next version of the monitoring plan.

    Raises
    ------
    ConflictError
        When a version waits already, when nothing has changed since the last one, or when there is no source.

    """
    latest = find_latest_plan(session)
    if latest is not None and latest.approved_at is None:
        raise ConflictError(
            N_("Version %(number)s waits for another person's approval; nothing new can be proposed before."), number=latest.number
        )
    content = plan_content(session)
    if not content:
        raise ConflictError(N_("There is no source yet; add the first one."))
    digest = _digest(content)
    if latest is not None and latest.sha256 == digest:
        raise ConflictError(N_("Nothing has changed since version %(number)s."), number=latest.number)
    number = 1 if latest is None else latest.number + 1
    plan = MonitoringPlan(number=number, content=content, sha256=digest, proposed_by=by, proposed_at=at, is_sample=is_sample)
    session.add(plan)
    record(session, "monitoring_plan_proposed", of=plan, by=by, at=at, number=number, sha256=digest)
    return plan


def approve_plan(session: Session, plan_id: uuid.UUID, *, by: str, at: datetime) -> MonitoringPlan:
    """Approve a version of the monitoring plan.

    Raises
    ------
    SamePersonError
        When whoever proposed it approves it.
    ConflictError
        When it is approved already.

    """
    plan = get_plan(session, plan_id)
    if plan.approved_at is not None:
        raise ConflictError(N_("Version %(number)s is approved already."), number=plan.number)
    if plan.proposed_by == by:
        raise SamePersonError(N_("You proposed this version; another person approves it."))
    plan.approved_by, plan.approved_at = by, at
    record(session, "monitoring_plan_approved", of=plan, by=by, at=at, number=plan.number, sha256=plan.sha256)
    return plan


def get_plan(session: Session, plan_id: uuid.UUID) -> MonitoringPlan:
    """Return a version."""
    plan = session.get(MonitoringPlan, plan_id)
    if plan is None:
        raise NotFoundError
    return plan


def all_plans(session: Session) -> Sequence[MonitoringPlan]:
    """Return all versions, the newest first."""
    return session.exec(select(MonitoringPlan).order_by(col(MonitoringPlan.number).desc())).all()


def find_latest_plan(session: Session) -> MonitoringPlan | None:
    """Return the newest version, approved or not."""
    return session.exec(select(MonitoringPlan).order_by(col(MonitoringPlan.number).desc())).first()


def plan_content(session: Session) -> list[dict[str, Any]]:
    """Return the sources as a version of the plan keeps them: ids and texts, so that it reads the same later on."""
    known = queries.all_sources(session)
    plants = {one.id: one for one in session.exec(select(Plant))}
    units = {one.id: one for one in session.exec(select(OrgUnit))}
    return [
        {
            **_names("plant", plants.get(one.plant_id)),
            **_names("unit", units.get(one.unit_id) if one.unit_id else None),
            **_line(one, known.meter_of(one)),
        }
        for one in known.sources
    ]


def _line(source: EmissionSource, meter: Meter | None) -> Mapping[str, Any]:
    return {
        "source": str(source.id),
        "code": source.code,
        "carrier": source.carrier,
        **_names("name", source),
        "responsible": str(source.responsible_id) if source.responsible_id else None,
        "method": source.method.value,
        "frequency": source.frequency.value,
        "evidence_kind": source.evidence_kind.value if source.evidence_kind else None,
        "meter": meter.serial if meter else None,
        "calibrated_until": meter.calibrated_until.isoformat() if meter and meter.calibrated_until else None,
        "starts": source.starts.isoformat(),
        "ends": source.ends.isoformat() if source.ends else None,
    }


def _names(key: str, named: Any) -> Mapping[str, str | None]:  # noqa: ANN401 - any of the tables with a name in both languages
    return {f"{key}_zh": named.name_zh if named else None, f"{key}_en": named.name_en if named else None}


def _digest(content: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
