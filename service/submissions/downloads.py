from pathlib import Path

from starlette.responses import FileResponse

from service.accounts.access import Principal
from service.submissions.evidence import check_may_open, existing_path
from service.submissions.models import Evidence

# Whatever the file is, a browser may neither show nor run it as a page of ours.
HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'"}


def attachment(evidence: Evidence, *, to: Principal, data_dir: Path) -> FileResponse:
    """Answer with an evidence file to be saved, under its own name (RFC 8187), if the principal may open it."""
    check_may_open(evidence, to)
    path = existing_path(evidence, data_dir=data_dir)
    return FileResponse(path, media_type=evidence.media_type, filename=evidence.name, headers=HEADERS)
