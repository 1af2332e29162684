"""Provinces that the model knows an electricity factor for."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from service.i18n import Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province by its code of ISO 3166-2 (`CN-NM`)."""

    code: str
    name_zh: str
    name_en: str

    def name(self, locale: Locale) -> str:
        """Return the name in a language."""
        return self.name_zh if locale == "zh-CN" else self.name_en


@lru_cache
def provinces() -> Mapping[str, Province]:
    """Return the provinces of the model's electricity data by code."""
    table = (files("lca_models") / "data" / "electricity_cn.csv").read_text(encoding="utf-8-sig")
    rows = (row for row in csv.DictReader(table.splitlines()) if row["level"] == "province")
    found = {row["region_code"]: Province(code=row["region_code"], name_zh=row["region_zh"], name_en=row["region"]) for row in rows}
    return dict(sorted(found.items()))


def province_name(code: str | None, locale: Locale) -> str:
    """Return a province's name, or the code itself where the model does not know it; empty for None."""
    province = provinces().get(code or "")
    return province.name(locale) if province else (code or "")
