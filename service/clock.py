from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def day_at(instant: datetime, timezone: str) -> date:
    """Return the day that an instant belongs to where the deployment is."""
    return instant.astimezone(ZoneInfo(timezone)).date()
