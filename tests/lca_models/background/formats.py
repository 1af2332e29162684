"""One small system in the five formats that backgrounds come in.

Power burns 0.5 kg CO2 (fossil) per kWh and lets 0.01 kg methane escape; a bar takes 2 kWh and emits 0.3 kg biogenic CO2. Per
kWh 0.5 + 0.01 x 29.8 = 0.798; per kg of bar 2 x 0.798 = 1.596 fossil and 0.3 biogenic.
"""

import bz2
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

POWER_FOSSIL = 0.798
BAR_FOSSIL = 1.596
BAR_BIOGENIC = 0.3

CO2 = "349b29d1-3e58-4c66-98b9-9d1a076efd2e"
CH4 = "0795345f-c7ae-410c-ad25-1845784c75f5"
CO2_BIO = "eba59fd6-f37e-41dc-9ca3-c7ea22d602c7"


def nodes(**changes: Any) -> list[dict[str, Any]]:
    """Return the system as nodes of bw2io, with one database; `changes` replace exchanges of the bar."""
    power = [
        {"type": "production", "input": ("db", "power"), "amount": 1.0, "name": "power", "unit": "kilowatt hour"},
        {"type": "biosphere", "input": ("bio", "co2"), "amount": 0.5, "name": "Carbon dioxide, fossil", "unit": "kilogram"},
        {
            "type": "biosphere",
            "input": ("bio", "ch4"),
            "amount": 0.01,
            "name": "Methane, fossil",
            "unit": "kilogram",
            "uncertainty type": 2,
            "loc": -4.6,
            "scale": 0.2,
        },
    ]
    bar = [
        {"type": "production", "input": ("db", "bar"), "amount": 1.0, "name": "bar", "unit": "kilogram"},
        {"type": "technosphere", "input": ("db", "power"), "amount": 2.0, "name": "power", "unit": "kilowatt hour"},
        {"type": "biosphere", "input": ("bio", "co2bio"), "amount": 0.3, "name": "Carbon dioxide, non-fossil", "unit": "kilogram"},
    ]
    return [
        _node("power", "kilowatt hour", power),
        _node("bar", "kilogram", changes.get("bar", bar)),
        *(
            {"database": "bio", "code": code, "name": name, "unit": "kilogram", "categories": ("air",), "type": "emission"}
            for code, name in (
                ("co2", "Carbon dioxide, fossil"),
                ("ch4", "Methane, fossil"),
                ("co2bio", "Carbon dioxide, non-fossil"),
            )
        ),
    ]


def _node(name: str, unit: str, exchanges: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "database": "db",
        "code": name,
        "name": f"{name} production",
        "reference product": name,
        "unit": unit,
        "location": "CN",
        "type": "process",
        "exchanges": exchanges,
    }


