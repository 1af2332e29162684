"""The company's logo, as every page shows it."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import PUBLIC, Context, endpoint
from service.branding import company_logo
from service.errors import NotFoundError

router = APIRouter()

NOTHING_RUNS: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An SVG opened by itself is a document: it may draw, with its own style sheet, and nothing else."""


@router.get("/company-logo")
@endpoint(PUBLIC)
def show_logo(context: Context, v: str = "") -> Response:
    """Hand out the logo; browsers may keep it for a year under an address that carries its hash."""
    logo = company_logo(context.settings)
    if logo is None:
        raise NotFoundError
    life = "public, max-age=31536000, immutable" if v == logo.version else "no-cache"
    headers = {"Cache-Control": life, "Content-Security-Policy": NOTHING_RUNS}
    return Response(logo.content, media_type=logo.media_type, headers=headers)
