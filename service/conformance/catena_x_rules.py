"""Rules beyond the schema for Catena-X PCF 9 and 10 and for the battery component supplier model.

Catena-X writes numbers, groups its members in lists of one, and splits the life cycle; sums and dates follow the rules of PACT.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from service.conformance.amounts import half_of_last_digit
from service.conformance.findings import Finding, pointer
from service.conformance.footprint import error, time_of, warning
from service.conformance.time_rules import YEARS_OF_VALIDITY, years_after
from service.errors import N_

_SUMMED: Final = (
    "fossilGhgEmissions",
    "biogenicNonCO2Emissions",
    "landUseChangeGhgEmissions",
    "landManagementBiogenicCO2Emissions",
    "landManagementBiogenicCO2Removals",
    "aircraftGhgEmissions",
)
"""Positions A, C, E, F, G and H of the model; aircraft stands beside fossil there, in PACT inside it."""
_STAGES: Final = (("productionStage", ""), ("packagingStage", "packaging"), ("distributionStage", "distributionStage"))
_STAGE_VALUES: Final = (
    "stage1RawMaterialAquisitionPreProcessing",
    "stage2MainProductProduction",
    "stage3Distribution",
    "stage4EndOfLifeRecycling",
)
_RATINGS: Final = ("technologicalRepresentativeness", "geographicalRepresentativeness", "timerelatedRepresentativeness")


def check_catena_x(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what the rules have against a Catena-X PCF (9 or 10) without nulls."""
    for path, stage in _each(document, "productLifeCycleStagesAndEmissions"):
        for name, prefix in _STAGES:
            for where, emissions in _each(stage, name):
                yield from _stage_sum([*path, *where], emissions, prefix)
    for path, content in _each(document, "carbonContent"):
        yield from _carbon(path, content)
    for path, assessment in _each(document, "pcfAssessmentAndMethodology"):
        for where, one in _each(assessment, "pcfAssessmentInformation"):
            for there, times in _each(one, "time"):
                yield from _dates([*path, *where, *there], times)


_Path = list[str | int]


def _each(document: Mapping[str, Any], name: str) -> Iterator[tuple[_Path, Mapping[str, Any]]]:
    listed = document.get(name)
    for place, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            yield [name, place], one


def _prefixed(prefix: str, name: str) -> str:
    return prefix + name[0].upper() + name[1:] if prefix else name


def _number(document: Mapping[str, Any], name: str) -> Decimal | None:
    value = document.get(name)
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def _stage_sum(path: _Path, emissions: Mapping[str, Any], prefix: str) -> Iterator[Finding]:
    fossil, excluding, including, uptake = (
        _number(emissions, _prefixed(prefix, name))
        for name in ("fossilGhgEmissions", "pcfExcludingBiogenicUptake", "pcfIncludingBiogenicUptake", "biogenicCO2Uptake")
    )
    if excluding is not None and fossil is not None:
        total = sum((_number(emissions, _prefixed(prefix, name)) or Decimal() for name in _SUMMED), Decimal())
        yield from _sum([*path, _prefixed(prefix, "pcfExcludingBiogenicUptake")], excluding, total)
    if excluding is not None and including is not None:
        yield from _sum([*path, _prefixed(prefix, "pcfIncludingBiogenicUptake")], including, excluding + (uptake or Decimal()))


def _sum(path: _Path, printed: Decimal, calculated: Decimal) -> Iterator[Finding]:
    if abs(printed - calculated) > max(abs(printed) * Decimal("1e-6"), half_of_last_digit(printed)):
        template = N_("The total is %(printed)s, but its parts add up to %(sum)s. Correct the total or the part that is wrong.")
        yield warning("PCF-R3", pointer(*path), str(printed), template, printed=printed, sum=calculated)


