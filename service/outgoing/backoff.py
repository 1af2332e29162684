import random
from datetime import datetime, timedelta
from typing import Final

GIVEN_UP_AFTER: Final = timedelta(hours=72)
"""How long a sender of events tries (PACT 3.0, chapter on events)."""
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(hours=6)
_DOUBLINGS: Final = 13
"""5 s doubled so often is beyond the longest pause; more would only make large numbers."""


def next_attempt(attempts: int, since: datetime, at: datetime, *, seed: str) -> datetime | None:
    """Return when to try again after `attempts` failed attempts, or None when 72 hours have passed since the first was due.

    The pauses double from 5 s to 6 h. Each is drawn between its half and its whole, from `seed` and the number of the attempt, so
    that the messages of one outage do not all come back at the same moment. The last attempt lies at the end of the 72 hours.
    """
    given_up_at = since + GIVEN_UP_AFTER
    if at >= given_up_at:
        return None
    whole: timedelta = min(FIRST_PAUSE * int(2 ** min(attempts - 1, _DOUBLINGS)), LONGEST_PAUSE)
    drawn = random.Random(f"{seed}:{attempts}").uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing
    return min(at + whole * drawn, given_up_at)
