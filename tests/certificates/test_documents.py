import hashlib
import io
import json
from collections.abc import Callable
from decimal import Decimal

import pikepdf
import pytest
from sqlmodel import select

from lca_models import load_model
from service.certificates import operations
from service.certificates.figures import result_lines
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.rendering import render_certificate
from service.certificates.snapshot import canonical, sha256_of
from service.certificates.wording import document_of
from service.database import Database
from service.jobs.models import Job, JobState
from service.settings import Settings
from service.signing.authority import FOLDER, root_certificate
from service.signing.documents import check_signature
from tests.certificates.builders import MEASURED, NOW, TOLL, a_record, in_memory, issued, toll_provenance


@pytest.fixture
def certificate(sqlite_database: Database, app: object, run_jobs: Callable[[], int]) -> Certificate:
    """A certificate whose document has been set and signed, about a product with one toll plant."""
    del app  # asks for the jobs of the application's own database
    with sqlite_database.writing() as session:
        record = a_record(session, parameters=MEASURED, provenance=toll_provenance(TOLL))
        certificate_id = issued(session, record).id
    run_jobs()
    with sqlite_database.reading() as session:
        assert [(job.state, job.last_error) for job in session.exec(select(Job).where(Job.name == operations.RENDER))] == [
            (JobState.DONE, None)
        ]
        found = session.get_one(Certificate, certificate_id)
        session.expunge(found)
    return found


def test_an_issued_certificate_is_set_signed_and_valid(certificate: Certificate, settings: Settings) -> None:
    root = root_certificate(settings.data_dir / FOLDER) or b""
    check = check_signature(certificate.pdf or b"", roots=[root], at=NOW)

    assert certificate.status is CertificateStatus.VALID
    assert certificate.pdf_sha256 == hashlib.sha256(certificate.pdf or b"").hexdigest()
    assert check.holds
    assert check.key_id == certificate.signing_key_id


def test_the_same_snapshot_gives_the_same_bytes_before_signing(certificate: Certificate) -> None:
    again = render_certificate(document_of(certificate.snapshot, certificate.evidence or {}, issued_at=certificate.issued_at))

    assert hashlib.sha256(again).hexdigest() == certificate.unsigned_pdf_sha256


def test_the_attached_file_is_the_snapshot_to_the_byte(certificate: Certificate) -> None:
    with pikepdf.open(io.BytesIO(certificate.pdf or b"")) as pdf:
        attached = pdf.attachments["pcf.json"].get_file().read_bytes()

    assert attached == canonical(certificate.snapshot)
    assert hashlib.sha256(attached).hexdigest() == certificate.snapshot_sha256 == sha256_of(json.loads(attached))


def test_a_signed_certificate_is_still_pdf_a_3b_without_scripts(certificate: Certificate) -> None:
    with pikepdf.open(io.BytesIO(certificate.pdf or b"")) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
        assert "/OutputIntents" in pdf.Root
        assert "/AF" in pdf.Root
        assert "/JavaScript" not in pdf.Root.get("/Names", pikepdf.Dictionary())


def test_a_second_run_of_the_job_changes_nothing(
    certificate: Certificate, sqlite_database: Database, run_jobs: Callable[[], int]
) -> None:
    with sqlite_database.writing() as session:
        operations._enqueue(session, certificate, at=NOW, key="again")
    run_jobs()

    with sqlite_database.reading() as session:
        assert session.get_one(Certificate, certificate.id).pdf == certificate.pdf


def test_the_page_says_what_the_attached_file_says(certificate: Certificate) -> None:
    """Number, total and split are read from one snapshot: three digits on the page, four in the file."""
    document = document_of(certificate.snapshot, certificate.evidence or {}, issued_at=certificate.issued_at)

    assert document.number == certificate.snapshot["certificate"]["number"] == certificate.number
    assert sum(stage.kg_co2e for stage in document.stages) == document.result.total
    assert sum(block.kg_co2e for block in document.blocks) == document.result.total
    assert abs(document.result.total - Decimal(certificate.snapshot["result"]["total"])) <= Decimal("0.05")
    assert document.method.model_version.startswith(load_model().model_version)


def test_lines_hidden_in_sums_of_suppliers_are_no_zeros(certificate: Certificate) -> None:
    """The shipped factors of supplies are sums over all origins, and the process itself emits no biogenic carbon."""
    result = certificate.snapshot["result"]

    assert (result["biogenic"], result["land_use_change"]) == (None, None)
    assert result["biogenic_uptake"] == "-0.03"  # 0.02 kg pallet x 0.446 kg C/kg x 44/12, known from the packing itself
    assert "inside the fossil line" in result["not_split"]["reason_en"]
    assert "计入化石源" in result["not_split"]["reason_zh"]
    assert result["fossil"] == result["total"]


@pytest.mark.parametrize(("unsplit", "shown"), [(0.0, "0.00"), (3.0, None)])
def test_a_line_that_is_really_zero_is_a_zero(unsplit: float, shown: str | None) -> None:
    record = in_memory()
    split = {"fossil": 12.0, "upstream_unsplit": unsplit, "biogenic": 0.4, "biogenic_uptake": 0.0, "land_use": 0.0, "aircraft": 0.0}
    record.result = {**record.result, "split": split}

    result = result_lines(record)

    assert (result["fossil"], result["biogenic"]) == ("12.00", "0.40")
    assert result["land_use_change"] == shown
    assert (result["not_split"] is None) == (shown is not None)
