"""Certificates of the sample company, made as the service makes them, step by step; all but the first in warm processes."""

import hashlib
import resource
import statistics
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session, col, select

from service.bench.report import Figure, Goal, Report
from service.bench.stage import sample_database, sqlite_settings
from service.certificates import operations
from service.certificates.document import CertificateDocument
from service.certificates.evidence import proven_issue, signed_bundle
from service.certificates.models import Certificate
from service.certificates.operations import Rendered
from service.certificates.queries import get_customer
from service.certificates.rendering import certificate_html, set_page
from service.certificates.standalone.anodeprint_verify import verify
from service.certificates.wording import document_of
from service.clock import system_clock
from service.database import Database
from service.footprints.queries import get_record, is_stale
from service.pdf.rendering import PdfRenderer
from service.product_footprints.queries import active_footprint_of
from service.settings import Settings
from service.signing.authority import FOLDER, load_identity
from service.signing.signing_process import sign_document

# Floors and targets for two shared cores.
WARM_P95 = Goal(floor=1.5, target=0.6, more_is_better=False)
VERIFY = Goal(floor=3.0, target=1.0, more_is_better=False)
MEMORY = Goal(floor=260, target=130, more_is_better=False)
STEPS = ("issue: contents, uncertainty, log entry", "bundle, signature, log proof", "HTML", "PDF", "sign and check", "store")


class Stopwatch:
    """Durations by step, s."""

    def __init__(self) -> None:
        self.by_step: defaultdict[str, list[float]] = defaultdict(list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a block."""
        began = time.perf_counter()
        yield
        self.by_step[name].append(time.perf_counter() - began)


def measure(*, rounds: int) -> Report:
    """Make certificates; the first counts apart, because it starts the processes."""
    watch = Stopwatch()
    with sqlite_settings() as settings, sample_database(settings) as database, PdfRenderer() as renderer:
        for _ in range(rounds + 1):
            pdf = _one(database, settings, renderer, watch)
    return _report(watch, size=len(pdf), rounds=rounds)


def _one(database: Database, settings: Settings, renderer: PdfRenderer, watch: Stopwatch) -> bytes:
    at = system_clock()
    identity = load_identity(settings.data_dir / FOLDER, organisation=settings.company_name_en, at=at)
    with watch.step(STEPS[0]):
        certificate_id = _issue_like_a_valid_one(database, settings)
    with watch.step(STEPS[1]):
        document = _prove(database, settings, certificate_id)
    with watch.step(STEPS[2]):
        html = certificate_html(document)
    with watch.step(STEPS[3]):
        unsigned = set_page(html, document, renderer=renderer)
    with watch.step(STEPS[4]):
        pdf = sign_document(unsigned, identity, at=at, reason="measured", signer_name=settings.company_name_en)
    with watch.step(STEPS[5]), database.writing() as session:
        sha256, before = hashlib.sha256(pdf).hexdigest(), hashlib.sha256(unsigned).hexdigest()
        rendered = Rendered(pdf=pdf, pdf_sha256=sha256, unsigned_sha256=before, key_id=identity.key_id)
        operations.store_document(session, certificate_id, rendered, at=at)
    with watch.step("plain WeasyPrint of the same HTML"):
        renderer.render(html, created_at=document.issued_at, identifier=bytes(16))
    with watch.step("check with the stand-alone file"):
        verify(pdf, trusted=identity.root_pem, at=at)
    return pdf


def _issue_like_a_valid_one(database: Database, settings: Settings) -> uuid.UUID:
    with database.writing() as session:
        pattern = _pattern(session)
        certificate = operations.issue(
            session,
            get_record(session, pattern.footprint_id),
            customer=get_customer(session, pattern.customer_id),
            part_no=pattern.customer_part_no,
            valid_until=None,
            by=pattern.issued_by,
            at=system_clock(),
            settings=settings,
        )
        return certificate.id


def _pattern(session: Session) -> Certificate:
    """Return a certificate of the sample whose footprint is still in use."""
    found = session.exec(select(Certificate).order_by(col(Certificate.issued_at))).all()
    return next(one for one in found if active_footprint_of(session, one.footprint_id) and not is_stale(session, one.footprint_id))


def _prove(database: Database, settings: Settings, certificate_id: uuid.UUID) -> CertificateDocument:
    at = system_clock()
    with database.reading() as session:
        bundle = signed_bundle(session, session.get_one(Certificate, certificate_id), settings=settings, at=at)
    with database.writing() as session:
        certificate = session.get_one(Certificate, certificate_id)
        operations.keep_evidence(certificate, {**bundle, **proven_issue(session, certificate, settings=settings, at=at)})
        return document_of(certificate.snapshot, certificate.evidence or {}, issued_at=certificate.issued_at)


def _report(watch: Stopwatch, *, size: int, rounds: int) -> Report:
    whole = [sum(times) for times in zip(*(watch.by_step[name] for name in STEPS), strict=True)]
    first, warm = whole[0], sorted(whole[1:])
    child_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    steps = [_step(name, times[1:]) for name, times in watch.by_step.items()]
    return Report(
        figures=(
            Figure(name="first certificate", value=first, unit="s"),
            Figure(name="whole certificate, p50", value=statistics.median(warm), unit="s"),
            Figure(name="whole certificate, p95", value=warm[int(len(warm) * 0.95) - 1], unit="s", goal=WARM_P95),
            *steps,
            Figure(name="renderer process, peak memory", value=child_mib, unit="MiB", goal=MEMORY),
        ),
        notes=(f"{rounds} certificates of {size:,} bytes; one process sets them, another signs",),
    )


def _step(name: str, times: list[float]) -> Figure:
    is_check = name.startswith("check")
    return Figure(name=f"{name}, p50", value=statistics.median(times), unit="s", goal=VERIFY if is_check else None)
