"""Files go to the scanner whole; what it says, or that it says nothing, stays with them."""

import io
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from service.accounts.models import Role
from service.errors import FieldError
from service.evidence.downloads import QuarantinedError
from service.evidence.models import Scan
from service.evidence.rescanning import scan_files
from service.evidence.virus_scan import Scanner
from service.submissions import evidence, queries
from service.submissions.models import Evidence
from service.submissions.rescanning import keep_scans
from tests.footprints.test_answering import a_principal
from tests.ports import free_port
from tests.submissions.builders import NOW, SUPPLIER_ACTOR, a_draft, a_stored_file

PDF = b"%PDF-1.7 electricity bill"
REVIEWER = a_principal(Role.REVIEWER)
# Looks like nothing to other scanners; the fake daemon below knows it.
BAD = b"%PDF-1.7 made-up-virus"


class FakeClamd(socketserver.StreamRequestHandler):
    """Speaks INSTREAM as clamd does and finds one made-up signature."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        if b"too-large" in content:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.wfile.write(b"stream: Made-Up FOUND\0" if b"made-up-virus" in content else b"stream: OK\0")


class FakeServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True


class FakeUnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    pass


@pytest.fixture(params=["tcp", "unix"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scanner]:
    path = tmp_path / "clamd.sock"
    server = FakeServer(("127.0.0.1", 0), FakeClamd) if request.param == "tcp" else FakeUnixServer(str(path), FakeClamd)
    address = "{}:{}".format(*server.server_address) if isinstance(server, FakeServer) else str(path)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Scanner(address=address)
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_harmless_file_is_clean(scanner: Scanner) -> None:
    assert scanner.scan(io.BytesIO(PDF + b"0" * 300_000)) is Scan.CLEAN  # several chunks


def test_an_infected_file_is_refused_and_not_kept(scanner: Scanner, tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="found something"):
        a_stored_file(BAD, data_dir=tmp_path, scanner=scanner)

    assert [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == []


def test_what_the_scanner_can_not_look_at_stays_unscanned(scanner: Scanner) -> None:
    assert scanner.scan(io.BytesIO(b"too-large")) is Scan.UNSCANNED


def test_without_a_scanner_files_are_kept_and_say_so(tmp_path: Path) -> None:
    for address in (None, f"127.0.0.1:{free_port()}", str(tmp_path / "nothing.sock")):
        stored = a_stored_file(PDF, data_dir=tmp_path, scanner=Scanner(address=address))
        assert (stored.scan, stored.scanned_at) == (Scan.UNSCANNED, None)


def attached(session: Session, content: bytes, *, data_dir: Path) -> Evidence:
    stored = [a_stored_file(content, data_dir=data_dir)]
    return evidence.attach(session, a_draft(session), stored, field=None, by=SUPPLIER_ACTOR, at=NOW)[0]


def test_files_that_came_before_the_scanner_are_sent_to_it_later_and_the_infected_are_locked(
    session: Session, scanner: Scanner, tmp_path: Path
) -> None:
    clean, bad = attached(session, PDF, data_dir=tmp_path), attached(session, BAD, data_dir=tmp_path)
    evidence.check_may_open(bad, REVIEWER)

    waiting = queries.unscanned_evidence(session, limit=10)
    keep_scans(session, scan_files(waiting, scanner=scanner, data_dir=tmp_path), at=NOW)

    assert (clean.scan, bad.scan, clean.scanned_at) == (Scan.CLEAN, Scan.INFECTED, NOW)
    with pytest.raises(QuarantinedError):
        evidence.check_may_open(bad, REVIEWER)
    evidence.check_may_open(clean, REVIEWER)
    assert queries.unscanned_evidence(session, limit=10) == []
