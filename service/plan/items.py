"""The company's carbon-peak and carbon-neutrality plan of October 2024 as a catalogue: targets, tasks in eight actions, safeguards.

The catalogue says what the plan says and nothing more. What the plan leaves open is listed as such.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Final


class ItemKind(StrEnum):
    """Parts of the plan."""

    TARGET = "target"
    TASK = "task"
    SAFEGUARD = "safeguard"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """One line of the plan.

    Attributes
    ----------
    key
        `target_2025`, `task_05`, `safeguard_1`: as other tables refer to it.
    number
        As the plan counts: the year of a target, 1 to 20 of a task, 1 to 4 of a safeguard.
    path
        Where the console works on it.

    """

    key: str
    kind: ItemKind
    number: int
    name_zh: str
    name_en: str
    path: str

    def name(self, locale: str) -> str:
        """Return the name in a reader's language."""
        return self.name_zh if locale.startswith("zh") else self.name_en


_FILE: Final = "items.toml"


@lru_cache(maxsize=1)
def plan_items() -> Mapping[str, PlanItem]:
    """Return the lines of the plan by key, in its order."""
    rows = tomllib.loads((files("service.plan") / "data" / _FILE).read_text(encoding="utf-8"))["items"]
    return {row["key"]: PlanItem(**{**row, "kind": ItemKind(row["kind"])}) for row in rows}


def tasks() -> tuple[PlanItem, ...]:
    """Return the twenty tasks."""
    return tuple(item for item in plan_items().values() if item.kind is ItemKind.TASK)
