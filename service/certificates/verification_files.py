"""What an uploaded file is: the issued PDF, a file from inside it, or something else, and which of its proofs hold."""

import atexit
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from service.certificates.attachments import MANIFEST_NAME, SNAPSHOT_NAME, attached_files, manifest_of
from service.certificates.evidence import is_complete
from service.certificates.models import Certificate
from service.certificates.standalone.anodeprint_verify import FAILS
from service.certificates.standalone.examining import examine_pdf
from service.i18n import Locale
from service.sandbox import LimitedPool, Limits, SandboxError

VERIFIER_NAME: Final = "anodeprint_verify.py"
PDF_START: Final = b"%PDF-"
LIMITS: Final = Limits(seconds=10, memory_bytes=1024**3)
"""A certificate takes 0.1 s and 0.2 GiB; the rest is room for a busy machine. Own choice."""
OF_THE_REGISTER: Final = frozenset({"validity", "revocation"})
"""Checks that the page answers from the register, better than any file can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One question to a file and its answer in the reader's words; `outcome` is `holds`, `fails` or `unchecked`."""

    title: str
    outcome: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFound:
    """What an uploaded file is by itself.

    Attributes
    ----------
    snapshot_sha256
        Of the snapshot inside a PDF; None for other files and where there is none.
    proofs
        In the order of checking; empty for a file that is no PDF.
    too_heavy
        Whether a PDF needed more time or memory than a certificate does.

    """

    sha256: str
    is_pdf: bool
    snapshot_sha256: str | None = None
    proofs: tuple[Proof, ...] = ()
    too_heavy: bool = False

    @property
    def holds(self) -> bool:
        """Whether no proof fails; a file without proofs has none that could."""
        return not any(proof.outcome == FAILS for proof in self.proofs)


def examine(content: bytes, *, root: bytes | None, at: datetime, locale: Locale) -> FileFound:
    """Examine a file of unknown origin; a PDF is parsed in a limited child process only."""
    sha256 = hashlib.sha256(content).hexdigest()
    if not content.startswith(PDF_START):
        return FileFound(sha256=sha256, is_pdf=False)
    try:
        result = _children().run(examine_pdf, content, root, at)
    except SandboxError:
        return FileFound(sha256=sha256, is_pdf=True, too_heavy=True)
    return FileFound(
        sha256=sha256,
        is_pdf=True,
        snapshot_sha256=result["attachments"].get(SNAPSHOT_NAME),
        proofs=tuple(_proofs(result["checks"], locale)),
    )


def attachment_of(certificate: Certificate, sha256: str) -> str | None:
    """Return the name of the file inside a certificate that has this SHA-256, if one has."""
    if sha256 == certificate.snapshot_sha256:
        return SNAPSHOT_NAME
    if not is_complete(certificate):  # issued before files stood beside the snapshot
        return None
    files = attached_files(certificate.snapshot, certificate.evidence or {})
    hashes = {one.sha256: one.name for one in files}
    hashes[hashlib.sha256(manifest_of(certificate.snapshot, files)).hexdigest()] = MANIFEST_NAME
    return hashes.get(sha256)


def verifier_sha256() -> str:
    """Return the hash of the stand-alone verifier, which a reader compares after download."""
    return hashlib.sha256(verifier_program()).hexdigest()


@lru_cache
def verifier_program() -> bytes:
    """Return the stand-alone verifier as readers download it."""
    return resources.files("service.certificates.standalone").joinpath(VERIFIER_NAME).read_bytes()


def _proofs(checks: Sequence[Mapping[str, Any]], locale: Locale) -> list[Proof]:
    language = "zh" if locale == "zh-CN" else "en"
    return [
        Proof(title=one["title"][language], outcome=one["outcome"], says=one["says"][language])
        for one in checks
        if one["check"] not in OF_THE_REGISTER
    ]


@lru_cache
def _children() -> LimitedPool:
    pool = LimitedPool(limits=LIMITS, workers=1, preload=(examine_pdf.__module__,))
    atexit.register(pool.close)
    return pool
