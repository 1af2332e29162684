"""A workbook becomes a draft model version, by the installed command on a database of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lca_models.interchange import excel
from lca_models.interchange.sheets import read_csv
from lca_models.model import shipped_tables
from service.database import open_database
from service.modelling import queries
from service.modelling.models import ModelStatus

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path, sqlite_template: Path) -> Run:
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "anodeprint.db")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANODEPRINT_")}
    environment = kept | {"ANODEPRINT_DATA_DIR": str(tmp_path / "data"), "NO_COLOR": "1", "COLUMNS": "200"}

    def run_command(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "service.cli", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)

    return run_command


def carbon_contents(value: str) -> bytes:
    """Return a workbook with the model's own table, one number changed."""
    rows = [list(row) for row in read_csv(shipped_tables()["carbon_contents.csv"], file="x").rows]
    rows[1][1] = value
    return excel.write_sheets({"carbon_contents": rows, "remarks": [("changed one number",)]})


def test_an_engineer_makes_a_draft_of_a_workbook_and_nobody_else(run: Run, tmp_path: Path) -> None:
    for name, role in (("li", "engineer"), ("wu", "sales")):
        assert run("user", "add", f"{name}@example.com", "--name", name, "--role", role).returncode == 0
    file = tmp_path / "model.xlsx"
    file.write_bytes(carbon_contents("0.9"))
    draft = ("model", "import", str(file), "--draft")

    assert "needs --by" in run(*draft).stderr
    assert "no active engineer" in run(*draft, "--by", "wu@example.com").stderr
    made = run(*draft, "--by", "li@example.com")

    assert made.returncode == 0, made.stderr
    assert "made of model.xlsx" in made.stdout
    database = open_database(f"sqlite:///{tmp_path / 'data' / 'anodeprint.db'}")
    with database.reading() as session:
        found = next(one for one in queries.all_versions(session) if one.status is ModelStatus.DRAFT)
        assert found.notes == "from model.xlsx"
        content = queries.read_tables(session, found)["carbon_contents.csv"].decode()
        assert queries.model_of_version(session, found).carbon_contents["green_petroleum_coke"] == 0.9
        assert content.splitlines()[0] == shipped_tables()["carbon_contents.csv"].decode().splitlines()[0]
    database.close()


def test_a_table_the_model_can_t_be_read_with_makes_no_draft(run: Run, tmp_path: Path) -> None:
    assert run("user", "add", "li@example.com", "--name", "Li", "--role", "engineer").returncode == 0
    file = tmp_path / "model.xlsx"
    file.write_bytes(carbon_contents("much"))

    refused = run("model", "import", str(file), "--draft", "--by", "li@example.com")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "carbon_contents.csv, line 2, column carbon: “much” is not a finite number" in refused.stderr
    database = open_database(f"sqlite:///{tmp_path / 'data' / 'anodeprint.db'}")
    with database.reading() as session:
        assert not [one for one in queries.all_versions(session) if one.status is ModelStatus.DRAFT]
    database.close()