def write_excel(path: Path, *, bar_input: str = "power production") -> Path:
    """Write a workbook in bw2io's layout, with its flows on the bundled list."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    header = ("name", "amount", "unit", "location", "categories", "type")
    for row in (
        ("Database", "mine"),
        (),
        *_excel_activity("power", "kilowatt hour"),
        header,
        ("power production", 1, "kilowatt hour", "CN", None, "production"),
        ("Carbon dioxide, fossil", 0.5, "kilogram", None, "air", "biosphere"),
        ("Methane, fossil", 0.01, "kilogram", None, "air", "biosphere"),
        (),
        *_excel_activity("bar", "kilogram"),
        header,
        ("bar production", 1, "kilogram", "CN", None, "production"),
        (bar_input, 2, "kilowatt hour", "CN", None, "technosphere"),
        ("Carbon dioxide, non-fossil", 0.3, "kilogram", None, "air", "biosphere"),
    ):
        sheet.append(row)
    book.save(path)
    return path


def _excel_activity(name: str, unit: str) -> tuple[tuple[str, ...], ...]:
    return (
        ("Activity", f"{name} production"),
        ("code", name),
        ("location", "CN"),
        ("reference product", name),
        ("unit", unit),
        ("type", "process"),
        ("Exchanges",),
    )


def write_simapro(path: Path) -> Path:
    """Write a SimaPro CSV of two processes."""
    path.write_text(
        "\n".join(
            [
                "{SimaPro 9.5.0.0}",
                "{processes}",
                "{Project: mine}",
                "{CSV Format version: 9.0.0}",
                "{CSV separator: Semicolon}",
                "{Decimal separator: .}",
                "{Date separator: /}",
                "{Short date format: M/d/yyyy}",
                "",
                *_simapro_process(
                    "power",
                    "kWh",
                    "",
                    ["Carbon dioxide, fossil;;kg;0.5;Undefined;0;0;0;", "Methane, fossil;;kg;0.01;Undefined;0;0;0;"],
                ),
                *_simapro_process(
                    "bar", "kg", "power;kWh;2;Undefined;0;0;0;", ["Carbon dioxide, non-fossil;;kg;0.3;Undefined;0;0;0;"]
                ),
            ]
        ),
        encoding="latin-1",
    )
    return path


def _simapro_process(name: str, unit: str, takes: str, emissions: list[str]) -> list[str]:
    inputs = ["", "Electricity/heat", takes, ""] if takes else [""]
    return [
        *("Process", "", "Category type", "material", "", "Process identifier", f"MINE{name}", "", "Type", "Unit process", ""),
        *("Process name", name, "", "Status", "Finished", "", "Time period", "2020", "", "Geography", "China", ""),
        *("Comment", "sample", "", "Products", f"{name};{unit};1;100;not defined;mine;", *inputs),
        *("Emissions to air", *emissions, "", "End", ""),
    ]


def write_jsonld(path: Path, *, category: Any = "mine", schema: int = 2) -> Path:
    """Write a .zip of openLCA JSON-LD."""
    units = {"kg": ("kg-id", "mass"), "kWh": ("kwh-id", "energy")}
    flows = {
        "power": ("PRODUCT_FLOW", "kWh"),
        "bar": ("PRODUCT_FLOW", "kg"),
        "Carbon dioxide, fossil": ("ELEMENTARY_FLOW", "kg"),
        "Methane, fossil": ("ELEMENTARY_FLOW", "kg"),
        "Carbon dioxide, non-fossil": ("ELEMENTARY_FLOW", "kg"),
    }
    files: dict[str, Any] = {"openlca.json": {"schemaVersion": schema}}
    for unit, (identifier, group) in units.items():
        files[f"unit_groups/{group}.json"] = {
            "@type": "UnitGroup",
            "@id": group,
            "name": group,
            "units": [{"@type": "Unit", "@id": identifier, "name": unit, "conversionFactor": 1.0, "isRefUnit": True}],
        }
    for name, (kind, unit) in flows.items():
        place = "Elementary flows/Emission to air/unspecified" if kind == "ELEMENTARY_FLOW" else "mine"
        files[f"flows/{_id(name)}.json"] = {
            "@type": "Flow",
            "@id": _id(name),
            "name": name,
            "category": place,
            "flowType": kind,
            "flowProperties": [
                {
                    "@type": "FlowPropertyFactor",
                    "isRefFlowProperty": True,
                    "conversionFactor": 1.0,
                    "flowProperty": {"@type": "FlowProperty", "@id": units[unit][1], "name": units[unit][1], "refUnit": unit},
                }
            ],
        }

    def exchange(name: str, amount: float, *, is_input: bool, reference: bool = False) -> dict[str, Any]:
        kind, unit = flows[name]
        return {
            "@type": "Exchange",
            "amount": amount,
            "isInput": is_input,
            "isQuantitativeReference": reference,
            "flow": {"@type": "Flow", "@id": _id(name), "name": name, "flowType": kind, "refUnit": unit, "category": category},
            "unit": {"@type": "Unit", "@id": units[unit][0], "name": unit},
        }

    recipes = {
        "power": [exchange("Carbon dioxide, fossil", 0.5, is_input=False), exchange("Methane, fossil", 0.01, is_input=False)],
        "bar": [exchange("power", 2.0, is_input=True), exchange("Carbon dioxide, non-fossil", 0.3, is_input=False)],
    }
    for name, exchanges in recipes.items():
        files[f"processes/{_id('make ' + name)}.json"] = {
            "@type": "Process",
            "@id": _id("make " + name),
            "name": f"{name} production",
            "category": category,
            "processType": "UNIT_PROCESS",
            "location": {"@type": "Location", "@id": "cn", "name": "China"},
            "exchanges": [exchange(name, 1.0, is_input=False, reference=True), *exchanges],
        }
    files["locations/cn.json"] = {"@type": "Location", "@id": "cn", "name": "China", "code": "CN"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, json.dumps(content))
    return path


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def write_ecospold2(path: Path) -> Path:
    """Write a .zip of two EcoSpold 2 datasets; the elementary flows are those of the bundled list."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, unit, inputs, emissions in (
            ("power", "kWh", "", [(CO2, "Carbon dioxide, fossil", 0.5), (CH4, "Methane, fossil", 0.01)]),
            ("bar", "kg", "power", [(CO2_BIO, "Carbon dioxide, non-fossil", 0.3)]),
        ):
            file = f"datasets/{_id('make ' + name)}_{_id(name)}.spold"
            archive.writestr(file, _spold(name, unit, inputs, emissions))
    return path


