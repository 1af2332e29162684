"""Import as the service does it, and the command line from file to bank."""

import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lca_models.background.store import open_background
from service.backgrounds.files import FOLDER, folder_of
from service.backgrounds.importing import BackgroundRefusedError, import_files, store_bank
from service.backgrounds.rules import BackgroundError
from service.cli.background import app
from service.database import open_database
from service.migrations.commands import upgrade
from tests.backgrounds.builders import BAR, PITCH
from tests.lca_models.background import formats


def test_imported_files_lie_in_the_deployments_own_folder(tmp_path: Path) -> None:
    source = formats.write_package(tmp_path / "mine.bw2package", formats.nodes())

    files = import_files(source, "brightway", name="mine", licence="own data", data_dir=tmp_path / "data")

    folder = folder_of(files.background_id, data_dir=tmp_path / "data")
    assert open_background(folder, verify=True).manifest["licence"] == "own data"
    assert [path.name for path in (tmp_path / "data" / FOLDER).iterdir()] == [str(files.background_id)]
    assert (tmp_path / "data" / FOLDER).stat().st_mode & 0o077 == 0


def test_a_refused_file_leaves_nothing_behind(tmp_path: Path) -> None:
    source = formats.write_package(tmp_path / "mine.bw2package", formats.nodes(bar=[]))

    with pytest.raises(BackgroundRefusedError, match=r"“bar production \[CN\]” has no output of a reference product"):
        import_files(source, "brightway", name="mine", licence="own data", data_dir=tmp_path / "data")

    assert list((tmp_path / "data" / FOLDER).iterdir()) == []


@pytest.mark.parametrize(("name", "licence"), [("", "own data"), ("mine", " "), ("x" * 81, "own data"), ("mine", "x" * 301)])
def test_name_and_licence_are_asked_for_before_anything_is_read(tmp_path: Path, name: str, licence: str) -> None:
    with pytest.raises(BackgroundError, match="state its licence"):
        import_files(tmp_path / "nowhere", "brightway", name=name, licence=licence, data_dir=tmp_path)


def test_a_bank_needs_activities(tmp_path: Path) -> None:
    with pytest.raises(BackgroundError, match="Choose activities first"):
        store_bank(tmp_path, activities=[], draws=10, seed=1)


def test_the_command_line_leads_from_a_file_to_a_bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = formats.write_package(tmp_path / "mine.bw2package", formats.nodes())
    monkeypatch.setenv("ANODEPRINT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ANODEPRINT_ENV", "test")
    database = open_database(f"sqlite:///{tmp_path / 'anodeprint.db'}")
    upgrade(database)
    database.close()

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return str(result.stdout)

    assert "2 activities, 3 elementary flows; not in use yet" in run(
        "import", str(source), "--format", "brightway", "--name", "mine", "--licence", "own data"
    )
    assert "     1  bar production  bar  [CN]  kilogram" in run("activities", "mine", "--search", "bar")
    assert f"{PITCH} = 1.896 kg CO2e" in run("choose", "mine", PITCH, str(BAR))
    assert "mine: in use" in run("enable", "mine")
    assert "bank-7-3.npz: 7 draws of 1 activities" in run("bank", "mine", "--draws", "7", "--seed", "3")
    assert "licence: own data" in run("list")
    assert "mine: not in use" in run("disable", "mine")
    run("remove", "mine")
    assert run("list") == ""
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_an_import_asks_no_other_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child may not reach the network at all; this process must not do it for the child."""

    def refused(*arguments: Any) -> None:
        raise AssertionError(arguments)

    monkeypatch.setattr(socket, "getaddrinfo", refused)
    source = formats.write_jsonld(tmp_path / "olca.zip")

    import_files(source, "jsonld", name="mine", licence="own data", data_dir=tmp_path / "data")
