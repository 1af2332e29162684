from pathlib import Path

from starlette.responses import FileResponse

from service.accounts.access import Principal
from service.evidence import downloads
from service.submissions.evidence import check_may_open
from service.submissions.models import Evidence


def attachment(evidence: Evidence, *, to: Principal, data_dir: Path) -> FileResponse:
    """Answer with an evidence file to be saved, if the principal may open it."""
    check_may_open(evidence, to)
    return downloads.attachment(evidence, data_dir=data_dir)
