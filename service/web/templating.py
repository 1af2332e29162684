"""The Jinja environment: strict about undefined names, escaping everything, the same for pages, mails and certificates."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from service.i18n import Locale, translate
from service.web import formatting


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationItem:
    """One entry of the navigation; neighbours with the same `group` stand under one heading, which is open where somebody is."""

    label: str
    href: str
    active: bool = False
    count: int | None = None
    group: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellUser:
    """Who is signed in, as the page's head shows it."""

    name: str
    roles: tuple[str, ...]
    organisation_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flash:
    """A message about what was just done; `kind` is success, info, warning or error."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What every page shows around its content.

    Attributes
    ----------
    logo_href
        Where the company's logo is; None shows the product's mark.
    opens
        Whether an address of ours lets in whoever reads; a page links to nothing else.

    """

    locale: Locale
    user: ShellUser | None
    navigation: tuple[NavigationItem, ...]
    csrf_token: str
    flashes: tuple[Flash, ...]
    company_name: str
    logo_href: str | None
    is_sample: bool
    current_path_with_query: str
    other_locale_href: str
    opens: Callable[[str], bool]


@lru_cache
def environment(locale: Locale, timezone: str) -> Environment:
    """Return the template environment of one language."""
    env = Environment(
        loader=PackageLoader("templates", ""),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # else every page asks the disk whether each of its templates has changed
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(_=_texts(locale), locale=locale, static=static)
    env.filters.update(_filters(locale, timezone))
    return env


def _texts(locale: Locale) -> Callable[..., Markup]:
    """Return what templates call `_`: a message in the language, its values escaped; most have none and are kept."""

    @lru_cache(maxsize=4096)
    def plain(message: str) -> Markup:
        return Markup(translate(locale, message)) % {}  # noqa: S704 - ours, not typed by anybody

    def text(message: str, /, **values: object) -> Markup:
        return Markup(translate(locale, message)) % values if values else plain(message)  # noqa: S704 - as above

    return text


def _filters(locale: Locale, timezone: str) -> Mapping[str, Any]:
    return {
        "number": lambda value, digits=3: formatting.format_number(value, locale, digits),
        "short": lambda value, digits=3: formatting.format_number(value, locale, digits, padded=False),
        "exact": lambda value: formatting.format_exact(value, locale),
        "percent": lambda value, digits=3: formatting.format_percent(value, locale, digits),
        "quantity": lambda value, unit, digits=3: (
            f"{formatting.format_number(value, locale, digits)} {formatting.format_unit(unit, locale)}"
        ),
        "unit": lambda unit: formatting.format_unit(unit, locale),
        "date": lambda value: formatting.format_date(formatting.day_of(value, timezone)),
        "datetime": lambda value: formatting.format_datetime(value, timezone),
    }


@lru_cache
def static(path: str) -> str:
    """Return the address of a static file with its content hash, so that browsers may keep it for a year."""
    content = files("templates").joinpath("static", path).read_bytes()
    return f"/static/{path}?v={hashlib.sha256(content).hexdigest()[:12]}"


def render(template: str, *, locale: Locale, timezone: str, **context: object) -> str:
    """Render a template to text."""
    return environment(locale, timezone).get_template(template).render(**context)
