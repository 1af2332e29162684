"""Backgrounds in a database, with their files."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from lca_models.background.inventory import compile_inventory
from lca_models.background.sparse_store import write_background
from lca_models.background.store import MANIFEST, file_sha256
from lca_models.model import load_model
from service.backgrounds.files import ImportedFiles, folder_of
from service.backgrounds.models import Background
from service.backgrounds.operations import add_background, set_enabled, set_factor
from service.database import new_id
from tests.lca_models.background import formats

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BY = "user:01999999-0000-7000-8000-00000000000a"
PITCH = "coal_tar_pitch_kg_co2e_per_kg"
POWER, BAR = 0, 1


def a_background(
    session: Session, *, data_dir: Path, name: str = "mine", licence: str = "own data", nodes: list[dict[str, Any]] | None = None
) -> Background:
    """Add the small system of `formats` as if it had been imported: bar 1.596 fossil + 0.3 biogenic kg CO2e per kg."""
    background_id = new_id()
    folder = folder_of(background_id, data_dir=data_dir)
    folder.mkdir(parents=True)
    inventory = compile_inventory(nodes or formats.nodes(), emission_flows=load_model().emission_flows)
    facts = {"name": name, "licence": licence, "importer": {"format": "brightway"}}
    manifest = write_background(folder, inventory, facts=facts)
    files = ImportedFiles(
        background_id=background_id,
        name=name,
        licence=licence,
        manifest=manifest,
        manifest_sha256=file_sha256(folder / MANIFEST),
    )
    return add_background(session, files, by=BY, at=NOW)


def an_enabled_background(session: Session, *, data_dir: Path, name: str = "mine", licence: str = "own data") -> Background:
    """Add a background that gives the pitch factor from the bar, and put it into use."""
    background = a_background(session, data_dir=data_dir, name=name, licence=licence)
    set_factor(session, background, parameter=PITCH, activity=BAR, model=load_model(), data_dir=data_dir, by=BY, at=NOW)
    return set_enabled(session, background, is_enabled=True, version=background.version, by=BY, at=NOW)
