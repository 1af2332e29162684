"""Starting the receivers of exports in processes and folders of their own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lca_models.interchange import excel
from lca_models.interchange.database import Database

HERE = Path(__file__).parent
NO_HOME = "/dev/null/home"
"""Can't be written to, by whomever."""


def run(script: str, *arguments: str, folder: Path, python: Path = Path(sys.executable)) -> Any:
    """Run a script with a Brightway folder of its own and, with our own packages, without a home; return the JSON it ends with."""
    home = NO_HOME if python == Path(sys.executable) else str(folder)  # a library beside brightway2 insists on a cache there
    (folder / "brightway").mkdir(exist_ok=True)
    done = subprocess.run(
        [str(python), str(HERE / script), *arguments],
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": home,
            "BRIGHTWAY2_DIR": str(folder / "brightway"),
            "PYTHONPATH": str(HERE.parents[2]),
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def receive_workbooks(
    database: Database, changes: Mapping[str, float], *, folder: Path, python: Path = Path(sys.executable)
) -> dict[str, dict[str, float]]:
    """Import the Excel export of a database and change parameters there."""
    (folder / "inventory.xlsx").write_bytes(excel.write_inventory(database))
    (folder / "method.xlsx").write_bytes(excel.write_method(database))
    files = f"{folder / 'inventory.xlsx'},{folder / 'method.xlsx'}"
    found: dict[str, dict[str, float]] = run(
        *("receiver.py", files, json.dumps(database.method), database.product.code, json.dumps(changes)),
        folder=folder,
        python=python,
    )
    return found
