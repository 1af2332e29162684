from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Pdf

from service.signing.authority import FOLDER, load_identity, root_certificate, rotate
from service.signing.documents import check_signature, sign_pdf

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / FOLDER


def a_pdf(path: Path) -> bytes:
    pdf = Pdf.new()
    pdf.add_blank_page()
    pdf.save(path / "plain.pdf", deterministic_id=True)
    return (path / "plain.pdf").read_bytes()


def signed(path: Path, folder: Path, *, at: datetime = AT) -> bytes:
    identity = load_identity(folder, organisation="Sample", at=at)
    return sign_pdf(a_pdf(path), identity, at=at, reason="test", signer_name="Sample")


def test_a_signed_file_is_intact_and_trusted(tmp_path: Path, folder: Path) -> None:
    file = signed(tmp_path, folder)

    check = check_signature(file, roots=[root_certificate(folder) or b""], at=AT)

    assert check.holds
    assert check.key_id == load_identity(folder, organisation="Sample", at=AT).key_id


def test_an_unsigned_file_does_not_hold(tmp_path: Path, folder: Path) -> None:
    load_identity(folder, organisation="Sample", at=AT)

    assert not check_signature(a_pdf(tmp_path), roots=[root_certificate(folder) or b""], at=AT).holds
    assert not check_signature(b"no pdf at all", roots=[root_certificate(folder) or b""], at=AT).holds


def test_a_signature_of_another_root_is_not_trusted(tmp_path: Path, folder: Path) -> None:
    file = signed(tmp_path, folder)
    other = load_identity(tmp_path / "other", organisation="Sample", at=AT)

    check = check_signature(file, roots=[other.root_pem], at=AT)

    assert check.is_intact is False or check.is_trusted is False
    assert not check.holds


def test_a_file_with_something_appended_does_not_hold(tmp_path: Path, folder: Path) -> None:
    file = signed(tmp_path, folder)
    (tmp_path / "signed.pdf").write_bytes(file)
    with Pdf.open(tmp_path / "signed.pdf") as pdf:
        pdf.docinfo["/Title"] = "changed"
        pdf.save(tmp_path / "changed.pdf")

    changed = (tmp_path / "changed.pdf").read_bytes()

    assert not check_signature(changed, roots=[root_certificate(folder) or b""], at=AT).holds


def test_keys_are_made_once_and_readable_by_their_owner_only(folder: Path) -> None:
    first = load_identity(folder, organisation="Sample", at=AT)
    second = load_identity(folder, organisation="Other name", at=AT + timedelta(days=1))

    assert first == second
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_certificate_about_to_end_is_replaced_under_the_same_root(folder: Path) -> None:
    first = load_identity(folder, organisation="Sample", at=AT)
    later = load_identity(folder, organisation="Sample", at=AT + timedelta(days=700))

    assert later.key_id != first.key_id
    assert later.root_pem == first.root_pem


def test_files_signed_before_two_rotations_still_hold(tmp_path: Path, folder: Path) -> None:
    files = [signed(tmp_path, folder)]
    for days in (1, 2):
        rotate(folder, organisation="Sample", at=AT + timedelta(days=days))
        files.append(signed(tmp_path, folder, at=AT + timedelta(days=days)))

    root = root_certificate(folder) or b""
    checks = [check_signature(file, roots=[root], at=AT + timedelta(days=days)) for days, file in enumerate(files)]

    assert all(check.holds for check in checks)
    assert len({check.key_id for check in checks}) == 3


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_under_the_signature_is_found(tmp_path: Path, folder: Path, data: st.DataObject) -> None:
    if not (tmp_path / "signed.pdf").exists():
        (tmp_path / "signed.pdf").write_bytes(signed(tmp_path, folder))
    file = bytearray((tmp_path / "signed.pdf").read_bytes())
    unsigned_length = len(a_pdf(tmp_path))  # an incremental update leaves these bytes first, all of them signed
    position = data.draw(st.integers(0, unsigned_length - 1))
    file[position] ^= 1 << data.draw(st.integers(0, 7))

    assert not check_signature(bytes(file), roots=[root_certificate(folder) or b""], at=AT).holds
