from datetime import timedelta

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after a failed attempt: 5 s, then four times as long each time, at most an hour."""
    factor: int = 4 ** (attempts - 1)
    return min(FIRST_PAUSE * factor, LONGEST_PAUSE)


def is_last(attempt: int) -> bool:
    """Tell whether no further attempt follows this one; the first is number 1."""
    return attempt >= MAX_ATTEMPTS
