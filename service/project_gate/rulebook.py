"""The dated table of rules: what was shipped, what was entered since, and which row holds in a province on a day."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Final

from sqlmodel import Session, col, select

from service.project_gate.models import GateRuleVersion
from service.project_gate.rules import CHECKS, RuleRow

EVERYWHERE: Final = "*"


@lru_cache(maxsize=1)
def shipped_rules() -> Sequence[tuple[str, date, RuleRow]]:
    """Return the shipped rows with the province and the first day of each.

    Raises
    ------
    KeyError
        For a row of a rule that has no check.

    """
    text = (files("service.project_gate") / "data" / "rules.csv").read_text(encoding="utf-8")
    return [_shipped(row) for row in csv.DictReader(io.StringIO(text), strict=True)]


def _shipped(row: dict[str, str]) -> tuple[str, date, RuleRow]:
    CHECKS[row["rule"]]
    rule = RuleRow(
        rule=row["rule"],
        limit=float(row["limit_value"]) if row["limit_value"] else None,
        unit=row["unit"],
        classes=tuple(row["classes"].split()),
        source=row["source"],
        source_zh=row["source_zh"],
        confidence=row["confidence"],
        valid_from=row["valid_from"],
    )
    return row["province_code"], date.fromisoformat(row["valid_from"]), rule


def unit_of(rule: str) -> str:
    """Return the unit in which a rule's limit is given."""
    return next(row.unit for _, _, row in shipped_rules() if row.rule == rule)


def rules_in_force(session: Session, *, province_code: str, on: date) -> Sequence[RuleRow]:
    """Return the row of each rule that holds in a province on a day.

    A row of the province goes before one for everywhere; of several the latest holds. Rows entered here hold once another person
    has agreed. A rule that begins later is absent.
    """
    rows = [*shipped_rules(), *_entered(session)]
    found = {}
    for name in CHECKS:
        fitting = [
            (province != EVERYWHERE, start, row)
            for province, start, row in rows
            if row.rule == name and province in {EVERYWHERE, province_code} and start <= on
        ]
        if fitting:
            found[name] = max(fitting, key=lambda one: one[:2])[2]
    return tuple(found.values())


def _entered(session: Session) -> list[tuple[str, date, RuleRow]]:
    """Return the agreed rows that were entered, in the order of entering: of one day the later row holds."""
    query = select(GateRuleVersion).where(col(GateRuleVersion.approved_at).is_not(None))
    return [
        (one.province_code, one.valid_from, row_of(one)) for one in session.exec(query.order_by(col(GateRuleVersion.entered_at)))
    ]


def row_of(version: GateRuleVersion) -> RuleRow:
    """Return an entered row as rules are applied."""
    return RuleRow(
        rule=version.rule,
        limit=version.limit_value,
        unit=unit_of(version.rule),
        classes=tuple(version.classes.split()),
        source=version.source,
        source_zh=version.source,
        confidence="verified" if version.is_verified else "unverified",
        valid_from=version.valid_from.isoformat(),
    )
