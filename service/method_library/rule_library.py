"""What standards demand of a footprint, rule by rule, and which of it the program can check by itself."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from sqlmodel import Session

from lca_models.methods.exemption import LIMIT
from service.footprints.methods import Methods, methods_of
from service.footprints.models import FootprintRecord
from service.footprints.rechecking import compare

MASS_TOLERANCE: Final = 0.05
CARBON_TOLERANCE: Final = 0.02
YEAR_DAYS: Final = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodRule:
    """One demand of a standard.

    Attributes
    ----------
    check
        Key of the check that the program makes; empty where people find.
    is_text_verified
        Whether the wording was compared with the bought text of the standard.

    """

    key: str
    standard: str
    clause: str
    demands_zh: str
    demands_en: str
    check: str
    is_text_verified: bool

    def demands(self, locale: str) -> str:
        """Return what it demands in a reader's language."""
        return self.demands_zh if locale.startswith("zh") else self.demands_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What checks look at: a record with its methods, calculated anew."""

    record: FootprintRecord
    methods: Methods
    agrees: bool


@lru_cache(maxsize=1)
def rules() -> Mapping[str, MethodRule]:
    """Return all rules by key; a check that the program does not know is refused.

    Raises
    ------
    KeyError
        For a row whose check has no function.

    """
    text = (files("service.method_library") / "data" / "rules.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(io.StringIO(text), strict=True):
        is_verified = {"yes": True, "no": False}[row.pop("is_text_verified")]
        rule = MethodRule(**row, is_text_verified=is_verified)
        if rule.check:
            CHECKS[rule.check]
        found[rule.key] = rule
    return found


def facts_of(session: Session, record: FootprintRecord) -> Facts:
    """Return what the checks need of a record; it is calculated again and replayed by Brightway."""
    return Facts(record=record, methods=methods_of(session, record), agrees=compare(session, record).agrees)


def _period_is_a_year(facts: Facts) -> bool:
    return (facts.record.period_end - facts.record.period_start).days + 1 >= YEAR_DAYS


def _gwp_is_newest(facts: Facts) -> bool:
    return bool(facts.record.result["gwp"] == "AR6")


def _exemptions_are_small(facts: Facts) -> bool:
    return facts.methods.exempted_share <= LIMIT


def _masses_close(facts: Facts) -> bool:
    return all(abs(one.closure - 1.0) <= MASS_TOLERANCE for one in facts.methods.mass_balances)


def _carbon_closes(facts: Facts) -> bool:
    closure = facts.methods.carbon_closure
    return closure is not None and abs(closure - 1.0) <= CARBON_TOLERANCE


def _allocation_is_recorded(facts: Facts) -> bool:
    return all(one.is_default or one.chosen for one in facts.methods.decisions)


def _quality_is_rated(facts: Facts) -> bool:
    return all(facts.methods.data_quality.get(name) is not None for name in ("technology", "geography", "time"))


def _recalculates(facts: Facts) -> bool:
    return facts.agrees


def _nothing_is_in_the_way(facts: Facts) -> bool:
    return not facts.methods.obstacles


CHECKS: Final[Mapping[str, Callable[[Facts], bool]]] = {
    "period_is_a_year": _period_is_a_year,
    "gwp_is_newest": _gwp_is_newest,
    "exemptions_are_small": _exemptions_are_small,
    "masses_close": _masses_close,
    "carbon_closes": _carbon_closes,
    "allocation_is_recorded": _allocation_is_recorded,
    "quality_is_rated": _quality_is_rated,
    "recalculates": _recalculates,
    "nothing_is_in_the_way": _nothing_is_in_the_way,
}
