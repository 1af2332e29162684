"""Method versions with plausible choices."""

import itertools
from datetime import UTC, date, datetime

from sqlmodel import Session

from service.method_library import operations
from service.method_library.models import AccountingMethod
from service.method_library.schemas import MethodInput

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ENGINEER = "user:01999999-0000-7000-8000-0000000000e1"
REVIEWER = "user:01999999-0000-7000-8000-0000000000e2"
_numbers = itertools.count(1)


def method_input(**changes: object) -> MethodInput:
    """Return the form of a method with the model's own choices."""
    given = {
        "label": f"AP-PCF {next(_numbers)}.0",
        "standard": "GB/T 24067",
        "edition": "2024",
        "valid_from": date(2026, 1, 1),
        "gwp": "AR6",
        "electricity": "national",
        "packing_coke_allocation": "subdivision",
        "fines_allocation": "cut_off",
        "petroleum_coke": "default",
        "coal_tar_pitch": "default",
    }
    return MethodInput.model_validate({**given, **changes})


def a_method(session: Session, **changes: object) -> AccountingMethod:
    """Return a method version that a second person has released."""
    method = operations.add_method(session, method_input(**changes), by=ENGINEER, at=NOW)
    return operations.release_method(session, method.id, version=method.version, by=REVIEWER, at=NOW)
