import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from lca_models.interchange.unpacking import UnpackingError, UnpackingLimits, unpack_tar, unpack_zip

LIMITS = UnpackingLimits(files=3, unpacked_bytes=1_000_000, ratio=50.0, small_bytes=1_000)


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, *entries: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for entry, content in entries:
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def test_files_are_unpacked_into_their_folders(tmp_path: Path) -> None:
    unpack_zip(zipped(tmp_path / "a.zip", {"x/y.txt": b"1", "z.txt": b"2"}), tmp_path / "out", limits=LIMITS)

    assert (tmp_path / "out/x/y.txt").read_bytes() == b"1"
    assert (tmp_path / "out/z.txt").read_bytes() == b"2"


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "a/../../evil", "..\\evil.txt", "C:\\evil.txt"])
def test_paths_that_leave_the_folder_are_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()

    with pytest.raises(UnpackingError, match="leads out of the folder or is a link"):
        unpack_zip(zipped(tmp_path / "a.zip", {"good.txt": b"1", name: b"2"}), tmp_path / "out", limits=LIMITS)

    assert list((tmp_path / "out").iterdir()) == []


def test_links_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnpackingError, match="is a link"):
        unpack_zip(tmp_path / "a.zip", tmp_path / "out", limits=LIMITS)

    entry = tarfile.TarInfo("link")
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with pytest.raises(UnpackingError, match="is a link"):
        unpack_tar(tarred(tmp_path / "a.tar.gz", (entry, b"")), tmp_path / "out", limits=LIMITS)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({f"{number}.txt": b"" for number in range(4)}, "4 files of 0.0 GiB in all; at most 3 files"),
        ({"bomb.txt": bytes(900_000)}, "times its packed size, more than 50"),
        ({"one.txt": bytes(600_000), "two.txt": bytes(600_000)}, "2 files of 0.0 GiB in all"),
    ],
)
def test_what_is_too_many_too_large_or_packed_too_well_is_refused(tmp_path: Path, entries: dict[str, bytes], message: str) -> None:
    with pytest.raises(UnpackingError) as refused:
        unpack_zip(zipped(tmp_path / "a.zip", entries), tmp_path / "out", limits=LIMITS)

    assert message in str(refused.value)


def test_a_tar_writes_only_what_is_wanted_and_counts_the_rest(tmp_path: Path) -> None:
    archive = tarred(tmp_path / "a.tar.gz", (tarfile.TarInfo("p/databases.db"), b"1"), (tarfile.TarInfo("p/other.pickle"), b"2"))
    (tmp_path / "out").mkdir()

    unpack_tar(archive, tmp_path / "out", limits=LIMITS, wanted=lambda name: name.endswith(".db"))

    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["databases.db"]
    large = tarred(tmp_path / "b.tar.gz", (tarfile.TarInfo("a"), bytes(600_000)), (tarfile.TarInfo("b"), bytes(600_000)))
    with pytest.raises(UnpackingError, match="unpacks to more than is allowed"):
        unpack_tar(large, tmp_path / "out", limits=LIMITS, wanted=lambda _: False)


def test_a_damaged_zip_is_an_error_in_words(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "a.zip", {"x.txt": b"content" * 100}).read_bytes())
    content[40] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(content)

    with pytest.raises(UnpackingError, match=r"a\.zip can't be unpacked"):
        unpack_zip(tmp_path / "a.zip", tmp_path / "out", limits=LIMITS)
