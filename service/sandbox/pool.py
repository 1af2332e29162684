import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Self

from service.sandbox.process import ChildProcess, Limits


def run_limited(function: Callable[..., Any], *arguments: Any, seconds: float, memory_bytes: int) -> Any:  # noqa: ANN401 -- whatever the function takes and answers
    """Call a module-level function with picklable arguments in a fresh child process; return its answer (bytes or JSON).

    For rare work; keep a `LimitedPool` for frequent work, because a start costs about 0.2 s plus the function's imports.

    Raises
    ------
    LimitExceededError
        If the time or the memory did not suffice.
    TaskFailedError
        If the function raised.
    ChildDiedError
        If the child ended without an answer, as a crash in a C library makes it.

    """
    limits = Limits(seconds=seconds, memory_bytes=memory_bytes)
    with LimitedPool(limits=limits, workers=1, preload=(function.__module__,)) as pool:
        return pool.run(function, *arguments)


class LimitedPool:
    """Child processes kept warm for one kind of work; used from any thread. They start when first needed.

    Parameters
    ----------
    preload
        Modules that a child imports before its first task; this does not count against the limits.
    environment
        Variables of the children beside the few that every child gets.
    tasks_per_child
        After so many tasks a child is replaced, so that a leak in a library stays small.

    """

    def __init__(
        self,
        *,
        limits: Limits,
        workers: int,
        preload: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
        tasks_per_child: int = 200,
    ) -> None:
        self._limits = limits
        self._preload = preload
        self._environment = dict(environment or {})
        self._tasks_per_child = tasks_per_child
        self._closed = threading.Event()
        self._places: queue.SimpleQueue[ChildProcess | None] = queue.SimpleQueue()
        for _ in range(workers):
            self._places.put(None)

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401 -- as run_limited
        """Call a module-level function in a child, as `run_limited`; wait while all children are busy."""
        return self.run_named(f"{function.__module__}:{function.__qualname__}", *arguments)

    def run_named(self, function: str, *arguments: Any) -> Any:  # noqa: ANN401 -- as run_limited
        """Call a function given as `module:name`, so that only the child imports it."""
        with self._borrowed_child() as child:
            return child.call(function, arguments)

    def close(self) -> None:
        """End the idle children; a busy one ends after its task."""
        self._closed.set()
        with suppress(queue.Empty):
            while True:
                child = self._places.get_nowait()
                if child:
                    child.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _borrowed_child(self) -> Iterator[ChildProcess]:
        if self._closed.is_set():
            raise RuntimeError("this pool has been closed")
        child = self._places.get()
        try:
            child = child or ChildProcess(limits=self._limits, preload=self._preload, environment=self._environment)
            yield child
        finally:
            self._places.put(self._kept(child))

    def _kept(self, child: ChildProcess | None) -> ChildProcess | None:
        if child and (child.broken or child.tasks >= self._tasks_per_child or self._closed.is_set()):
            child.end()
            return None
        return child