def _spold(name: str, unit: str, takes: str, emissions: list[tuple[str, str, float]]) -> str:
    inputs = (
        f'<intermediateExchange id="{_id("in " + name)}" intermediateExchangeId="{_id(takes)}" '
        f'activityLinkId="{_id("make " + takes)}" '
        f'unitId="{_id("kWh")}" amount="2"><name xml:lang="en">{takes}</name><unitName xml:lang="en">kWh</unitName>'
        "<inputGroup>5</inputGroup></intermediateExchange>"
        if takes
        else ""
    )
    flows = "".join(
        f'<elementaryExchange id="{_id(flow + name)}" elementaryExchangeId="{code}" unitId="{_id("kg")}" amount="{amount}">'
        f'<name xml:lang="en">{escape(flow)}</name><unitName xml:lang="en">kg</unitName>'
        '<compartment subcompartmentId="x"><compartment xml:lang="en">air</compartment>'
        '<subcompartment xml:lang="en">unspecified</subcompartment></compartment><outputGroup>4</outputGroup></elementaryExchange>'
        for code, flow, amount in emissions
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><ecoSpold xmlns="http://www.EcoInvent.org/EcoSpold02"><activityDataset>'
        f'<activityDescription><activity id="{_id("make " + name)}" activityNameId="{_id(name)}" type="1" specialActivityType="0">'
        f'<activityName xml:lang="en">{name} production</activityName></activity>'
        '<classification classificationId="c"><classificationSystem xml:lang="en">ISIC rev.4 ecoinvent</classificationSystem>'
        '<classificationValue xml:lang="en">3510</classificationValue></classification>'
        '<geography geographyId="g"><shortname xml:lang="en">CN</shortname></geography>'
        '<technology technologyLevel="3"></technology>'
        '<timePeriod startDate="2020-01-01" endDate="2022-12-31" isDataValidForEntirePeriod="true"></timePeriod>'
        "</activityDescription><flowData>"
        f'<intermediateExchange id="{_id("out " + name)}" intermediateExchangeId="{_id(name)}" unitId="{_id(unit)}" amount="1" '
        f'productionVolumeAmount="1"><name xml:lang="en">{name}</name><unitName xml:lang="en">{unit}</unitName>'
        f"<outputGroup>0</outputGroup></intermediateExchange>{inputs}{flows}</flowData>"
        "<modellingAndValidation></modellingAndValidation><administrativeInformation>"
        '<dataEntryBy personName="sample" personEmail="a@sample.example"></dataEntryBy>'
        '<dataGeneratorAndPublication personName="sample" personEmail="a@sample.example"></dataGeneratorAndPublication>'
        "<fileAttributes></fileAttributes>"
        "</administrativeInformation></activityDataset></ecoSpold>"
    )


def write_package(path: Path, system: list[dict[str, Any]]) -> Path:
    """Write a .bw2package of nodes."""
    databases = [
        {
            "metadata": {"backend": "sqlite"},
            "name": name,
            "class": {"module": "bw2data.backends.base", "name": "SQLiteBackend"},
            "data": {(node["database"], node["code"]): node for node in system if node["database"] == name},
        }
        for name in ("bio", "db")
    ]
    path.write_bytes(bz2.compress(json.dumps([_sanitized(one) for one in databases]).encode()))
    return path


def _sanitized(value: Any) -> Any:
    """Return a value as Brightway writes it into JSON: dictionaries and tuples are marked, so that keys may be tuples."""
    match value:
        case dict():
            return {
                "__dict__": True,
                "keys": [_sanitized(key) for key in value],
                "values": [_sanitized(one) for one in value.values()],
            }
        case tuple():
            return {"__tuple__": True, "data": [_sanitized(one) for one in value]}
        case list():
            return [_sanitized(one) for one in value]
    return value
