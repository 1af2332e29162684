from service.jobs.operations import enqueue
from service.jobs.performing import Bench


class Calendar:
    """Asks for each regular task once an hour or a day, whoever asks first; the key keeps the others from asking again."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._asked_in = ""

    def turn(self) -> None:
        """Ask for the tasks of this hour and day if that was not done yet."""
        at = self._bench.clock()
        hour = f"{at:%Y-%m-%dT%H}"
        if self._asked_in == hour:
            return
        with self._bench.database.writing() as session:
            for name in self._bench.daily:
                enqueue(session, name, {}, key=f"{name}:{at:%Y-%m-%d}", run_at=at)
            for name in self._bench.hourly:
                enqueue(session, name, {}, key=f"{name}:{hour}", run_at=at)
        self._asked_in = hour
