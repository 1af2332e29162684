"""Every audit event becomes a leaf of the log; that rests on there being one way only to make one."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKES_EVENTS = re.compile(
    r"AuditEvent\(|insert\(\s*AuditEvent|INSERT\s+INTO\s+\"?audit_(event|leaf)|bulk_(save|insert)", re.IGNORECASE
)


def test_events_are_made_in_one_place_only() -> None:
    sources = [path for package in ("service", "supplier_portal") for path in sorted((ROOT / package).rglob("*.py"))]

    found = {path.relative_to(ROOT).as_posix() for path in sources if MAKES_EVENTS.search(path.read_text(encoding="utf-8"))}

    assert found == {
        "service/audit/models.py",  # the class itself
        "service/audit/operations.py",  # makes them
        "service/migrations/versions/0007_log_and_guards.py",  # leaves of the events before there was a log
    }