def _carbon(path: _Path, content: Mapping[str, Any]) -> Iterator[Finding]:
    total, fossil = _number(content, "carbonContentTotal"), _number(content, "fossilCarbonContent")
    parts = (fossil or Decimal()) + (_number(content, "biogenicCarbonContent") or Decimal())
    recycled = _number(content, "recycledCarbonContent")
    if total is not None and fossil is not None and abs(total - parts) > max(total * Decimal("1e-6"), half_of_last_digit(total)):
        template = N_("The total is %(printed)s, but its parts add up to %(sum)s. Correct the total or the part that is wrong.")
        place = pointer(*path, "carbonContentTotal")
        yield warning("PCF-R9", place, str(total), template, printed=total, sum=parts)
    carbon = parts if fossil is not None else total
    if recycled is not None and carbon is not None and recycled > carbon:
        template = N_(
            "%(recycled)s kg of the carbon are recycled, but there are only %(carbon)s kg of carbon. Correct one of them."
        )
        place = pointer(*path, "recycledCarbonContent")
        yield error("PCF-R9", place, str(recycled), template, recycled=recycled, carbon=carbon)


def _dates(path: _Path, times: Mapping[str, Any]) -> Iterator[Finding]:
    for name, value in times.items():
        if isinstance(value, str) and time_of(value) is None:
            template = N_("“%(value)s” is no time with an offset (RFC 3339). Write it like 2026-01-01T00:00:00Z.")
            yield error("PCF-R14", pointer(*path, name), value, template, value=value[:40])
    end, valid_until = time_of(times.get("referencePeriodEnd")), time_of(times.get("validityPeriodEnd"))
    yield from _order(path, "referencePeriodEnd", time_of(times.get("referencePeriodStart")), end)
    yield from _order(path, "validityPeriodEnd", time_of(times.get("validityPeriodStart")), valid_until)
    if end is not None and valid_until is not None and valid_until > years_after(end, YEARS_OF_VALIDITY):
        template = N_("The validity goes more than three years past the reference period (%(end)s). Let it end earlier.")
        yield warning("PCF-R5", pointer(*path, "validityPeriodEnd"), times["validityPeriodEnd"], template, end=end.isoformat())


def _order(path: _Path, name: str, start: datetime | None, end: datetime | None) -> Iterator[Finding]:
    if start is not None and end is not None and end <= start:
        template = N_("This lies before its beginning (%(start)s). Correct the dates.")
        yield error("PCF-R5", pointer(*path, name), end.isoformat(), template, start=start.isoformat())


def check_battery(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what the rules have against a battery component supplier document: stages sum up, ratings agree, dates are in order."""
    values = document.get("pcfValues")
    stages = values.get("sharesPerStage") if isinstance(values, dict) else None
    if isinstance(stages, dict):
        yield from _stages(stages)
    ratings = [_number(document, name) for name in _RATINGS]
    overall = _number(document, "dataQualityRating")
    known = [one for one in ratings if one is not None]
    if overall is not None and known and not min(known) <= overall <= max(known):
        template = N_("The overall rating %(overall)s lies outside its parts (%(least)s to %(most)s). Correct one of them.")
        place = pointer("dataQualityRating")
        yield warning("PCF-R8", place, str(overall), template, overall=overall, least=min(known), most=max(known))
    validity = document.get("validityPeriod")
    if isinstance(validity, dict):
        yield from _order(["validityPeriod"], "validTo", time_of(validity.get("validFrom")), time_of(validity.get("validTo")))


def _stages(stages: Mapping[str, Any]) -> Iterator[Finding]:
    parts = [_stage_value(stages, name) for name in _STAGE_VALUES]
    total = _stage_value(stages, "absPcfValue")
    known = [one for one in parts if one is not None]
    if total is not None and len(known) == len(parts):
        yield from _sum(["pcfValues", "sharesPerStage", "absPcfValue", "stageValue"], total, sum(known, Decimal()))


def _stage_value(stages: Mapping[str, Any], name: str) -> Decimal | None:
    stage = stages.get(name)
    return _number(stage, "stageValue") if isinstance(stage, dict) else None
