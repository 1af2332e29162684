"""The sheets and columns of an allocation workbook: read by their keys, Chinese names or both, written with both."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    SHARE = "share"
    YES_NO = "yes_no"
    MODE = "mode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column, or one key of the sheet of rules.

    Attributes
    ----------
    is_required
        Whether an empty cell is an error; elsewhere it means the default of the field in `lines`.

    """

    key: str
    zh: str
    kind: Kind = Kind.NUMBER
    is_required: bool = False

    @property
    def header(self) -> str:
        """Both names, as they are written."""
        return f"{self.zh} {self.key}"


OFFERS: Final = (
    Column(key="supplier", zh="供应商", kind=Kind.TEXT, is_required=True),
    Column(key="material", zh="物料", kind=Kind.TEXT, is_required=True),
    Column(key="price_per_t", zh="到厂单价（元/吨，不含税）", is_required=True),
    Column(key="kg_co2e_per_t", zh="碳足迹（千克二氧化碳当量/吨）", is_required=True),
    Column(key="capacity_t", zh="产能（吨）"),
    Column(key="moq_t", zh="最小订货量（吨）"),
    Column(key="fixed_cost", zh="固定费用（元）"),
    Column(key="max_share", zh="最高份额", kind=Kind.SHARE),
    Column(key="defect_share", zh="不良率", kind=Kind.SHARE),
    Column(key="green_score", zh="绿色评分"),
    Column(key="min_take_t", zh="合同最低提货量（吨）"),
    Column(key="price_preference", zh="价格优惠比例", kind=Kind.SHARE),
    Column(key="is_vetoed", zh="一票否决", kind=Kind.YES_NO),
)
DEMANDS: Final = (
    Column(key="material", zh="物料", kind=Kind.TEXT, is_required=True),
    Column(key="demand_t", zh="需求量（吨）", is_required=True),
    Column(key="min_suppliers", zh="最少供应商数", kind=Kind.WHOLE),
    Column(key="max_suppliers", zh="最多供应商数", kind=Kind.WHOLE),
    Column(key="max_defect_share", zh="平均不良率上限", kind=Kind.SHARE),
    Column(key="min_green_score", zh="平均绿色评分下限"),
)
SUPPLIERS: Final = (
    Column(key="supplier", zh="供应商", kind=Kind.TEXT, is_required=True),
    Column(key="capacity_t", zh="总产能（吨）"),
    Column(key="owner_group", zh="所属集团", kind=Kind.TEXT),
    Column(key="is_new", zh="新供应商", kind=Kind.YES_NO),
)
RULE_COLUMNS: Final = (
    Column(key="key", zh="规则", kind=Kind.TEXT, is_required=True),
    Column(key="value", zh="值", kind=Kind.TEXT),
)
RULES: Final = (
    Column(key="carbon_price_per_t", zh="碳价（元/吨二氧化碳当量）"),
    Column(key="carbon_cap_t", zh="碳排放上限（吨二氧化碳当量）"),
    Column(key="gap", zh="允许偏差", kind=Kind.SHARE),
    Column(key="time_limit_s", zh="时限（秒）"),
    Column(key="defect_cost_per_t", zh="不良品成本（元/吨）"),
    Column(key="min_order_share", zh="最小订货份额", kind=Kind.SHARE),
    Column(key="max_new_suppliers", zh="新供应商数上限", kind=Kind.WHOLE),
    Column(key="max_owner_group_share", zh="同一集团最高份额", kind=Kind.SHARE),
    Column(key="bid_mode", zh="比价方式", kind=Kind.MODE),
)
SHEETS: Final[Mapping[str, tuple[Column, ...]]] = {
    "offers": OFFERS,
    "demands": DEMANDS,
    "rules": RULE_COLUMNS,
    "suppliers": SUPPLIERS,
}
SHEET_NAMES_ZH: Final[Mapping[str, str]] = {
    "offers": "报价",
    "demands": "需求",
    "rules": "规则",
    "suppliers": "供应商",
    "summary": "汇总",
    "allocations": "分配",
    "front": "成本与碳排放",
    "blocking_rules": "受阻规则",
}
RESULT_SHEETS: Final = ("summary", "allocations", "front", "blocking_rules")
"""Written with an answer, and passed over when the same file is read again."""
NEEDED_SHEETS: Final = ("offers", "demands")
NOTE_COLUMNS: Final = frozenset({"note", "notes", "comment", "备注", "说明"})
"""For people; nothing reads them."""


def sheet_title(key: str) -> str:
    """Return a sheet's name in both languages."""
    return f"{SHEET_NAMES_ZH[key]} {key}"


def find_sheet(title: str) -> str | None:
    """Return the key of a sheet by its name in one or both languages."""
    return _find(title, SHEET_NAMES_ZH)


def find_column(header: str, columns: tuple[Column, ...]) -> Column | None:
    """Return the column by its name in one or both languages."""
    key = _find(header, {column.key: column.zh for column in columns})
    return next((column for column in columns if column.key == key), None)


def plain(text: str) -> str:
    """Return a text as names are compared: in lower case, full-width signs as half-width ones."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def _find(text: str, zh_by_key: Mapping[str, str]) -> str | None:
    wanted = plain(text)
    for key, zh in zh_by_key.items():
        if wanted in {key, plain(zh), plain(f"{zh} {key}")}:
            return key
    return None
