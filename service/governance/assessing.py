"""Every write on contracts of indicators and on yearly assessments."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from service.audit.operations import record
from service.database import flush_unless_taken
from service.errors import (
    N_,
    ConflictError,
    FieldError,
    ForbiddenError,
    InvalidInputError,
    SamePersonError,
    ServiceError,
    StaleVersionError,
)
from service.governance.indicators import INDICATORS, MANUAL, Question
from service.governance.models import Assessment, AssessmentStatus, Kpi, KpiContract
from service.governance.queries import find_assessment, get_contract, kpis_of
from service.governance.schemas import ContractInput, KpiInput
from service.governance.scoring import Scorecard, ScoreLine, as_snapshot, points_of, sha256_of, weights_sum_to_full
from service.i18n import translate
from service.plan.queries import get_unit

NEVER_SELF = N_("Another person has to do this: you set up this contract or answer for the department.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A value that somebody typed, with what shows it."""

    value: float
    evidence: str


def draw_up(session: Session, fields: ContractInput, *, by: str, at: datetime, is_sample: bool = False) -> KpiContract:
    """Draw up a unit's contract for a year."""
    contract = KpiContract(**fields.model_dump(), created_by=by, created_at=at, is_sample=is_sample)
    session.add(contract)
    message = N_("This department has a contract for %(year)s already; open that one.")
    flush_unless_taken(session, InvalidInputError({"year": FieldError(message, year=fields.year)}))
    record(session, "kpi_contract_drawn_up", of=contract, by=by, at=at, year=fields.year)
    return contract


def add_kpi(session: Session, contract_id: uuid.UUID, fields: KpiInput, *, by: str, at: datetime) -> Kpi:
    """Add an indicator to a contract that nobody has signed."""
    contract = _unsigned(session, contract_id)
    kpi = Kpi(contract_id=contract.id, **fields.model_dump())
    session.add(kpi)
    contract.version += 1
    flush_unless_taken(session, InvalidInputError({"indicator": FieldError(N_("The contract has this indicator already."))}))
    record(session, "kpi_added", of=kpi, by=by, at=at, weight=fields.weight)
    return kpi


def remove_kpi(session: Session, contract_id: uuid.UUID, kpi: Kpi, *, by: str, at: datetime) -> None:
    """Take an indicator out of a contract that nobody has signed."""
    contract = _unsigned(session, contract_id)
    contract.version += 1
    record(session, "kpi_removed", of=kpi, by=by, at=at)
    session.delete(kpi)


def sign_for_unit(session: Session, contract_id: uuid.UUID, *, version: int, by: str, at: datetime) -> KpiContract:
    """Sign as the head of the unit; the weights must sum to 100."""
    contract = _unsigned(session, contract_id, version=version)
    if by != f"user:{contract.head_id}":
        raise ForbiddenError(N_("Only the head of the department signs for it."))
    weights = [kpi.weight for kpi in kpis_of(session, contract.id)]
    if not weights_sum_to_full(weights):
        message = N_("The weights sum to %(sum)s percent; change them so that they sum to 100.")
        raise ConflictError(message, sum=f"{sum(weights):g}")
    contract.unit_signed_by, contract.unit_signed_at = by, at
    contract.version += 1
    record(session, "kpi_contract_signed_for_unit", of=contract, by=by, at=at)
    return contract


def sign_for_committee(session: Session, contract_id: uuid.UUID, *, version: int, by: str, at: datetime) -> KpiContract:
    """Sign for the committee, after the unit and by somebody else than who drew it up or answers for the unit."""
    contract = _of_version(session, contract_id, version)
    if contract.unit_signed_by is None or contract.committee_signed_by is not None:
        raise ConflictError(N_("The department signs first, then the committee, each once."))
    if by in {contract.created_by, contract.unit_signed_by}:
        raise SamePersonError(NEVER_SELF)
    contract.committee_signed_by, contract.committee_signed_at = by, at
    contract.version += 1
    record(session, "kpi_contract_signed_for_committee", of=contract, by=by, at=at)
    return contract


def assess(
    session: Session, contract_id: uuid.UUID, *, comment: str, typed: Mapping[uuid.UUID, Typed], by: str, at: datetime
) -> Assessment:
    """Assess one's own unit: the platform's figures are read now and kept, typed ones come with evidence.

    Until it is approved, the head may assess again.

    Raises
    ------
    ConflictError
        If the contract is not signed by both, the assessment is approved already, or a figure is missing.

    """
    contract = get_contract(session, contract_id)
    if contract.committee_signed_by is None:
        raise ConflictError(N_("Department and committee sign the contract before the year is assessed."))
    if by != f"user:{contract.head_id}":
        raise ForbiddenError(N_("Only the head of the department assesses it; another person approves."))
    stored = as_snapshot(scorecard_of(session, contract, typed=typed, at=at))
    said = {"comment": comment, "scorecard": stored, "scorecard_sha256": sha256_of(stored), "assessed_by": by, "assessed_at": at}
    assessment = find_assessment(session, contract.id)
    if assessment is None:
        assessment = Assessment(contract_id=contract.id, is_sample=contract.is_sample, **said)  # type: ignore[arg-type] # by column
    elif assessment.status is AssessmentStatus.APPROVED:
        raise ConflictError(N_("This year is approved; it stays as it was approved."))
    else:
        assessment.sqlmodel_update({**said, "version": assessment.version + 1})
    session.add(assessment)
    session.flush()  # for the id that the event names
    record(session, "assessment_made", of=assessment, by=by, at=at, sha256=assessment.scorecard_sha256)
    return assessment


