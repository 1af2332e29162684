import io
import zlib
from pathlib import Path

import pikepdf
import pytest

from service.certificates.standalone.examining import examine_pdf
from service.certificates.verification_files import FileFound, examine, verifier_program, verifier_sha256
from tests.certificates.builders import in_memory
from tests.certificates.sealed import AT, Sealed, files_of, seal

BOMB_BYTES = 200_000_000


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    folder = tmp_path_factory.mktemp("issuer") / "keys"
    return seal(files_of(in_memory(), folder), folder)


def examined(content: bytes, root: bytes | None) -> FileFound:
    return examine(content, root=root, at=AT, locale="en")


def test_a_file_is_examined_as_the_verifier_does(genuine: Sealed) -> None:
    found = examined(genuine.pdf, genuine.root)

    by_verifier = {one["title"]["en"]: one["outcome"] for one in examine_pdf(genuine.pdf, genuine.root, AT)["checks"]}
    assert {proof.title: proof.outcome for proof in found.proofs}.items() <= by_verifier.items()
    assert len(found.proofs) == len(by_verifier) - 2  # dates and revocation are the register's to tell
    assert found.holds


@pytest.mark.parametrize("content", [b"%PDF-", b"%PDF-1.7\n" + bytes(range(256)) * 40, b"%PDF-1.7\nstartxref\n9\n%%EOF"])
def test_what_only_looks_like_a_pdf_proves_nothing(content: bytes, genuine: Sealed) -> None:
    found = examined(content, genuine.root)

    assert found.is_pdf
    assert not found.holds
    assert found.snapshot_sha256 is None


def test_a_file_that_unpacks_to_more_than_any_certificate_is_refused(genuine: Sealed) -> None:
    with pikepdf.open(io.BytesIO(genuine.pdf)) as pdf:
        stream = pdf.attachments["pcf.json"].obj.EF.F
        stream.write(zlib.compress(bytes(BOMB_BYTES)), filter=pikepdf.Name.FlateDecode)
        bomb = io.BytesIO()
        pdf.save(bomb)

    found = examined(bomb.getvalue(), genuine.root)

    assert found.too_heavy or not found.holds
    assert examined(genuine.pdf, genuine.root).holds  # the next reader is served as before


def test_another_file_is_hashed_and_not_read(genuine: Sealed) -> None:
    found = examined(genuine.files["bundle.json"], genuine.root)

    assert (found.is_pdf, found.proofs) == (False, ())


def test_the_program_handed_out_is_the_one_that_runs_here() -> None:
    script = Path(examine_pdf.__code__.co_filename).with_name("anodeprint_verify.py")

    assert verifier_program() == script.read_bytes()
    assert len(verifier_sha256()) == 64
