"""The public page behind the code on a certificate: does it hold, and is a file the one that was issued."""

import hashlib
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.pages import render_page
from service.certificates import operations, queries
from service.certificates.router import GUESS_LIMIT, VERIFY_LIMIT
from service.certificates.schemas import VerificationOut
from service.certificates.verification import Verified, verify
from service.clock import day_at
from service.errors import N_, NotFoundError
from service.i18n import translate
from service.settings import Settings
from service.signing.authority import FOLDER, root_certificate

router = APIRouter()

NOT_INDEXED: Final = {"X-Robots-Tag": "noindex, nofollow"}
REVALIDATED: Final = {"Cache-Control": "private, no-cache", "Vary": "Cookie, Accept-Language"}
CHUNK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPage:
    """What the page says.

    Attributes
    ----------
    is_same
        Whether an uploaded file is the issued one; None if none was uploaded.
    file_sha256
        Of the uploaded file.
    problem
        Why an upload could not be compared.

    """

    facts: VerificationOut
    public_id: str
    is_same: bool | None = None
    file_sha256: str | None = None
    problem: str | None = None


@router.get("/verify/{public_id}")
@endpoint(PUBLIC, limited=(GUESS_LIMIT,))
def show_verification(context: Context, public_id: str) -> Response:
    """Show what anybody who holds a certificate may check."""
    found = _find(context, public_id)
    tag = _tag(context, found)
    if tag in context.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag, **REVALIDATED, **NOT_INDEXED})
    response = render_page(context, "public/verify.html", VerifyPage(facts=found.facts, public_id=public_id))
    # A browser that comes for the first time gets a cookie with the page; its form token is new, so is its tag.
    if "set-cookie" not in response.headers:
        response.headers["ETag"] = tag
    response.headers.update({**REVALIDATED, **NOT_INDEXED})
    return response


def uploaded_sha256(context: Context) -> str | None:
    """Hash the uploaded file, which is then forgotten; None if none came."""
    upload = context.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return None
    digest = hashlib.sha256()
    while chunk := upload.file.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


@router.post("/verify/{public_id}")
@endpoint(PUBLIC, limited=(VERIFY_LIMIT,), prepare=uploaded_sha256)
def compare_file(context: Context, file_sha256: str | None, public_id: str) -> Response:
    """Say whether a file is, to the byte, the one that was issued."""
    found = _find(context, public_id)
    if file_sha256 is None:
        problem = translate(context.locale, N_("Choose the PDF of the certificate first, then compare."))
        page = VerifyPage(facts=found.facts, public_id=public_id, problem=problem)
        return _with_headers(render_page(context, "public/verify.html", page, status=422))
    certificate = queries.get_certificate(context.session, found.id)
    is_same = operations.is_issued_file(certificate, file_sha256)
    page = VerifyPage(facts=found.facts, public_id=public_id, is_same=is_same, file_sha256=file_sha256)
    return _with_headers(render_page(context, "public/verify.html", page))


@router.get("/certificate-authority.pem")
@endpoint(PUBLIC, limited=(VERIFY_LIMIT,))
def download_root(context: Context) -> Response:
    """Hand out the root that PDF readers may be told to trust."""
    root = root_certificate(context.settings.data_dir / FOLDER)
    if root is None:
        raise NotFoundError(N_("No certificate has been issued here yet, so there is no signing authority."))
    headers = {"Content-Disposition": 'attachment; filename="anodeprint-root.pem"'}
    return Response(root, media_type="application/x-pem-file", headers=headers)


def _find(context: Context, public_id: str) -> Verified:
    settings: Settings = context.settings
    return verify(context.session, public_id, today=day_at(context.at, settings.timezone), timezone=settings.timezone)


def _tag(context: Context, found: Verified) -> str:
    """Return the page's entity tag: it changes with the facts, the language and the browser's form token."""
    content = f"{found.facts.model_dump_json()} {found.version} {context.locale} {context.csrf_token}"
    return f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


def _with_headers(response: Response) -> Response:
    response.headers.update({"Cache-Control": "no-store", **NOT_INDEXED})
    return response
