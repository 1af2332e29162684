import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlmodel import Session, select

from service.audit.queries import find_events
from service.database import Database
from service.evidence.models import Scan
from service.evidence.store import path_of
from service.footprints.models import FootprintRecord
from service.product_footprints.operations import release
from service.settings import Settings
from service.submissions.models import Evidence, Submission
from service.verification.models import EvidencePack, PackStatus
from service.verification.packing import members_of, pack_path, write_pack
from service.verification.queries import find_pack, get_case
from tests.builders import NOW
from tests.conftest import RunJobs
from tests.footprints.builders import RELEASER
from tests.verification.builders import a_case, a_footprint_with_answers, a_verifier

pytestmark = pytest.mark.usefixtures("app")
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def packed(sqlite_database: Database, settings: Settings, run_jobs: RunJobs) -> EvidencePack:
    """The pack of a case with one footprint, two files and one that a scanner has locked."""
    with sqlite_database.writing() as session:
        body, _ = a_verifier(session)
        record = a_footprint_with_answers(session)
        release(session, record, version=record.version, by=RELEASER, at=NOW, settings=settings)
        submission = session.exec(select(Submission)).one()
        attach(session, submission, "meter.pdf", b"meter readings", settings=settings)
        attach(session, submission, "contract.pdf", b"for the verifier", settings=settings, verifier_only=True)
        attach(session, submission, "virus.pdf", b"locked", settings=settings, scan=Scan.INFECTED)
        case = a_case(session, body, record, settings=settings)
    run_jobs()
    with sqlite_database.reading() as session:
        pack = find_pack(session, case.id)
        assert pack is not None
        session.expunge(pack)
        return pack


def attach(
    session: Session,
    submission: Submission,
    name: str,
    content: bytes,
    *,
    settings: Settings,
    scan: Scan = Scan.CLEAN,
    verifier_only: bool = False,
) -> None:
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256, data_dir=settings.data_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    session.add(
        Evidence(
            submission_id=submission.id,
            organisation_id=submission.organisation_id,
            name=name,
            media_type="application/pdf",
            size_bytes=len(content),
            sha256=sha256,
            scan=scan,
            verifier_only=verifier_only,
            uploaded_by="user:somebody",
            uploaded_at=NOW,
        )
    )


def unpacked(pack: EvidencePack, settings: Settings, folder: Path) -> Path:
    assert pack.sha256 is not None
    with zipfile.ZipFile(pack_path(pack.sha256, data_dir=settings.data_dir)) as archive:
        archive.extractall(folder)
    return folder


def recalculated(folder: Path, *, where: Path) -> subprocess.CompletedProcess[str]:
    """Run the program of a pack in a process that can import what lies in a folder, and nothing of the service."""
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "lca_models", where / "lca_models", ignore=skipped, dirs_exist_ok=True)
    command = [sys.executable, str(folder / "recalculate.py"), str(folder)]
    return subprocess.run(command, cwd=where, env={"PYTHONPATH": str(where)}, capture_output=True, text=True, check=False)


def test_the_pack_alone_recalculates_every_footprint_to_the_same_digits_and_finds_a_changed_input(
    packed: EvidencePack, settings: Settings, sqlite_database: Database, tmp_path: Path
) -> None:
    folder = unpacked(packed, settings, tmp_path / "pack")
    with sqlite_database.reading() as session:
        record = session.exec(select(FootprintRecord)).one()
        expected = f"{record.number}: {record.total_kg_co2e_per_kg!r} kg CO2e/kg, same"

    done = recalculated(folder, where=tmp_path / "alone")

    assert done.stdout.strip() == expected, done.stderr
    assert done.returncode == 0

    path = next((folder / "footprints").glob("*/record.json"))
    stated = json.loads(path.read_text())
    stated["given"]["graphitization_electricity_kwh_per_kg"] *= 0.99
    path.write_text(json.dumps(stated))
    changed = recalculated(folder, where=tmp_path / "alone")
    assert changed.returncode == 1
    assert "stated" in changed.stdout


def test_the_pack_holds_evidence_also_for_the_verifier_only_names_what_is_locked_and_hashes_every_file(
    packed: EvidencePack, settings: Settings, sqlite_database: Database, tmp_path: Path
) -> None:
    folder = unpacked(packed, settings, tmp_path / "pack")
    files = {path.name[3:]: path for path in folder.glob("answers/*/evidence/*")}
    sums = json.loads((folder / "manifest.json").read_text())["sha256"]
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    declared = json.loads(next(folder.glob("footprints/*/pact.json")).read_text())
    assert declared["pcf"]["declaredUnitOfMeasurement"] == "kilogram"
    assert set(files) == {"meter.pdf", "contract.pdf"}
    assert files["contract.pdf"].read_bytes() == b"for the verifier"
    left_out = json.loads(next(folder.glob("answers/*/left-out.json")).read_text())
    assert [one["name"] for one in left_out["files"]] == ["virus.pdf"]
    assert present == set(sums) | {"manifest.json"}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256 for name, sha256 in sums.items())
    assert packed.status is PackStatus.DONE
    with sqlite_database.reading() as session:
        actions = {one.action for one in find_events(session, object_type="verificationcase", object_id=packed.case_id)}
    assert "verification_case_packed" in actions


def test_the_same_evidence_gives_the_same_bytes(packed: EvidencePack, settings: Settings, sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        case = get_case(session, packed.case_id)
        packs = [write_pack(members_of(session, case, settings=settings), data_dir=settings.data_dir) for _ in range(2)]

    assert packs[0] == packs[1]
