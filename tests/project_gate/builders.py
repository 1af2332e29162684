"""Projects with plausible figures."""

import uuid
from datetime import UTC, date, datetime

from sqlmodel import Session

from service.accounts.models import Role
from service.project_gate import operations, queries
from service.project_gate.models import ProjectApproval, ProjectProposal, Verdict
from service.project_gate.rules import CompanyFacts
from service.project_gate.schemas import ApprovalInput, DocumentInput, ProjectInput

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ENGINEER = f"user:{uuid.UUID(int=1)}"
ASSESSOR = f"user:{uuid.UUID(int=2)}"
REVIEWER = f"user:{uuid.UUID(int=3)}"
MEMBER = f"user:{uuid.UUID(int=4)}"


def project_input(**changes: object) -> ProjectInput:
    """Return a graphitization line above every threshold of the energy review."""
    given = {
        "title": "Box furnaces, second line",
        "kind": "expansion",
        "process": "graphitization",
        "province_code": "CN-NM",
        "commissioning_year": 2028,
        "energy_tce": 14_000.0,
        "energy_equal_value_tce": 33_000.0,
        "electricity_kwh": 110_000_000.0,
        "coal_t": 0.0,
        "output_t": 10_000.0,
        "output_10k_cny": 25_000.0,
        "kwh_per_t": 9_500.0,
        "t_co2": 60_000.0,
        "avoided_t_co2": -60_000.0,
        "green_share": 0.4,
        "is_in_park": True,
        "is_toll": False,
        "capex_10k_cny": 30_000.0,
        "yearly_gain_10k_cny": 6_000.0,
        "lifetime_years": 10,
    }
    return ProjectInput.model_validate({**given, **changes})


def a_project(session: Session, **changes: object) -> ProjectProposal:
    """Return a proposed project."""
    project = operations.propose_project(session, project_input(**changes), by=ENGINEER, at=NOW)
    session.flush()
    return project


def an_assessed_project(session: Session, **changes: object) -> ProjectProposal:
    """Return a project with its assessment."""
    project = a_project(session, **changes)
    operations.assess_project(session, project.id, version=project.version, today=NOW.date(), by=ASSESSOR, at=NOW)
    return project


def all_documents(session: Session, project: ProjectProposal) -> None:
    """Enter every document that the assessment asks for."""
    assessment = queries.current_assessment(session, project)
    assert assessment is not None
    for number, kind in enumerate(queries.missing_documents(session, assessment)):
        fields = DocumentInput(kind=kind, reference=f"No. {number}", issued_on=date(2026, 10, 1))
        operations.add_document(session, project.id, fields, by=ENGINEER, at=NOW)


def decide(
    session: Session, project: ProjectProposal, *, role: Role, by: str, verdict: Verdict = Verdict.CONDITIONS
) -> ProjectApproval:
    """Give a verdict."""
    assessment = queries.current_assessment(session, project)
    fields = ApprovalInput(
        assessment_id=assessment.id if assessment else uuid.UUID(int=9),
        verdict=verdict,
        reason="" if verdict is Verdict.APPROVE else "heat recovery before start-up",
    )
    return operations.decide_project(session, project.id, fields, role=role, by=by, at=NOW)


def known_facts(**changes: object) -> CompanyFacts:
    """Return limits of the company that the project of `project_input` keeps."""
    given = {
        "energy_path": 1.0,
        "carbon_path": 3.0,
        "best_kwh_per_t": 9_000.0,
        "p60_kwh_per_t": 10_000.0,
        "green_duty": 0.3,
        "carbon_prices": (100.0,) * 10,
        "discount_rate": 0.08,
    }
    return CompanyFacts(**{**given, **changes})  # type: ignore[arg-type] # a test's own values
