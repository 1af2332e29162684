import hashlib
import uuid

from service.certificates.document import render_certificate as set_document
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.operations import Rendered, store_document
from service.certificates.wording import document_of
from service.jobs.work import GiveUpError, Work
from service.pdf.rendering import shared_renderer
from service.signing.authority import FOLDER, SigningIdentity, load_identity
from service.signing.documents import check_signature, sign_pdf


def render_certificate(work: Work) -> None:
    """Set a certificate in a limited child process, sign it, check the signature, keep the bytes."""
    certificate_id = uuid.UUID(work.payload["certificate_id"])
    with work.database.reading() as session:
        certificate = session.get_one(Certificate, certificate_id)
        session.expunge(certificate)
    if certificate.status is not CertificateStatus.RENDERING:  # withdrawn meanwhile, or stored by an earlier attempt
        with work.finishing():
            return
    document = document_of(certificate.snapshot, issued_at=certificate.issued_at)
    unsigned = set_document(document, renderer=shared_renderer(work.settings.pdf_workers))
    rendered = _signed(unsigned, certificate, work)
    with work.finishing() as session:
        store_document(session, certificate_id, rendered, at=work.at)


def _signed(unsigned: bytes, certificate: Certificate, work: Work) -> Rendered:
    company = work.settings.company_name_en
    identity = load_identity(work.settings.data_dir / FOLDER, organisation=company, at=work.at)
    pdf = sign_pdf(unsigned, identity, at=work.at, reason=f"Certificate {certificate.number}", signer_name=company)
    _check(pdf, identity, work)
    return Rendered(
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        unsigned_sha256=hashlib.sha256(unsigned).hexdigest(),
        key_id=identity.key_id,
    )


def _check(pdf: bytes, identity: SigningIdentity, work: Work) -> None:
    if not check_signature(pdf, roots=[identity.root_pem], at=work.at).holds:
        message = f"the signature made with key {identity.key_id} does not hold; check the files in the keys folder"
        raise GiveUpError(message)
