"""What runs in a limited child process on files of unknown origin: the stand-alone verifier and nothing of the service."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.certificates.standalone.anodeprint_verify import verify


def examine_pdf(content: bytes, root: bytes | None, at: datetime) -> Mapping[str, Any]:
    """Check a PDF against our root, as `verify`, without a revocation list."""
    return verify(content, trusted=root, at=at)
