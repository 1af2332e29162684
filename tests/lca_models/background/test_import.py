import io
import json
import pickle
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lca_models.background.categories import CATEGORIES
from lca_models.background.store import StoredBackground, open_background, read_activities
from lca_models.interchange.background_import import FORMATS, import_background
from service.sandbox import run_limited
from tests.lca_models.background import formats, oracle

GIB = 1024**3
FACTS = {"name": "sample", "licence": "own data"}

WRITERS: Mapping[str, Callable[[Path], Path]] = {
    "ecospold2": lambda folder: formats.write_ecospold2(folder / "datasets.zip"),
    "jsonld": lambda folder: formats.write_jsonld(folder / "olca.zip"),
    "simapro": lambda folder: formats.write_simapro(folder / "project.csv"),
    "excel": lambda folder: formats.write_excel(folder / "book.xlsx"),
    "brightway": lambda folder: formats.write_package(folder / "mine.bw2package", formats.nodes()),
}


def imported(source: Path, file_format: str, folder: Path) -> dict[str, Any]:
    """Import in a limited child process, as the service does."""
    target, scratch = folder / "stored", folder / "scratch"
    target.mkdir()
    scratch.mkdir()
    arguments = (str(source), file_format, str(target), str(scratch), FACTS)
    answer: dict[str, Any] = run_limited(import_background, *arguments, seconds=120, memory_bytes=8 * GIB)
    return answer


def problem(source: Path, file_format: str, folder: Path) -> str:
    """Return the message of a refused import, and check that nothing was stored."""
    found = imported(source, file_format, folder)["problem"]
    assert not (folder / "stored" / "manifest.json").exists()
    return str(found["template"] % found["values"])


def factors(background: StoredBackground) -> dict[str, Mapping[str, float]]:
    """Return kg CO2e by category of each activity, by its product."""
    return {
        one.product: dict(zip(CATEGORIES, background.factor(position).tolist(), strict=True))
        for position, one in enumerate(read_activities(background.folder))
    }


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_format_gives_the_hand_calculation_and_brightways_own_score(file_format: str, tmp_path: Path) -> None:
    source = WRITERS[file_format](tmp_path)

    manifest = imported(source, file_format, tmp_path)["manifest"]

    found = factors(open_background(tmp_path / "stored", verify=True))
    assert found["power"]["fossil"] == pytest.approx(formats.POWER_FOSSIL, rel=1e-14)
    assert found["bar"]["fossil"] == pytest.approx(formats.BAR_FOSSIL, rel=1e-14)
    assert found["bar"]["biogenic"] == pytest.approx(formats.BAR_BIOGENIC, rel=1e-14)
    assert manifest["importer"]["format"] == file_format
    assert manifest["licence"] == "own data"
    assert len(manifest["matched_flows"]) == 3
    assert manifest["unmatched_gas_flows"] == []
    (tmp_path / "oracle").mkdir()
    theirs = run_limited(oracle.scores, str(source), file_format, str(tmp_path / "oracle"), seconds=120, memory_bytes=8 * GIB)
    bar = next(score for name, score in theirs.items() if name.startswith("bar"))
    # Brightway stores single precision.
    assert found["bar"]["fossil"] + found["bar"]["biogenic"] == pytest.approx(bar, rel=1e-6)


def test_a_project_archive_gives_the_same_and_its_uncertainty(tmp_path: Path) -> None:
    package = WRITERS["brightway"](tmp_path)
    (tmp_path / "project").mkdir()
    archive = tmp_path / "mine.tar.gz"
    arguments = (str(package), str(tmp_path / "project"))
    archive.write_bytes(run_limited(oracle.write_project, *arguments, seconds=120, memory_bytes=8 * GIB))

    manifest = imported(archive, "brightway", tmp_path)["manifest"]

    assert factors(open_background(tmp_path / "stored"))["bar"]["fossil"] == pytest.approx(formats.BAR_FOSSIL)
    assert manifest["is_uncertain"]
    assert np.load(tmp_path / "stored" / "biosphere_spread.npy").tolist() == [0.0, 0.2, 0.0]


