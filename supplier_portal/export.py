"""Taking everything along: all that a supplier ever submitted, in one file."""

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from service.accounts.access import SUPPLIER, Context, endpoint
from service.submissions.archive import archive_of
from service.submissions.downloads import HEADERS

router = APIRouter()


@router.get("/portal/export")
@endpoint(SUPPLIER)
def download_all(context: Context) -> Response:
    """Stream a ZIP with answers, receipts and files of all requests; who came by link gets the one that it opens."""
    chunks = archive_of(context.session, visible_to=context.asking, data_dir=context.settings.data_dir, at=context.at)
    disposition = {"Content-Disposition": 'attachment; filename="submitted-data.zip"'}
    return StreamingResponse(chunks, media_type="application/zip", headers={**HEADERS, **disposition})
