from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from service.database import Database
from service.footprints.models import FootprintRecord
from service.footprints.operations import NothingToRecalculateError, count_failed, recalculate_one, start_batch
from service.footprints.queries import get_batch
from service.jobs.models import Job
from tests.builders import NOW, PERIOD, a_product, a_supplier
from tests.footprints.builders import TOLL_ANSWERS, a_toll_product, an_accepted_submission


def test_a_batch_asks_for_one_job_per_product_in_use(session: Session) -> None:
    products = [a_product(session) for _ in range(3)]
    products[0].is_active = False
    session.flush()

    batch = start_batch(session, period_start=PERIOD[0], period_end=PERIOD[1], by="user:a", at=NOW)

    assert (batch.total, batch.done) == (2, 0)
    assert {job.payload["product_id"] for job in session.exec(select(Job))} == {str(product.id) for product in products[1:]}


def test_a_product_that_can_not_be_calculated_is_listed_and_stops_no_other(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier, {**TOLL_ANSWERS, "furnace_electricity": 123_500_000.0})
    bad, good = a_toll_product(session, a_product(session, grade="AG-BAD"), supplier), a_product(session)
    batch = start_batch(session, period_start=PERIOD[0], period_end=PERIOD[1], by="user:a", at=NOW)

    for product in (bad, good):
        recalculate_one(session, batch.id, product.id, at=NOW)

    assert (batch.done, batch.finished_at) == (2, NOW)
    assert [(problem["grade"], problem["values"]["value"]) for problem in batch.problems] == [("AG-BAD", "130.3")]
    assert [record.product_id for record in session.exec(select(FootprintRecord))] == [good.id]


def test_a_product_that_broke_for_an_unknown_reason_still_ends_the_batch(session: Session) -> None:
    product = a_product(session, grade="AG-X")
    batch = start_batch(session, period_start=PERIOD[0], period_end=PERIOD[1], by="user:a", at=NOW)

    count_failed(session, batch.id, product.id, at=NOW)

    assert (batch.done, batch.finished_at, batch.problems[0]["grade"]) == (1, NOW, "AG-X")


def test_a_batch_without_products_says_what_to_do(session: Session) -> None:
    with pytest.raises(NothingToRecalculateError, match="Set up a product first"):
        start_batch(session, period_start=PERIOD[0], period_end=PERIOD[1], by="user:a", at=NOW)


def test_the_jobs_of_a_batch_calculate_every_product(database: Database, run_jobs: Callable[[], int]) -> None:
    with database.writing() as session:
        for _ in range(3):
            a_product(session)
        batch = start_batch(session, period_start=PERIOD[0], period_end=PERIOD[1], by="user:a", at=NOW)

    assert run_jobs() == 3

    with database.reading() as session:
        found = get_batch(session, batch.id)
        assert (found.done, found.problems) == (3, [])
        assert len(session.exec(select(FootprintRecord)).all()) == 3