def test_an_archive_with_a_program_in_it_is_refused_and_does_not_run(tmp_path: Path) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
            return Path.touch, (tmp_path / "ran",)  # type: ignore[return-value]

    database = tmp_path / "databases.db"
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE activitydataset (id INTEGER, database TEXT, code TEXT, type TEXT, data BLOB)")
    connection.execute("INSERT INTO activitydataset VALUES (1, 'db', 'a', 'process', ?)", (pickle.dumps(Hostile()),))
    connection.commit()
    connection.close()
    archive = tmp_path / "hostile.tar.gz"
    with tarfile.open(archive, "w:gz") as opened:
        opened.add(database, "project/lci/databases.db")

    assert "can't be read (pathlib" in problem(archive, "brightway", tmp_path)
    assert not (tmp_path / "ran").exists()


def test_unlinked_exchanges_are_listed_and_refused(tmp_path: Path) -> None:
    source = formats.write_excel(tmp_path / "book.xlsx", bar_input="power from elsewhere")

    assert problem(source, "excel", tmp_path).startswith(
        "1 exchanges (1 different) lead to no activity or flow of the file: technosphere power from elsewhere [kilowatt hour, CN]."
    )


def test_json_ld_of_openlca_1_is_refused_with_what_to_do(tmp_path: Path) -> None:
    source = formats.write_jsonld(tmp_path / "old.zip", category={"@id": "x", "name": "mine"}, schema=1)

    assert problem(source, "jsonld", tmp_path) == (
        "This is JSON-LD of openLCA 1 (schema 1). Open it in openLCA 2 and export it again."
    )


@pytest.mark.parametrize(
    ("file_format", "name", "content", "message"),
    [
        ("ecospold2", "x.7z", b"7z", "Unpack it (a .7z with 7-Zip) and give the folder"),
        ("ecospold2", "x.zip", b"no zip at all", "can't be unpacked"),
        ("simapro", "x.csv", b"a;b;c", "does not begin with the head of a SimaPro CSV"),
        ("excel", "x.xlsx", b"not a workbook", "bw2io can't read x.xlsx as excel"),
        ("brightway", "x.tar.gz", b"not an archive", "can't be unpacked"),
        ("brightway", "x.bw2package", b"not bz2", "bw2io can't read x.bw2package as brightway"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_to_do(
    file_format: str, name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    source = tmp_path / name
    source.write_bytes(content)

    assert message in problem(source, file_format, tmp_path)


@pytest.mark.parametrize(("file_format", "message"), [("ecospold2", "has no .spold file"), ("jsonld", "has no folder “processes”")])
def test_an_archive_without_what_the_format_needs_is_refused(file_format: str, message: str, tmp_path: Path) -> None:
    source = tmp_path / "empty.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("readme.txt", "nothing")

    assert message in problem(source, file_format, tmp_path)


def test_the_stored_folder_says_what_it_holds(tmp_path: Path) -> None:
    imported(WRITERS["brightway"](tmp_path), "brightway", tmp_path)

    manifest = json.loads((tmp_path / "stored" / "manifest.json").read_text())

    assert manifest["activities"] == 2
    assert manifest["technosphere_entries"] == 3
    assert manifest["gwp"] == "AR6"
    assert set(manifest["files"]) == {
        *("activities.csv", "biosphere.npz", "biosphere_spread.npy", "characterization.npy"),
        *("multipliers.npy", "outputs.npy", "technosphere.npz", "technosphere_spread.npy"),
    }
    assert set(manifest["importer"]) == {"format", "bw2io", "bw2data"}
    assert io.BytesIO((tmp_path / "stored" / "multipliers.npy").read_bytes()).read(6) == b"\x93NUMPY"
