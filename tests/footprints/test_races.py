import threading
import uuid
from collections.abc import Callable

from sqlmodel import select

from service.database import Database
from service.errors import ConflictError
from service.footprints.models import FootprintRecord, FootprintStatus
from service.footprints.operations import release
from service.footprints.queries import get_record
from service.products.queries import get_product
from tests.builders import NOW, a_product
from tests.footprints.builders import a_record


def together(*actions: Callable[[], None]) -> list[Exception]:
    """Run the actions at the same time and return what they raised."""
    start, raised = threading.Barrier(len(actions)), list[Exception]()

    def run(action: Callable[[], None]) -> None:
        start.wait()
        try:
            action()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            raised.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def releasing(database: Database, record_id: uuid.UUID, by: str) -> Callable[[], None]:
    def act() -> None:
        with database.writing() as session:
            release(session, get_record(session, record_id), version=1, by=by, at=NOW)

    return act


def test_of_two_people_who_release_a_record_at_once_one_succeeds(database: Database) -> None:
    with database.writing() as session:
        record = a_record(session, a_product(session))

    raised = together(*(releasing(database, record.id, f"user:{name}") for name in ("a", "b", "c")))

    assert len(raised) == 2
    assert all(isinstance(error, ConflictError) for error in raised)
    with database.reading() as session:
        assert get_record(session, record.id).version == 2


def test_of_two_records_released_at_once_one_is_left_released(database: Database) -> None:
    with database.writing() as session:
        product = a_product(session)
        first = a_record(session, product)
        product.recipe = {"milling_electricity_kwh_per_kg": 1.5}
        second = a_record(session, product)

    together(releasing(database, first.id, "user:a"), releasing(database, second.id, "user:b"))

    with database.reading() as session:
        released = session.exec(select(FootprintRecord).where(FootprintRecord.status == FootprintStatus.RELEASED)).all()
        assert len(released) == 1


def test_the_same_product_calculated_by_several_at_once_is_one_record_and_numbers_are_unique(database: Database) -> None:
    with database.writing() as session:
        ids = [a_product(session).id for _ in range(2)]

    def calculating(product_id: uuid.UUID) -> Callable[[], None]:
        def act() -> None:
            with database.writing() as session:
                a_record(session, get_product(session, product_id))

        return act

    raised = together(*(calculating(product_id) for product_id in ids * 3))

    assert raised == []
    with database.reading() as session:
        records = session.exec(select(FootprintRecord)).all()
        assert sorted(record.number for record in records) == ["F-2026-0001", "F-2026-0002"]
        assert {record.product_id for record in records} == set(ids)
