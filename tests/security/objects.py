"""One object for each name of a path parameter, that of supplier A or of the maker."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from lca_models.revisions import TableRow
from service.accounts.models import ApiKey, Organisation, User
from service.backgrounds.models import Background
from service.campaigns.models import Campaign, CampaignMember
from service.campaigns.opting_out import opt_out_token
from service.certificates.batches import start_batch
from service.certificates.models import Certificate, CertificateStatus
from service.compliance.models import HeldCertificate
from service.exemptions.models import ExemptedFlow
from service.footprints.models import FootprintBatch, FootprintRecord
from service.green_score.models import Score
from service.jobs.models import Job, JobState
from service.keys import load_secret
from service.modelling.models import ModelStatus, ModelVersion
from service.procurement.models import Appeal, CorrectiveAction
from service.product_footprints.models import CustomerPartNumber, DeclaredStatus, FootprintAlert, ProductFootprint
from service.products.models import Plant, Product, Production
from service.scenarios.models import OwnScenario
from service.settings import Settings
from service.submissions import operations as submissions
from service.submissions.models import (
    Delegation,
    Depth,
    Evidence,
    UpstreamRequest,
    WorkbookUpload,
)
from service.submissions.questionnaire import groups_for
from service.suppliers.models import Purchase, Supplier
from tests.security.exchange_objects import exchange_objects
from tests.security.furnishing import BY, MODEL_ROW, MODEL_TABLE, NOW, open_submission
from tests.security.plan_circularity_objects import plan_circularity_objects
from tests.security.plan_energy_objects import plan_energy_objects
from tests.security.plan_governance_objects import plan_governance_objects
from tests.security.plan_inventory_objects import plan_inventory_objects
from tests.security.plan_measures_objects import plan_measures_objects
from tests.security.plan_monitoring_objects import plan_monitoring_objects
from tests.security.plan_publicity_objects import plan_publicity_objects
from tests.security.plan_targets_objects import plan_targets_objects
from tests.security.procurement_objects import procurement_objects
from tests.security.system_objects import system_objects
from tests.security.verification_objects import verification_objects


def objects_of(session: Session, supplier: Supplier, settings: Settings) -> Mapping[str, str]:
    certificate = session.exec(select(Certificate).where(Certificate.status == CertificateStatus.VALID)).first()
    assert certificate is not None
    owner = session.exec(select(User).where(User.organisation_id == supplier.organisation_id)).one()
    submission = open_submission(session, supplier)
    link = submissions.invite(session, submission, settings=settings, by=BY, at=NOW)
    record_id = certificate.footprint_id
    return {
        **submission_objects(session, supplier),
        **system_objects(session, settings),
        "token": link.rpartition("/")[2],
        "locale": "en",
        "supplier_type": "TOLL",
        "depth": "full",
        "user_id": str(owner.id),
        "job_id": _first(session, Job, Job.state == JobState.FAILED),
        "supplier_id": str(supplier.id),
        "product_id": _first(session, Product),
        "production_id": _first(session, Production),
        "plant_id": _first(session, Plant),
        "entry_kind": "certificate",
        "entry_id": _first(session, HeldCertificate, HeldCertificate.supplier_id == supplier.id),
        "step": "withdraw",
        "held_certificate_id": _first(session, HeldCertificate, HeldCertificate.supplier_id == supplier.id),
        "score_id": _first(session, Score, Score.supplier_id == supplier.id, col(Score.is_open).is_(False)),
        "action_id": _first(session, CorrectiveAction, CorrectiveAction.supplier_id == supplier.id),
        "appeal_id": _first(session, Appeal, Appeal.supplier_id == supplier.id),
        "purchase_id": _first(session, Purchase, Purchase.supplier_id == supplier.id),
        "record_id": str(record_id),
        "footprint_id": str(record_id),
        "other_id": _first(session, FootprintRecord, FootprintRecord.id != record_id),
        "batch_id": _first(session, FootprintBatch),
        "model_version_id": _first(session, ModelVersion, ModelVersion.status == ModelStatus.DRAFT),
        "table": MODEL_TABLE,
        "row": TableRow(key=(MODEL_ROW,), cells={}, line=0).key_digest,
        "process": "P1_milling_shaping",
        "parameter": "milling_yield",
        "export_format": "excel",
        "exemption_id": _first(session, ExemptedFlow),
        "background_id": _first(session, Background),
        "certificate_id": str(certificate.id),
        "customer_id": str(certificate.customer_id),
        "campaign_id": _first(session, Campaign),
        "member_id": _first(session, CampaignMember, CampaignMember.supplier_id == supplier.id),
        "reminder_token": opt_out_token(load_secret(settings), submission.id),
        "scenario_id": _first(session, OwnScenario),
        "public_id": certificate.public_id,
        "file_format": "csv",
        "declared_id": _first(session, ProductFootprint, ProductFootprint.status == DeclaredStatus.ACTIVE),
        "alert_id": _first(session, FootprintAlert),
        "part_number_id": _first(session, CustomerPartNumber),
        **exchange_objects(session, settings),
        **plan_circularity_objects(session, settings),
        **plan_energy_objects(session),
        **plan_governance_objects(session),
        **plan_measures_objects(session),
        **plan_publicity_objects(session),
        **plan_inventory_objects(),
        **plan_targets_objects(session),
        **procurement_objects(session, supplier, by=BY, at=NOW),
        **plan_monitoring_objects(session, settings),
        **verification_objects(session, by=BY, at=NOW),
        "certificate_batch_id": _certificate_batch(session, certificate),
    }


def submission_objects(session: Session, supplier: Supplier) -> Mapping[str, str]:
    submission = open_submission(session, supplier)
    evidence = _first(session, Evidence, Evidence.submission_id == submission.id)
    return {
        "upstream_id": _first(session, UpstreamRequest, UpstreamRequest.submission_id == submission.id),
        "submission_id": str(submission.id),
        "evidence_id": evidence,
        "delegation_id": _first(session, Delegation, Delegation.submission_id == submission.id),
        "key_id": _first(session, ApiKey, ApiKey.organisation_id == supplier.organisation_id),
        "upload_id": _first(session, WorkbookUpload, WorkbookUpload.submission_id == submission.id),
        "group_key": groups_for(submission.supplier_type, Depth.FIRST)[0].key,
    }


def _certificate_batch(session: Session, certificate: Certificate) -> str:
    """Return a batch that waits for its one certificate."""
    customer = session.get_one(Organisation, certificate.customer_id)
    return str(start_batch(session, customer, [certificate.footprint_id], by=BY, at=NOW).id)


def _first(session: Session, table: type, *conditions: object) -> str:
    found = session.exec(select(table).where(*conditions)).first()  # type: ignore[arg-type] # conditions of a table
    assert found is not None, f"the world has no {table.__name__}"
    return str(found.id)
