"""The public page behind the code on a certificate: does it hold, is a file the one that was issued, how to check without us."""

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.pages import render_page
from service.certificates import operations, queries
from service.certificates.models import Certificate
from service.certificates.revocation import revocation_list
from service.certificates.router import GUESS_LIMIT, VERIFY_LIMIT
from service.certificates.schemas import VerificationOut
from service.certificates.verification import Verified, verify
from service.certificates.verification_files import (
    VERIFIER_NAME,
    FileFound,
    attachment_of,
    examine,
    verifier_program,
    verifier_sha256,
)
from service.certificates.verification_queries import LogEntry, find_log_entry, find_revoked
from service.clock import day_at
from service.errors import N_, NotFoundError
from service.i18n import translate
from service.settings import Settings
from service.signing.authority import FOLDER, root_certificate

router = APIRouter()

NOT_INDEXED: Final = {"X-Robots-Tag": "noindex, nofollow"}
REVALIDATED: Final = {"Cache-Control": "private, no-cache", "Vary": "Cookie, Accept-Language"}
DOWNLOAD: Final = {"Content-Security-Policy": "sandbox; default-src 'none'"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What an uploaded file is to this certificate.

    Attributes
    ----------
    is_same
        Whether it is, to the byte, the issued file.
    attachment
        Name of the file inside the certificate that it is, to the byte.
    is_other_content
        Whether a PDF carries another snapshot than this certificate's: it belongs to another one.

    """

    found: FileFound
    is_same: bool
    attachment: str | None
    is_other_content: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPage:
    """What the page says.

    Attributes
    ----------
    compared
        None if no file was uploaded.
    problem
        Why an upload could not be compared.
    verifier_sha256
        Of the program that checks without us.
    root_fingerprint
        SHA-256 of the root certificate, in pairs of digits; None before the first document.

    """

    facts: VerificationOut
    public_id: str
    log: LogEntry | None
    verifier_sha256: str
    root_fingerprint: str | None
    compared: Compared | None = None
    problem: str | None = None


@router.get("/verify/revoked.json")
@endpoint(PUBLIC, limited=(VERIFY_LIMIT,))
def download_revoked(context: Context) -> Response:
    """Hand out the signed list of certificates that no longer hold."""
    _root(context)
    signed = revocation_list(
        find_revoked(context.session),
        keys_folder=context.settings.data_dir / FOLDER,
        organisation=context.settings.company_name_en,
        at=context.at,
    )
    return JSONResponse(signed, headers={"Content-Disposition": 'attachment; filename="revoked.json"', **DOWNLOAD})


@router.get(f"/verify/{VERIFIER_NAME}")
@endpoint(PUBLIC, limited=(VERIFY_LIMIT,))
def download_verifier(context: Context) -> Response:
    """Hand out the program that checks a certificate without us."""
    del context
    headers = {"Content-Disposition": f'attachment; filename="{VERIFIER_NAME}"', **DOWNLOAD}
    return Response(verifier_program(), media_type="text/x-python", headers=headers)


@router.get("/certificate-authority.pem")
@endpoint(PUBLIC, limited=(VERIFY_LIMIT,))
def download_root(context: Context) -> Response:
    """Hand out the root that readers may be told to trust."""
    headers = {"Content-Disposition": 'attachment; filename="anodeprint-root.pem"', **DOWNLOAD}
    return Response(_root(context), media_type="application/x-pem-file", headers=headers)


@router.get("/verify/{public_id}")
@endpoint(PUBLIC, limited=(GUESS_LIMIT,))
def show_verification(context: Context, public_id: str) -> Response:
    """Show what anybody who holds a certificate may check."""
    found = _find(context, public_id)
    tag = _tag(context, found)
    if tag in context.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag, **REVALIDATED, **NOT_INDEXED})
    response = render_page(context, "public/verify.html", _page(context, found, public_id))
    # A browser that comes for the first time gets a cookie with the page; its form token is new, so is its tag.
    if "set-cookie" not in response.headers:
        response.headers["ETag"] = tag
    response.headers.update({**REVALIDATED, **NOT_INDEXED})
    return response


def examined_upload(context: Context) -> FileFound | None:
    """Examine the uploaded file, which is then forgotten; None if none came."""
    upload = context.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return None
    root = root_certificate(context.settings.data_dir / FOLDER)
    return examine(upload.file.read(), root=root, at=context.at, locale=context.locale)


@router.post("/verify/{public_id}")
@endpoint(PUBLIC, limited=(VERIFY_LIMIT,), prepare=examined_upload)
def compare_file(context: Context, file: FileFound | None, public_id: str) -> Response:
    """Say whether a file is, to the byte, the issued one or one from inside it, and which of its proofs hold."""
    found = _find(context, public_id)
    if file is None:
        problem = translate(context.locale, N_("Choose the PDF of the certificate first, then compare."))
        page = _page(context, found, public_id, problem=problem)
        return _with_headers(render_page(context, "public/verify.html", page, status=422))
    compared = _compared(queries.get_certificate(context.session, found.id), file)
    return _with_headers(render_page(context, "public/verify.html", _page(context, found, public_id, compared=compared)))


def _compared(certificate: Certificate, file: FileFound) -> Compared:
    is_other = file.snapshot_sha256 is not None and file.snapshot_sha256 != certificate.snapshot_sha256
    return Compared(
        found=file,
        is_same=operations.is_issued_file(certificate, file.sha256),
        attachment=None if file.is_pdf else attachment_of(certificate, file.sha256),
        is_other_content=is_other,
    )


def _find(context: Context, public_id: str) -> Verified:
    settings: Settings = context.settings
    return verify(context.session, public_id, today=day_at(context.at, settings.timezone), timezone=settings.timezone)


def _page(
    context: Context, found: Verified, public_id: str, *, compared: Compared | None = None, problem: str | None = None
) -> VerifyPage:
    root = root_certificate(context.settings.data_dir / FOLDER)
    return VerifyPage(
        facts=found.facts,
        public_id=public_id,
        log=find_log_entry(context.session, found.id),
        verifier_sha256=verifier_sha256(),
        root_fingerprint=None if root is None else x509.load_pem_x509_certificate(root).fingerprint(hashes.SHA256()).hex(" ", 2),
        compared=compared,
        problem=problem,
    )


def _root(context: Context) -> bytes:
    root = root_certificate(context.settings.data_dir / FOLDER)
    if root is None:
        raise NotFoundError(N_("No certificate has been issued here yet, so there is no signing authority."))
    return root


def _tag(context: Context, found: Verified) -> str:
    """Return the page's entity tag: it changes with the facts, the language and the browser's form token."""
    content = f"{found.facts.model_dump_json()} {found.version} {context.locale} {context.csrf_token}"
    return f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


def _with_headers(response: Response) -> Response:
    response.headers.update({"Cache-Control": "no-store", **NOT_INDEXED})
    return response