def approve(session: Session, contract_id: uuid.UUID, *, review: str, version: int, by: str, at: datetime) -> Assessment:
    """Approve what a unit says of its year, as another person; from then on nothing of it changes."""
    contract = get_contract(session, contract_id)
    assessment = find_assessment(session, contract.id)
    if assessment is None or assessment.status is AssessmentStatus.APPROVED:
        raise ConflictError(N_("There is no assessment that waits for approval."))
    if assessment.version != version:
        raise StaleVersionError
    if by in {assessment.assessed_by, f"user:{contract.head_id}", contract.created_by}:
        raise SamePersonError(NEVER_SELF)
    assessment.status, assessment.review = AssessmentStatus.APPROVED, review
    assessment.approved_by, assessment.approved_at = by, at
    record(session, "assessment_approved", of=assessment, by=by, at=at, sha256=assessment.scorecard_sha256)
    return assessment


def scorecard_of(session: Session, contract: KpiContract, *, typed: Mapping[uuid.UUID, Typed], at: datetime) -> Scorecard:
    """Return the scorecard of a contract's year with today's figures.

    Raises
    ------
    InvalidInputError
        Naming every figure that is missing: nothing missing counts as zero.

    """
    asked = Question(year=contract.year, plant_id=contract.plant_id, at=at)
    unit = get_unit(session, contract.unit_id)
    lines: list[ScoreLine] = []
    missing: dict[str, ServiceError] = {}
    for kpi in kpis_of(session, contract.id):
        line = _typed_line(kpi, typed.get(kpi.id)) if kpi.indicator == MANUAL else _measured_line(session, kpi, asked)
        if line is None:
            message = N_("%(name)s has no figure for %(year)s; enter what it needs, then assess again.")
            missing[f"value_{kpi.id}"] = FieldError(message, name=kpi.name or kpi.indicator, year=contract.year)
        else:
            lines.append(line)
    if missing:
        raise InvalidInputError(missing)
    return Scorecard(unit_zh=unit.name_zh, unit_en=unit.name_en, year=contract.year, lines=tuple(lines))


def manual_kpis(kpis: Sequence[Kpi]) -> Sequence[Kpi]:
    """Return the indicators whose value is typed."""
    return [kpi for kpi in kpis if kpi.indicator == MANUAL]


def _measured_line(session: Session, kpi: Kpi, asked: Question) -> ScoreLine | None:
    indicator = INDICATORS[kpi.indicator]
    found = indicator.measure(session, asked)
    if found.value is None:
        return None
    names = (translate("zh-CN", indicator.name), translate("en", indicator.name))
    return _line(kpi, found.value, names, indicator.unit, path=indicator.path, basis=found.basis, evidence="")


def _typed_line(kpi: Kpi, typed: Typed | None) -> ScoreLine | None:
    if typed is None:
        return None
    return _line(kpi, typed.value, (kpi.name, kpi.name), kpi.unit, path="", basis="", evidence=typed.evidence)


def _line(kpi: Kpi, value: float, names: tuple[str, str], unit: str, *, path: str, basis: str, evidence: str) -> ScoreLine:
    points = points_of(value, floor=kpi.floor, target=kpi.target)
    return ScoreLine(
        kpi_id=str(kpi.id),
        indicator=kpi.indicator,
        name_zh=names[0],
        name_en=names[1],
        unit=unit,
        weight=kpi.weight,
        floor=kpi.floor,
        target=kpi.target,
        value=value,
        points=points,
        weighted=points * kpi.weight / 100.0,
        path=path,
        basis=basis,
        evidence=evidence,
    )


def _of_version(session: Session, contract_id: uuid.UUID, version: int) -> KpiContract:
    contract = get_contract(session, contract_id)
    if contract.version != version:
        raise StaleVersionError
    return contract


def _unsigned(session: Session, contract_id: uuid.UUID, *, version: int | None = None) -> KpiContract:
    contract = get_contract(session, contract_id)
    if version is not None and contract.version != version:
        raise StaleVersionError
    if contract.unit_signed_by is not None:
        raise ConflictError(N_("The contract is signed; it can no longer be changed."))
    return contract


def unknown_choice(field: str, value: object) -> InvalidInputError:
    """Return the error of a unit, person or site that is not there."""
    message = N_("“%(input)s” is not one of the choices; pick one from the list.")
    return InvalidInputError({field: FieldError(message, input=value)})
