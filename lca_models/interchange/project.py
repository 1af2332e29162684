"""A Brightway 2.5 project made from exported workbooks. Runs in a child process only: Brightway's current project is process-wide.

`bw2data` chooses its folder when it is imported and writes into the home folder unless `BRIGHTWAY2_DIR` names another; it is
therefore imported inside the function, after the folder of this one task has been made.
"""

import os
import tempfile
from pathlib import Path
from typing import Final

PROJECT: Final = "anodeprint"


def write_archive(inventory: bytes, method: bytes, method_name: tuple[str, ...]) -> bytes:
    """Return a project as .tar.gz, as `bw2io.restore_project_directory` and Activity Browser 3 read it.

    Parameters
    ----------
    inventory, method
        The workbooks of `excel`; they are read by bw2io's own importers, so that the archive is what a receiver would have made.
    method_name
        Name of the method in the project.

    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        (base / "brightway").mkdir()
        os.environ["BRIGHTWAY2_DIR"] = str(base / "brightway")
        (base / "inventory.xlsx").write_bytes(inventory)
        (base / "method.xlsx").write_bytes(method)
        return _archive(base, method_name)


def _archive(base: Path, method_name: tuple[str, ...]) -> bytes:
    import bw2data  # noqa: PLC0415 - see module docstring
    import bw2io  # noqa: PLC0415 - see module docstring

    bw2data.projects.set_current(PROJECT)
    importer = bw2io.ExcelImporter(str(base / "inventory.xlsx"))
    importer.apply_strategies(verbose=False)
    importer.write_database(activate_parameters=True)
    factors = bw2io.ExcelLCIAImporter(str(base / "method.xlsx"), method_name, "as exported from AnodePrint", "kg CO2e")
    factors.apply_strategies(verbose=False)
    factors.write_methods(verbose=False)
    written = bw2io.backup_project_directory(PROJECT, timestamp=False, dir_backup=base)
    return Path(written).read_bytes()
