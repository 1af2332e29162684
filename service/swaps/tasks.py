"""Background work of swaps."""

import uuid
from dataclasses import dataclass

from sqlmodel import Session

from service.backgrounds.queries import draws_of_factors
from service.clock import day_at
from service.errors import N_, ServiceError
from service.footprints.operations import UnforeseenError
from service.footprints.uncertainty import Draws
from service.green_score.published import Disclosure
from service.jobs.work import Work
from service.products.queries import get_product
from service.swaps import operations, queries
from service.swaps.desk import Desk, prepare
from service.swaps.outcomes import Scores
from service.swaps.search import Found, Picked, combinations_of, search
from service.swaps.spread import Spread


class _StoppedError(Exception):
    """Somebody has stopped the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What a run needs of the database."""

    desk: Desk
    picked: Picked
    with_halves: bool
    scores: Scores
    backgrounds: Draws


def explore_swaps(work: Work) -> None:
    """Try every combination of a run; a run ends even if the last try fails."""
    swap_run_id = uuid.UUID(work.payload["swap_run_id"])

    def break_off(session: Session) -> None:
        unforeseen = UnforeseenError(N_("The search broke off because of an unexpected error on our side."))
        operations.end_run(session, swap_run_id, problem=unforeseen, at=work.clock())

    with work.noting_last_failure(break_off):
        try:
            found = _search(work, swap_run_id)
        except _StoppedError:
            _end(work, swap_run_id, None)
        except ServiceError as error:
            _end(work, swap_run_id, error)
        else:
            with work.finishing() as session:
                operations.finish_run(session, swap_run_id, found, at=work.clock())


def _search(work: Work, swap_run_id: uuid.UUID) -> Found:
    with work.database.reading() as session:
        asked = _question(session, swap_run_id, work)

    def report(done: int) -> None:
        with work.database.writing() as session:
            if operations.note_progress(session, swap_run_id, done=done):
                raise _StoppedError

    report(0)
    combinations = combinations_of(asked.desk, asked.picked, with_halves=asked.with_halves)
    spread = Spread(overlays=asked.desk.overlays, backgrounds=asked.backgrounds)
    return search(asked.desk, combinations, asked.scores, spread, report=report)


def _question(session: Session, swap_run_id: uuid.UUID, work: Work) -> _Question:
    run = queries.get_run(session, swap_run_id)
    product = get_product(session, run.product_id)
    disclosure = Disclosure.EXACT if run.is_exact else Disclosure.ROUNDED
    period = (run.period_start, run.period_end)
    on = day_at(run.started_at, work.settings.timezone)
    desk = prepare(session, product, period=period, disclosure=disclosure, on=on)
    session.expunge(product)  # read after the transaction
    return _Question(
        desk=desk,
        picked={flow: [uuid.UUID(one) for one in suppliers] for flow, suppliers in run.choices.items()},
        with_halves=run.with_halves,
        scores=queries.scores(session, desk.candidates, disclosure=disclosure),
        backgrounds=draws_of_factors(session),
    )


def _end(work: Work, swap_run_id: uuid.UUID, problem: ServiceError | None) -> None:
    with work.finishing() as session:
        operations.end_run(session, swap_run_id, problem=problem, at=work.clock())
