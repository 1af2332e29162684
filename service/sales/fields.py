"""The figures that a customer's workbook can be filled with: only what a certificate or the declared footprint publishes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from service.certificates.models import Certificate
from service.errors import N_
from service.exports.facts import DeclaredFacts
from service.settings import Settings

Value = Decimal | date | str


class Unit(StrEnum):
    """How a figure is written."""

    KG_PER_KG = "kgCO2e/kg"
    G_PER_KG = "gCO2e/kg"
    KG_PER_T = "kgCO2e/t"
    T_PER_T = "tCO2e/t"
    PERCENT = "%"
    SHARE = "1"
    TEXT = "text"
    DAY = "yyyy-mm-dd"
    EXCEL_DAY = "excel-date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where values come from.

    Attributes
    ----------
    facts
        Of the declared footprint that the certificate rests on.
    verify_url
        Of the certificate's public page.

    """

    certificate: Certificate
    facts: DeclaredFacts
    settings: Settings
    verify_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A figure.

    Attributes
    ----------
    label
        Message id.
    names
        What customers call it, in both languages; the longest that stands in a label wins.
    units
        In which it can be written, the usual one first.
    read
        Its value in the first unit of its kind (kg CO2e per kg, percent); None where it is not known or may not be told.

    """

    label: str
    names: tuple[str, ...]
    units: tuple[Unit, ...]
    read: Callable[[Source], Value | None]


EMISSION_UNITS: Final = (Unit.KG_PER_KG, Unit.G_PER_KG, Unit.KG_PER_T, Unit.T_PER_T)
SHARE_UNITS: Final = (Unit.PERCENT, Unit.SHARE)
DAY_UNITS: Final = (Unit.DAY, Unit.EXCEL_DAY)
FACTORS: Final[Mapping[Unit, Decimal]] = {
    Unit.KG_PER_KG: Decimal(1),
    Unit.G_PER_KG: Decimal(1000),
    Unit.KG_PER_T: Decimal(1000),
    Unit.T_PER_T: Decimal(1),
    Unit.PERCENT: Decimal(1),
    Unit.SHARE: Decimal("0.01"),
}
"""What a value in the first unit of its kind is multiplied with: 1 kg/kg is 1000 g/kg, 1000 kg/t and 1 t/t."""


def find_field(key: str) -> Field | None:
    """Return a figure by its key."""
    return FIELDS.get(key)


def value_of(field: Field, unit: Unit, source: Source) -> Value | None:
    """Return a figure in a unit; None where there is none, which is never zero."""
    value = field.read(source)
    if isinstance(value, Decimal):
        return value * FACTORS[unit]
    return value


def _pcf(name: str) -> Callable[[Source], Decimal | None]:
    def read(source: Source) -> Decimal | None:
        stated = source.facts.pcf.get(name)
        return None if stated is None else Decimal(str(stated))

    return read


def _quality(name: str) -> Callable[[Source], Decimal | None]:
    def read(source: Source) -> Decimal | None:
        stated = (source.facts.pcf.get("dqi") or {}).get(name)
        return None if stated is None else Decimal(str(stated))

    return read


def _stage(name: str) -> Callable[[Source], Decimal | None]:
    def read(source: Source) -> Decimal | None:
        found = source.facts.life_cycle
        return None if found is None else Decimal(getattr(found, name))

    return read


def _statement(name: str) -> Callable[[Source], str | None]:
    def read(source: Source) -> str | None:
        return None if source.facts.statement is None else source.facts.statement.get(name)

    return read


def _emission(label: str, read: Callable[[Source], Value | None], *names: str) -> Field:
    return Field(label=label, names=names, units=EMISSION_UNITS, read=read)


def _text(label: str, read: Callable[[Source], Value | None], *names: str) -> Field:
    return Field(label=label, names=names, units=(Unit.TEXT,), read=read)


def _day(label: str, read: Callable[[Source], Value | None], *names: str) -> Field:
    return Field(label=label, names=names, units=DAY_UNITS, read=read)


def _rating(label: str, read: Callable[[Source], Decimal | None], *names: str) -> Field:
    """Return a rating of 1 to 5, which has no unit and is not converted."""

    def as_text(source: Source) -> str | None:
        value = read(source)
        return None if value is None else f"{value:f}"

    return Field(label=label, names=names, units=(Unit.TEXT,), read=as_text)


FIELDS: Final[Mapping[str, Field]] = {
    "total": _emission(
        N_("Carbon footprint without biogenic uptake"),
        _pcf("pcfExcludingBiogenicUptake"),
        *("PCF", "carbon footprint", "GWP", "excluding biogenic", "碳足迹", "不含生物碳", "温室气体排放量"),
    ),
    "total_including": _emission(
        N_("Carbon footprint with biogenic uptake"),
        _pcf("pcfIncludingBiogenicUptake"),
        *("including biogenic", "PCF including biogenic uptake", "含生物碳碳足迹", "计入生物碳吸收"),
    ),
    "fossil": _emission(
        N_("Fossil emissions"), _pcf("fossilGhgEmissions"), "fossil emissions", "fossil GHG", "化石排放", "化石源排放"
    ),
    "land_use": _emission(N_("Land use change"), _pcf("landUseChangeGhgEmissions"), "land use change", "dLUC", "土地利用变化"),
    "raw_material": _emission(
        N_("Raw material stage"),
        _stage("raw_material"),
        "raw material acquisition",
        "raw material stage",
        "原材料获取",
        "原材料阶段",
    ),
    "production": _emission(
        N_("Production stage"), _stage("main_production"), "main production", "production stage", "生产阶段", "制造阶段"
    ),
    "primary_data": Field(
        label=N_("Primary data share"),
        names=("primary data share", "PDS", "初级数据占比", "初级数据比例", "原始数据占比"),
        units=SHARE_UNITS,
        read=_pcf("primaryDataShare"),
    ),
    "technology_rating": _rating(
        N_("Data quality: technology"), _quality("technologicalDQR"), "technological DQR", "TeR", "技术代表性"
    ),
    "geography_rating": _rating(
        N_("Data quality: geography"), _quality("geographicalDQR"), "geographical DQR", "GeR", "地理代表性"
    ),
    "time_rating": _rating(N_("Data quality: time"), _quality("temporalDQR"), "temporal DQR", "TiR", "时间代表性"),
    "period_start": _day(
        N_("Reporting period from"),
        lambda one: one.facts.record.period_start,
        "period start",
        "start of reporting period",
        "核算期开始",
    ),
    "period_end": _day(
        N_("Reporting period to"), lambda one: one.facts.record.period_end, "period end", "end of reporting period", "核算期结束"
    ),
    "valid_until": _day(
        N_("Certificate valid until"),
        lambda one: one.certificate.valid_until,
        "valid until",
        "expiry date",
        "有效期至",
        "有效期截止",
    ),
    "standards": _text(
        N_("Standards"),
        lambda one: ", ".join(one.facts.pcf.get("crossSectoralStandards") or ()) or None,
        *("standard", "methodology", "核算标准", "依据标准"),
    ),
    "geography": _text(
        N_("Place of production"),
        lambda one: one.facts.pcf.get("geographyCountrySubdivision"),
        *("place of production", "production location", "生产地", "产地"),
    ),
    "part_no": _text(
        N_("Customer's part number"),
        lambda one: one.certificate.customer_part_no,
        "part number",
        "part no",
        "物料号",
        "零件号",
        "料号",
    ),
    "product_zh": _text(N_("Product, Chinese"), lambda one: one.facts.product.name_zh, "产品名称", "品名"),
    "product_en": _text(N_("Product, English"), lambda one: one.facts.product.name_en, "product name"),
    "grade": _text(N_("Grade"), lambda one: one.facts.product.grade, "grade", "model number", "牌号", "型号"),
    "company_zh": _text(N_("Company, Chinese"), lambda one: one.settings.company_name_zh, "供应商名称", "企业名称", "公司名称"),
    "company_en": _text(N_("Company, English"), lambda one: one.settings.company_name_en, "supplier name", "company name"),
    "certificate_no": _text(
        N_("Certificate number"), lambda one: one.certificate.number, "certificate number", "证书编号", "证书号"
    ),
    "verify_url": _text(
        N_("Address of the verify page"), lambda one: one.verify_url, "verification link", "verify", "查验网址", "验证链接"
    ),
    "footprint_id": _text(
        N_("Id of the declared footprint"), lambda one: one.facts.document["id"], "footprint id", "PCF ID", "碳足迹编号"
    ),
    "verifier": _text(
        N_("Verifier"), _statement("body_name"), "verifier", "verification body", "third party", "核查机构", "第三方机构"
    ),
    "declared_unit": _text(N_("Declared unit"), lambda _: "1 kg", "declared unit", "functional unit", "声明单位", "功能单位"),
}
