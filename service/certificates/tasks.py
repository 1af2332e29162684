import hashlib
import uuid

from service.certificates.batches import issue_one, note_problem
from service.certificates.evidence import is_complete, proven_issue, signed_bundle
from service.certificates.expiry import announce_endings
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.operations import Rendered, keep_evidence, store_document
from service.certificates.rendering import render_certificate as set_document
from service.certificates.stamping import stamp_of
from service.certificates.wording import EarlierSchemaError, document_of
from service.errors import ServiceError
from service.jobs.work import GiveUpError, Work
from service.pdf.rendering import shared_renderer
from service.signing.authority import FOLDER, load_identity
from service.signing.signing_process import sign_document


def render_certificate(work: Work) -> None:
    """Prove the issue in the log, set the certificate in a limited process, sign it in another, check it, keep the bytes."""
    certificate = _with_evidence(work, uuid.UUID(work.payload["certificate_id"]))
    if certificate.status is not CertificateStatus.RENDERING:  # withdrawn meanwhile, or stored by an earlier attempt
        with work.finishing():
            return
    rendered = _rendered(certificate, work)
    with work.finishing() as session:
        store_document(session, certificate.id, rendered, at=work.at)


def _with_evidence(work: Work, certificate_id: uuid.UUID) -> Certificate:
    """Return the certificate with all that its file carries; an attempt repeated finds the evidence of the first."""
    with work.database.reading() as session:
        certificate = session.get_one(Certificate, certificate_id)
        if certificate.status is not CertificateStatus.RENDERING or is_complete(certificate):
            session.expunge(certificate)
            return certificate
        bundle = signed_bundle(session, certificate, settings=work.settings, at=work.at)
    with work.database.writing() as session:
        certificate = session.get_one(Certificate, certificate_id)
        keep_evidence(certificate, {**bundle, **proven_issue(session, certificate, settings=work.settings, at=work.at)})
        session.flush()  # it is read once more outside
        session.refresh(certificate)
        session.expunge(certificate)
    return certificate


def _rendered(certificate: Certificate, work: Work) -> Rendered:
    try:
        document = document_of(certificate.snapshot, certificate.evidence or {}, issued_at=certificate.issued_at)
    except EarlierSchemaError as error:
        raise GiveUpError(str(error)) from error
    unsigned = set_document(document, renderer=shared_renderer(work.settings.pdf_workers))
    company, folder = work.settings.company_name_en, work.settings.data_dir / FOLDER
    identity = load_identity(folder, organisation=company, at=work.at)
    reason = f"Certificate {certificate.number}"
    signed = sign_document(unsigned, identity, at=work.at, reason=reason, signer_name=company, stamp=stamp_of(work.settings))
    return Rendered(
        pdf=signed,
        pdf_sha256=hashlib.sha256(signed).hexdigest(),
        unsigned_sha256=hashlib.sha256(unsigned).hexdigest(),
        key_id=identity.key_id,
    )


def issue_batch_certificate(work: Work) -> None:
    """Issue one certificate of a batch; what stands in its way is noted and final, because only a person can remove it."""
    batch_id, record_id = uuid.UUID(work.payload["batch_id"]), uuid.UUID(work.payload["record_id"])
    try:
        with work.finishing() as session:
            issue_one(session, batch_id, record_id, at=work.at, settings=work.settings)
    except ServiceError as error:
        with work.finishing() as session:
            note_problem(session, batch_id, record_id, error)


def announce_ending_documents(work: Work) -> None:
    """Once a day: tell whoever issued a certificate that it ends in 60 days."""
    with work.finishing() as session:
        announce_endings(session, settings=work.settings, at=work.at)
