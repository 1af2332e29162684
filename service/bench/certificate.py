"""Certificates of the sample company, set in a warm renderer process and signed."""

import resource
import statistics
import time
from datetime import datetime

from sqlmodel import select

from service.bench.report import Figure, Goal, Report
from service.bench.stage import sample_database, sqlite_settings
from service.certificates.document import CertificateDocument, render_certificate
from service.certificates.models import Certificate
from service.certificates.wording import document_of
from service.clock import system_clock
from service.pdf.rendering import PdfRenderer
from service.settings import Settings
from service.signing.authority import FOLDER, load_identity
from service.signing.documents import sign_pdf

# Floors and targets for two shared cores.
WARM_P95 = Goal(floor=1.5, target=0.6, more_is_better=False)
MEMORY = Goal(floor=260, target=130, more_is_better=False)


def measure(*, rounds: int) -> Report:
    """Set and sign one certificate again and again; the first time counts apart, because it starts the process."""
    with sqlite_settings() as settings:
        document = _any_document(settings)
        identity = load_identity(settings.data_dir / FOLDER, organisation=settings.company_name_en, at=system_clock())
        with PdfRenderer() as renderer:
            durations: list[float] = []
            for _ in range(rounds + 1):
                began = time.perf_counter()
                pdf = render_certificate(document, renderer=renderer)
                sign_pdf(pdf, identity, at=system_clock(), reason="measured", signer_name=settings.company_name_en)
                durations.append(time.perf_counter() - began)
    first, warm = durations[0], sorted(durations[1:])
    child_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Report(
        figures=(
            Figure(name="first certificate", value=first, unit="s"),
            Figure(name="render and sign, p50", value=statistics.median(warm), unit="s"),
            Figure(name="render and sign, p95", value=warm[int(len(warm) * 0.95) - 1], unit="s", goal=WARM_P95),
            Figure(name="renderer process, peak memory", value=child_mib, unit="MiB", goal=MEMORY),
        ),
        notes=(f"{rounds} certificates of {len(pdf):,} bytes, one process",),
    )


def _any_document(settings: Settings) -> CertificateDocument:
    with sample_database(settings) as database, database.reading() as session:
        certificate = session.exec(select(Certificate).limit(1)).one()
        issued_at: datetime = certificate.issued_at
        return document_of(certificate.snapshot, issued_at=issued_at)
