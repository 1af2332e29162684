from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.i18n import Locale
from service.web.charts import Estimate, Part, dots_and_intervals, horizontal_bars, sparkline, stacked_bar
from service.web.templating import Flash, NavigationItem, Shell, ShellUser, environment

GALLERY = Path(__file__).with_name("gallery.html").read_text(encoding="utf-8")
STAGES = {"P1": 1.33, "P2": 0.98, "P3": 8.89, "P4": 0.90, "P5": 0.11, "P6": 0.18, "P7": 0.10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    label: str
    href: str | None
    hint: str | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    title: str
    at: str
    actor: str | None
    note: str | None


def a_shell(locale: Locale = "en", *, user: ShellUser | None = None) -> Shell:
    return Shell(
        locale=locale,
        user=user or ShellUser(name="李工 Li Gong", roles=("Reviewer",), organisation_name="Sample Anode"),
        navigation=tuple(
            NavigationItem(label=label, href=f"/{label}", active=label == "Products", count=3 if label == "Work queue" else None)
            for label in ("Work queue", "Suppliers", "Products", "Model", "Ranking", "Certificates", "Exchange", "Plan")
        ),
        csrf_token="csrf-of-this-session",
        flashes=(Flash(kind="success", text="Footprint released."),),
        company_name="Sample Anode Materials Co., Ltd.",
        logo_href=None,
        is_sample=True,
        current_path_with_query="/products/1",
        other_locale_href="/language?to=en",
        opens=lambda _href: True,
    )


def gallery_context() -> dict[str, object]:
    parts = [Part(code=code, label=f"Stage {code}", value=value) for code, value in STAGES.items()]
    return {
        "stages": stacked_bar(parts, unit="kg CO₂e/kg"),
        "kinds": stacked_bar(
            [
                Part(code="primary", label="Primary", value=7.1),
                Part(code="secondary", label="Secondary", value=4.2),
                Part(code="default", label="Default", value=1.2),
            ],
            unit="kg CO₂e/kg",
        ),
        "flows": horizontal_bars(
            [Part(code="a", label="Electricity", value=9.47), Part(code="b", label="Sold packing coke", value=-0.8)],
            unit="kg CO₂e/kg",
        ),
        "intervals": dots_and_intervals(
            [
                Estimate(label="Supplier A", value=8.9, low=7.8, high=10.1, href="/a", note="B"),
                Estimate(label="Supplier B", value=11.2, low=9.5, high=13.1),
            ],
            unit="kg CO₂e/kg",
        ),
        "line": sparkline([12.9, 12.8, 13.1, 12.5]),
        "tasks": [
            Task(label="Production", href="/p", hint="3 questions", status="done"),
            Task(label="Electricity", href="/e", hint=None, status="in_progress"),
            Task(label="Evidence", href=None, hint=None, status="not_started"),
        ],
        "events": [Event(title="Submitted", at="2026-11-22 14:05", actor="王小明", note="Receipt 2026-0042")],
    }


@pytest.fixture
def render() -> Callable[[str, Locale], str]:
    """Render template text inside the real environment, with a page's shell."""

    def render_text(source: str, locale: Locale = "en", **context: object) -> str:
        template = environment(locale, "Asia/Shanghai").from_string(source)
        return template.render(shell=a_shell(locale), **context)

    return render_text
