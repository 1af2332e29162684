"""The sample's toll plant in Sichuan: how it is asked, and what it answers."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from service.i18n import Locale
from service.sample.cast import company
from service.submissions.questionnaire import Group
from tests.browser.visitors import Visitor

# 75,840,000 kWh over 7,900 t is 9,600 kWh/t, and 1,343 t of packing coke 0.17 t/t: what an inner-string furnace takes.
ANSWERS: Mapping[str, str | tuple[str, str]] = {
    "site_province": "CN-SC",
    "product_output": ("7,900", "t"),
    "furnace_type": "inner_string",
    "charge_in": ("8,300", "t"),
    "product_out": ("7,900", "t"),
    "grid_electricity": ("8,050", "万kWh"),
    "green_electricity": ("3,000", "万kWh"),
    "furnace_electricity": ("7,584", "万kWh"),
    "auxiliary_electricity": ("350", "万kWh"),
    "power_source": "mixed",
    "natural_gas": ("7", "万Nm3"),
    "packing_coke_net": ("1,343", "t"),
    "packing_coke_sold": ("3,300", "t"),
    "evidence_source": "billed",
}
"""By question: the key of a choice, or what is typed with its unit."""


def year_to_june(years_back: int = 0) -> tuple[date, date]:
    """Return twelve months that are over and that the sample company, who counts in calendar years, has not asked about."""
    today = datetime.now(UTC).date()
    year = today.year - (today <= date(today.year, 6, 30)) - years_back
    return date(year - 1, 7, 1), date(year, 6, 30)


def ask(engineer: Visitor, period: tuple[date, date]) -> str:
    """Ask the plant for a period and return the link, which the page then shows."""
    engineer.open("/console/requests")
    engineer.follow("New request")
    supplier = engineer.page.locator("#field-supplier_id option", has_text=_name(engineer.locale))
    engineer.enter("supplier_id", supplier.get_attribute("value") or "")
    engineer.enter("period_start", str(period[0]))
    engineer.enter("period_end", str(period[1]))
    engineer.press("Ask and make the link")
    engineer.sees("Ready to hand on")
    return engineer.page.locator("#request-link").input_value()


def fill(supplier: Visitor, group: Group, *, then: str = "Save and continue") -> None:
    """Answer one screen of questions, which must be the one shown."""
    supplier.page.get_by_role("heading", name=supplier.say(group.title), level=1).wait_for()
    for question in group.questions:
        answer = ANSWERS.get(question.key)
        if isinstance(answer, str):
            supplier.enter(question.key, answer)
        elif answer is not None:
            supplier.enter(question.key, answer[0], unit=answer[1])
    supplier.press(then)


def _name(locale: Locale) -> str:
    names = next(row for row in company()["suppliers"] if row["key"] == "toll_sc")
    name: str = names["name_zh" if locale == "zh-CN" else "name_en"]
    return name
