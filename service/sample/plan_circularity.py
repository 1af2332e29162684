"""The sample company's material flows, recycled sources, projects and methods, read from `data/plan_circularity.toml`."""

import tomllib
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session, col, select

from service.accounts.models import Role
from service.clock import day_at
from service.footprints.models import FootprintRecord, FootprintStatus
from service.material_flows import operations as flows
from service.material_flows import recycled_operations as recycled
from service.material_flows.models import RecycledSource
from service.material_flows.schemas import AccountInput, ClaimInput, FlowInput, ReceiptInput, SourceInput
from service.method_library import operations as methods
from service.method_library.schemas import FindingInput, MethodInput
from service.project_gate import operations as gate
from service.project_gate.models import ProjectProposal, Verdict
from service.project_gate.queries import current_assessment, missing_documents
from service.project_gate.schemas import ApprovalInput, DocumentInput, ProjectInput, RuleVersionInput
from service.sample.cast import Cast
from service.settings import Settings

Row = Mapping[str, Any]

_PLANT_OF = {"nm": "ag350", "gd": "ag330"}
"""A product of each plant, by which the plant is found."""


@lru_cache
def circularity() -> Row:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "plan_circularity.toml").read_text(encoding="utf-8"))


def load_circularity(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Balance materials of both plants, claim recycled content, put projects before the gate and release a method."""
    for row in circularity()["accounts"]:
        _account(session, cast, row, at=at)
    sources = {row["key"]: _source(session, cast, row, at=at) for row in circularity()["sources"]}
    for row in circularity()["receipts"]:
        fields = ReceiptInput.model_validate({**_without(row, "source"), "source_id": sources[row["source"]].id})
        recycled.record_receipt(session, fields, by=cast.actor("engineer"), at=at, is_sample=True)
    session.flush()
    for row in circularity()["claims"]:
        _claim(session, cast, row, sources, at=at)
    for row in circularity()["methods"]:
        _method(session, cast, row, at=at)
    _finding(session, cast, at=at)
    for row in circularity()["projects"]:
        _project(session, cast, row, today=day_at(at, settings.timezone), at=at)
    for row in circularity()["rule_rows"]:
        gate.enter_rule(session, RuleVersionInput.model_validate(row), by=cast.actor("engineer"), at=at, is_sample=True)


def _without(row: Row, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"key", *names}}


def _account(session: Session, cast: Cast, row: Row, *, at: datetime) -> None:
    by, year = cast.actor("engineer"), row["year"]
    fields = AccountInput(
        plant_id=cast.products[_PLANT_OF[row["plant"]]].plant_id, period_start=date(year, 1, 1), period_end=date(year, 12, 31)
    )
    account = flows.open_account(session, fields, by=by, at=at, is_sample=True)
    session.flush()
    for flow in circularity()["flows"][row["plant"]]:
        more = row.get("more_fines", 1.0) if flow["material"] == "coke_fines" else 1.0
        amount_t = flow["amount_t"] * row["scale"] * more
        evidence = "" if "basis" in flow else f"SAMPLE ledger {year}, {flow['from_node']}-{flow['to_node']}"
        given = {**flow, "amount_t": amount_t, "account_id": account.id, "evidence": evidence}
        flows.add_flow(session, FlowInput.model_validate(given), by=by, at=at, is_sample=True)


def _source(session: Session, cast: Cast, row: Row, *, at: datetime) -> RecycledSource:
    fields = SourceInput.model_validate(_without(row))
    return recycled.add_source(session, fields, by=cast.actor("engineer"), at=at, is_sample=True)


def _claim(session: Session, cast: Cast, row: Row, sources: Mapping[str, RecycledSource], *, at: datetime) -> None:
    ids = {"source_id": sources[row["source"]].id, "product_id": cast.products[row["product"]].id}
    fields = ClaimInput.model_validate({**_without(row, "source", "product", "approved"), **ids})
    claim = recycled.propose_claim(session, fields, by=cast.actor("engineer"), at=at, is_sample=True)
    if row["approved"]:
        recycled.decide_claim(session, claim.id, approve=True, version=claim.version, by=cast.actor("reviewer"), at=at)


def _method(session: Session, cast: Cast, row: Row, *, at: datetime) -> None:
    fields = MethodInput.model_validate(_without(row, "released"))
    method = methods.add_method(session, fields, by=cast.actor("engineer"), at=at, is_sample=True)
    if row["released"]:
        methods.release_method(session, method.id, version=method.version, by=cast.actor("reviewer"), at=at)


def _finding(session: Session, cast: Cast, *, at: datetime) -> None:
    """Let the reviewer find on one rule for the newest released footprint, where there is one."""
    query = select(FootprintRecord).where(FootprintRecord.status == FootprintStatus.RELEASED)
    record = session.exec(query.order_by(col(FootprintRecord.number).desc())).first()
    if record is not None:
        finding = FindingInput(rule="pcr", is_fulfilled=True, evidence="样例：负极石墨尚无产品种类规则")
        methods.record_finding(session, record, finding, by=cast.actor("engineer"), at=at, is_sample=True)


def _project(session: Session, cast: Cast, row: Row, *, today: date, at: datetime) -> None:
    by = cast.actor("engineer")
    fields = ProjectInput.model_validate(_without(row, "documents", "verdicts"))
    project = gate.propose_project(session, fields, by=by, at=at, is_sample=True)
    session.flush()
    gate.assess_project(session, project.id, version=project.version, today=today, by=by, at=at)
    assessment = current_assessment(session, project)
    if assessment is None:
        return
    wanted = missing_documents(session, assessment) if row["documents"] == "all" else row["documents"]
    for number, kind in enumerate(wanted, start=1):
        document = DocumentInput(kind=kind, reference=f"SAMPLE-{project.number}-{number}", issued_on=date(at.year, 6, 1))
        gate.add_document(session, project.id, document, by=by, at=at, is_sample=True)
    for role in row["verdicts"]:
        _decide(session, cast, project, assessment.id, role, at=at)


def _decide(session: Session, cast: Cast, project: ProjectProposal, assessment_id: uuid.UUID, role: str, *, at: datetime) -> None:
    fields = ApprovalInput(assessment_id=assessment_id, verdict=Verdict.CONDITIONS, reason="样例：投产后一年内核算节能量")
    gate.decide_project(session, project.id, fields, role=Role(role), by=cast.actor(role), at=at)
