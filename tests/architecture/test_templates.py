"""Templates compile, carry no inline script or style, and say everything in both languages."""

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from service.web.templating import environment

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
PACKAGES = ("service", "supplier_portal")
CATALOGUES = sorted((TEMPLATES / "locale" / "zh_CN").glob("*.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
INLINE = re.compile(r"<style[\s>]|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE)
OWN_ENVIRONMENT = {"certificates", "reports"}  # set into PDF by filters of their own, where there is no browser and no policy


def pages() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def browser_pages() -> list[str]:
    return [name for name in pages() if name.split("/")[0] not in OWN_ENVIRONMENT]


@pytest.mark.parametrize("name", browser_pages())
def test_a_template_compiles(name: str) -> None:
    assert environment("en", "UTC").get_template(name)


@pytest.mark.parametrize("name", browser_pages())
def test_a_page_has_no_inline_script_or_style_which_the_browser_would_refuse(name: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(encoding="utf-8"), flags=re.DOTALL)

    assert INLINE.findall(text) == []


@pytest.mark.parametrize("name", pages())
def test_a_page_loads_nothing_from_other_sites(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")

    assert re.findall(r"(?:src|action|data)\s*=\s*[\"']https?://[^\"']*", text) == []
    assert re.findall(r"<link[^>]*href\s*=\s*[\"']https?://[^\"']*", text) == []


def messages_of_code() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (message := message_of(node)):
                    yield path.relative_to(ROOT).as_posix(), message


def message_of(call: ast.Call) -> str | None:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    at = {"_": 0, "N_": 0, "gettext": 0, "translate": 1}.get(name)
    if at is None or len(call.args) <= at:
        return None
    argument = call.args[at]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def messages_of_templates() -> Iterator[tuple[str, str]]:
    env = environment("en", "UTC")
    for name in [*pages(), *(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.txt"))]:
        source = (TEMPLATES / name).read_text(encoding="utf-8")
        for _, _, found in env.extract_translations(source):  # type: ignore[attr-defined] # of the i18n extension
            for message in [found] if isinstance(found, str) else found or ():
                if message is not None:  # a variable: its texts are marked where they come from
                    yield name, message


def catalogue_of(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream)


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    found = {}
    for path in CATALOGUES:
        found |= {str(message.id): str(message.string) for message in catalogue_of(path) if message.id}
    return found


def test_everything_that_code_says_is_said_in_chinese(chinese: dict[str, str]) -> None:
    assert sorted({(where, message) for where, message in messages_of_code() if not chinese.get(message)}) == []


def test_everything_that_templates_say_is_said_in_chinese(chinese: dict[str, str]) -> None:
    assert sorted({(where, message) for where, message in messages_of_templates() if not chinese.get(message)}) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_is_complete_certain_and_keeps_its_placeholders(path: Path) -> None:
    for message in catalogue_of(path):
        if not message.id:
            continue
        assert message.string, f"not translated: {message.id}"
        assert not message.fuzzy, f"uncertain: {message.id}"
        assert set(PLACEHOLDER.findall(str(message.id))) == set(PLACEHOLDER.findall(str(message.string))), message.id


def test_two_areas_never_translate_one_message_differently() -> None:
    meanings: dict[str, dict[str, str]] = {}
    for path in CATALOGUES:
        for message in catalogue_of(path):
            if message.id:
                meanings.setdefault(str(message.id), {})[path.stem] = str(message.string)

    assert {text: areas for text, areas in meanings.items() if len(set(areas.values())) > 1} == {}


def test_catalogues_are_shipped_with_the_package() -> None:
    assert (files("templates") / "locale" / "zh_CN").is_dir()
