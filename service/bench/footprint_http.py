"""A footprint with its contributions asked for over HTTP, beside what plain Brightway takes to calculate it."""

import http.client
import json
import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from sqlmodel import Session, select

from lca_models.batch import BatchResult, calculate_batch
from lca_models.emissions import GwpSet
from lca_models.matrices import compile_matrices
from lca_models.oracle import brightway_scores
from service.accounts.access import session_cookie
from service.bench.comparisons import Comparison, Reach, largest_relative_difference
from service.bench.foreground import best_seconds
from service.bench.http import ROUNDS, SETTLING_S, request, serving
from service.bench.load import Load, apply_load, best_of
from service.bench.stage import Stage, set_up, sqlite_settings
from service.database import open_database
from service.footprints.models import FootprintRecord
from service.modelling.queries import model_of
from service.settings import Settings

CONNECTIONS: Final = 8
REPEATED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One stored footprint, as the model calculates it anew."""

    id: uuid.UUID
    batch: BatchResult


def http_footprint(*, seconds: float, settling_s: float = SETTLING_S) -> Comparison:
    """Ask for stored footprints, as an engineer: result, contributions, inputs and where they come from.

    Parameters
    ----------
    seconds
        Length of one measurement; the best of three counts.

    """
    with sqlite_settings() as settings:
        stage = set_up(settings)
        records = _records(settings)
        with serving(settings) as port:
            time.sleep(settling_s)
            answers = [_answer(port, stage, one.id) for one in records]
            load = _load(port, stage, records, seconds=seconds)
    theirs = _seconds_of_brightway(records)
    count = max(1, round(load.per_s * seconds))
    return Comparison(
        case="http_footprint",
        n=count,
        ours_s=count / load.per_s if load.per_s else float("inf"),
        theirs_s=theirs * count,
        theirs_n=REPEATED * len(records),
        theirs="a new bw2calc.LCA for each, without HTTP",
        max_relative_difference=max(_difference(answer, one) for answer, one in zip(answers, records, strict=True)),
        reach=Reach(per_s=400, p99_ms=60),
        per_s=load.per_s,
        p99_ms=load.p99_ms,
        errors=load.errors,
    )


def _records(settings: Settings) -> Sequence[Asked]:
    database = open_database(settings.effective_database_url)
    try:
        with database.reading() as session:
            return [_asked(session, record) for record in session.exec(select(FootprintRecord)).all()]
    finally:
        database.close()


def _asked(session: Session, record: FootprintRecord) -> Asked:
    result: dict[str, Any] = record.result
    batch = calculate_batch(
        model_of(session, result["content_hash"]),
        {name: result["parameters"][name] for name in result["given"]},
        electricity=result["electricity_view"]["key"],
        gwp=GwpSet(result["gwp"]),
    )
    return Asked(id=record.id, batch=batch)


def _answer(port: int, stage: Stage, record_id: uuid.UUID) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        cookie = {"Cookie": f"{session_cookie(stage.settings)}={stage.staff}"}
        connection.request("GET", _path(record_id), headers=cookie)
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer
    finally:
        connection.close()


def _path(record_id: uuid.UUID) -> str:
    return f"/api/v1/footprints/{record_id}"


def _load(port: int, stage: Stage, records: Sequence[Asked], *, seconds: float) -> Load:
    drawn = random.Random(1)  # noqa: S311 - which rows to read
    cookie = f"Cookie: {session_cookie(stage.settings)}={stage.staff}\r\n"
    questions = [request("GET", _path(one.id), cookie) for one in records]
    return best_of(
        [
            apply_load(port, lambda _: drawn.choice(questions), expected=frozenset({200}), connections=CONNECTIONS, seconds=seconds)
            for _ in range(ROUNDS)
        ]
    )


def _seconds_of_brightway(records: Sequence[Asked]) -> float:
    """Return the time of one calculation, packages made anew: the quickest of each record, the mean of all."""
    quickest = [best_seconds(partial(_by_brightway, one), runs=REPEATED) for one in records]
    return sum(quickest) / len(quickest)


def _by_brightway(asked: Asked, _: int) -> None:
    brightway_scores(compile_matrices(asked.batch))


def _difference(answer: dict[str, Any], asked: Asked) -> float:
    """Compare the total, and what the contributions sum to, with Brightway's score."""
    score = float(brightway_scores(compile_matrices(asked.batch))[0] - asked.batch.uptake_kg_co2e[0])
    by_process = answer["inputs"]["result"]["by_process"]
    sums = (answer["total_kg_co2e_per_kg"], sum(answer["by_stage"].values()), sum(by_process.values()))
    return largest_relative_difference(np.array(sums), np.full(len(sums), score))
