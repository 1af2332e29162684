import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.sandbox import LimitedPool, LimitExceededError, Limits, TaskFailedError, run_limited
from service.sandbox.errors import ChildDiedError
from tests.sandbox import tasks

MIB = 1024 * 1024
LIMITS = Limits(seconds=5, memory_bytes=512 * MIB)


@pytest.fixture(scope="module")
def pool() -> Iterator[LimitedPool]:
    with LimitedPool(limits=LIMITS, workers=1) as pool:
        yield pool


def test_a_function_answers_with_json_or_bytes(pool: LimitedPool) -> None:
    assert pool.run(tasks.double, 21.0) == 42.0
    assert pool.run(tasks.shout, "yield 收率") == "YIELD 收率".encode()


def test_a_single_call_needs_no_pool() -> None:
    assert run_limited(tasks.double, 4, seconds=5, memory_bytes=512 * MIB) == 8


def test_an_error_comes_back_with_its_class_and_message(pool: LimitedPool) -> None:
    with pytest.raises(TaskFailedError, match="row 3") as caught:
        pool.run(tasks.fail, "row 3 has no unit")

    assert caught.value.error_type == "ValueError"
    assert pool.run(tasks.double, 1) == 2


def test_an_answer_that_is_not_json_is_an_error_of_the_task(pool: LimitedPool) -> None:
    with pytest.raises(TaskFailedError, match="not JSON serializable"):
        pool.run(tasks.answer_with, "x")


def test_a_task_that_waits_too_long_is_ended_on_time() -> None:
    with LimitedPool(limits=Limits(seconds=0.5, memory_bytes=512 * MIB), workers=1) as pool:
        pool.run(tasks.double, 1)
        begun = time.monotonic()
        with pytest.raises(LimitExceededError, match=r"longer than the 0\.5 s") as caught:
            pool.run(tasks.sleep, 60)

        assert caught.value.limit == "time"
        assert time.monotonic() - begun < 5
        assert pool.run(tasks.double, 1) == 2


def test_the_system_ends_a_task_that_burns_its_cpu_time() -> None:
    with LimitedPool(limits=Limits(seconds=60, memory_bytes=512 * MIB), workers=1) as pool:
        begun = time.monotonic()
        with pytest.raises(LimitExceededError) as caught:
            pool.run(tasks.burn_cpu_with_one_second_left)

    assert caught.value.limit == "time"
    assert time.monotonic() - begun < 30


def test_a_task_that_wants_too_much_memory_is_refused(pool: LimitedPool) -> None:
    with pytest.raises(LimitExceededError, match="512 MiB") as caught:
        pool.run(tasks.fill_memory, 2048 * MIB)

    assert caught.value.limit == "memory"


def test_an_answer_that_is_too_large_is_refused() -> None:
    limits = Limits(seconds=5, memory_bytes=512 * MIB, answer_bytes=MIB)
    with LimitedPool(limits=limits, workers=1) as pool, pytest.raises(LimitExceededError, match="1 MiB"):
        pool.run(tasks.large_answer, 2 * MIB)


def test_a_crash_in_a_library_ends_the_child_not_the_service(pool: LimitedPool) -> None:
    with pytest.raises(ChildDiedError, match="-11"):
        pool.run(tasks.crash)

    assert pool.run(tasks.double, 1) == 2


def test_a_child_reaches_neither_network_nor_other_programs(pool: LimitedPool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(TaskFailedError, match="not allowed"):
            pool.run(tasks.connect, server.getsockname()[1])
        server.settimeout(0.05)
        with pytest.raises(TimeoutError):
            server.accept()
    with pytest.raises(TaskFailedError, match="not allowed"):
        pool.run(tasks.run_program)


def test_a_child_does_not_see_the_secrets_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANODEPRINT_SECRET_KEY", "canary-4711")
    with LimitedPool(limits=LIMITS, workers=1, environment={"SOURCE_DATE_EPOCH": "0"}) as pool:
        seen = pool.run(tasks.environment)

    assert "canary-4711" not in seen.values()
    assert seen["SOURCE_DATE_EPOCH"] == "0"


def test_a_child_is_replaced_after_its_share_of_tasks() -> None:
    with LimitedPool(limits=LIMITS, workers=1, tasks_per_child=2) as pool:
        first, second, third = (pool.run(tasks.process_id) for _ in range(3))

    assert first == second
    assert third != first


def test_a_child_that_cannot_start_says_why() -> None:
    pool = LimitedPool(limits=LIMITS, workers=1, preload=("service.no_such_module",))

    with pytest.raises(ChildDiedError, match="no_such_module"):
        pool.run(tasks.double, 1)


def test_threads_share_the_children_and_each_gets_its_own_answer() -> None:
    with LimitedPool(limits=LIMITS, workers=2) as pool, ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda n: pool.run(tasks.double, n), range(40))) == [2 * n for n in range(40)]


def test_a_closed_pool_says_so() -> None:
    pool = LimitedPool(limits=LIMITS, workers=1)
    pool.close()

    with pytest.raises(RuntimeError, match="closed"):
        pool.run(tasks.double, 1)
