"""Processes started from nothing: how long until the first answer, how much memory."""

import http.client
import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlmodel import select

from lca_models.background.bank import Bank
from lca_models.background.sparse_store import write_bank
from lca_models.background.store import MULTIPLIERS, OUTPUTS, seal, write_array
from service.accounts.access import session_cookie
from service.bench.calculation_worker import DRAWS, INTERFACE_FILE, SEED
from service.bench.http import serving
from service.bench.large_background import Prepared
from service.bench.report import Figure, Goal
from service.bench.stage import sample_database, signed_in, sqlite_settings
from service.footprints.models import FootprintRecord
from service.settings import Settings

FIRST_ANSWER: Final = Goal(floor=4.0, target=4.0, more_is_better=False)
MEMORY: Final = Goal(floor=250, target=250, more_is_better=False)
MEMORY_WITH_BACKGROUND: Final = Goal(floor=400, target=400, more_is_better=False)
STARTS: Final = 3
"""The best one counts."""


def measure_fresh_processes(prepared: Prepared) -> Iterator[Figure]:
    """Start a calculation worker without and with a background, the command line, and the server."""
    bare = _worker()
    with tempfile.TemporaryDirectory(prefix="anodeprint-bench-") as folder:
        _store(prepared, Path(folder))
        linked = _worker(folder)
    size = prepared.background.size
    yield Figure(
        name="calculation worker, first footprint checked and explained", value=bare["first_s"], unit="s", goal=FIRST_ANSWER
    )
    yield Figure(name="anodeprint model calculate, whole command", value=_command(), unit="s", goal=FIRST_ANSWER)
    yield Figure(name="anodeprint serve, until the first footprint is answered", value=_server(), unit="s", goal=FIRST_ANSWER)
    yield Figure(name="calculation worker, peak memory", value=bare["peak_mib"], unit="MiB", goal=MEMORY)
    name = f"the same with a background of {size:,} activities"
    yield Figure(name=name, value=linked["peak_mib"], unit="MiB", goal=MEMORY_WITH_BACKGROUND)


def _store(prepared: Prepared, folder: Path) -> None:
    """Keep the background as an import keeps it, with a bank of draws, and beside it what the model buys from it."""
    interface, background = prepared.interface, prepared.background
    write_array(folder, MULTIPLIERS, prepared.vectors)
    write_array(folder, OUTPUTS, background.technosphere.diagonal())
    seal(folder, {"name": "synthetic", "activities": background.size})
    draws = np.tile(prepared.total[interface.products], (DRAWS, 1))
    write_bank(folder, Bank(kg_co2e_per_unit=draws, products=interface.products, seed=SEED, seconds=0.0))
    words = {
        "parameters": interface.parameters,
        "products": interface.products.tolist(),
        "conversions": interface.conversions.tolist(),
    }
    (folder / INTERFACE_FILE).write_text(json.dumps(words))


def _worker(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "service.bench.calculation_worker", *arguments]
    runs: list[dict[str, Any]] = [json.loads(_output(command)) for _ in range(STARTS)]
    return {name: min(run[name] for run in runs) for name in runs[0]}


def _command() -> float:
    command = [sys.executable, "-m", "service.cli", "model", "calculate", "--json"]
    return min(_timed(command) for _ in range(STARTS))


def _timed(command: Sequence[str]) -> float:
    began = time.perf_counter()
    _output(command)
    return time.perf_counter() - began


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout  # noqa: S603 - our own words


def _server() -> float:
    with sqlite_settings() as settings:
        with sample_database(settings) as database, database.writing() as session:
            token = signed_in(session)
            footprint_id = session.exec(select(FootprintRecord.id).limit(1)).one()
        return min(_first_answer(settings, token, footprint_id) for _ in range(STARTS))


def _first_answer(settings: Settings, token: str, footprint_id: uuid.UUID) -> float:
    began = time.perf_counter()
    with serving(settings, workers=1) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        cookie = {"Cookie": f"{session_cookie(settings)}={token}"}
        connection.request("GET", f"/api/v1/footprints/{footprint_id}", headers=cookie)
        answer = connection.getresponse()
        answer.read()
        took = time.perf_counter() - began
        connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"the footprint was answered with status {answer.status}")
    return took
