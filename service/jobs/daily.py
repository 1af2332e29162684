from datetime import date

from service.jobs.operations import enqueue
from service.jobs.performing import Bench


class Calendar:
    """Asks for each daily task once a day, whoever asks first; the key keeps the others from asking again."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._asked_on: date | None = None

    def turn(self) -> None:
        """Ask for today's tasks if that was not done yet."""
        at = self._bench.clock()
        if self._asked_on == at.date():
            return
        with self._bench.database.writing() as session:
            for name in self._bench.daily:
                enqueue(session, name, {}, key=f"{name}:{at:%Y-%m-%d}", run_at=at)
        self._asked_on = at.date()
