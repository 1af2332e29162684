"""The public page behind a link: which certificate it is and what it is today; the button hands out the file and counts."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page
from service.accounts.tokens import hash_token
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.queries import CertificateRow, get_certificate, get_row
from service.certificates.rules import Standing
from service.errors import N_, NotFoundError
from service.sales import operations, queries
from service.sales.models import ShareLink
from service.sales.rules import is_living

router = APIRouter()

LOOK_LIMIT = Limit(name="share", tries=60, per_s=60)
GUESS_LIMIT = Limit(name="share-guess", tries=10, per_s=300, misses_only=True)
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePage:
    """What the page says; `may_download` is false once the certificate was withdrawn or replaced."""

    certificate: CertificateRow
    standing: Standing
    file_name: str
    verify_href: str
    action: str
    expires_at: datetime
    may_download: bool


@router.get("/share/{share_token}")
@endpoint(PUBLIC, limited=(LOOK_LIMIT, GUESS_LIMIT))
def show_shared(context: Context, share_token: str) -> Response:
    """Show which certificate the link leads to; looking counts nothing, because mail scanners look too."""
    link = _link(context, share_token)
    row = get_row(context.session, link.certificate_id)
    page = SharePage(
        certificate=row,
        standing=row.standing(context.today),
        file_name=f"{row.number}.pdf",
        verify_href=f"/verify/{row.public_id}",
        action=f"/share/{share_token}",
        expires_at=link.expires_at,
        may_download=row.status is CertificateStatus.VALID,
    )
    response = render_page(context, "public/share.html", page)
    response.headers.update(NOT_INDEXED)
    return response


@router.post("/share/{share_token}")
@endpoint(PUBLIC, limited=(LOOK_LIMIT, GUESS_LIMIT))
def download_shared(context: Context, share_token: str) -> Response:
    """Hand out the file and count it."""
    link = _link(context, share_token)
    certificate = get_certificate(context.session, link.certificate_id)
    if certificate.status is not CertificateStatus.VALID or certificate.pdf is None:
        raise _ended()
    operations.count_download(context.session, link, at=context.at)
    return _file(certificate, certificate.pdf)


def _file(certificate: Certificate, content: bytes) -> Response:
    headers = {
        **NOT_INDEXED,
        "Content-Disposition": f'attachment; filename="{certificate.number}.pdf"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type="application/pdf", headers=headers)


def _link(context: Context, share_token: str) -> ShareLink:
    """Return the living link with this secret; one that has ended is as if it had never been made."""
    link = queries.find_link(context.session, hash_token(share_token))
    if link is None or not is_living(link, at=context.at):
        raise _ended()
    return link


def _ended() -> NotFoundError:
    return NotFoundError(
        N_("This link leads to nothing: it has run out, was ended, or was never made. Ask who sent it for a new one.")
    )
