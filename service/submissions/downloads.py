from pathlib import Path

from starlette.responses import FileResponse

from service.submissions.evidence import existing_path
from service.submissions.models import Evidence

# Whatever the file is, a browser may neither show nor run it as a page of ours.
HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'"}


def attachment(evidence: Evidence, *, data_dir: Path) -> FileResponse:
    """Answer with an evidence file to be saved, under its own name (RFC 8187)."""
    path = existing_path(evidence, data_dir=data_dir)
    return FileResponse(path, media_type=evidence.media_type, filename=evidence.name, headers=HEADERS)
