import re
from collections.abc import Callable
from csv import DictReader
from enum import StrEnum
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from jinja2 import UndefinedError

from service.certificates.models import CertificateStatus
from service.certificates.rules import Standing
from service.footprints.models import FootprintStatus
from service.i18n import LOCALES, catalogue
from service.jobs.models import JobState
from service.mail.models import MailState
from service.submissions.models import SubmissionStatus
from service.web.templating import environment
from tests.templates.conftest import GALLERY, gallery_context

Render = Callable[..., str]
VOID = {"meta", "link", "input", "img", "br", "hr"}


class Outline(HTMLParser):
    """Collects what the tests ask about and notes tags that close in the wrong order."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.misnested: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misnested.append(tag)


def outline(html: str) -> Outline:
    parsed = Outline()
    parsed.feed(html)
    return parsed


@pytest.fixture(params=LOCALES)
def gallery(request: pytest.FixtureRequest, render: Render) -> Outline:
    return outline(render(GALLERY, request.param, **gallery_context()))


def test_every_component_renders_well_nested_in_both_languages(gallery: Outline) -> None:
    assert gallery.misnested == []
    assert gallery.open == []


def test_no_page_needs_inline_style_or_script_which_the_policy_forbids(gallery: Outline) -> None:
    assert [tag for tag, attributes in gallery.elements if "style" in attributes or tag == "style"] == []
    assert [attributes for _, attributes in gallery.elements if any(name.startswith("on") for name in attributes)] == []
    assert all("src" in attributes for tag, attributes in gallery.elements if tag == "script")


def test_nothing_is_loaded_from_elsewhere(gallery: Outline) -> None:
    loaded = [a.get("src") or a.get("href") for tag, a in gallery.elements if tag in {"script", "link", "img"}]

    assert loaded
    assert all(address and address.startswith("/static/") for address in loaded)


def test_ids_are_unique_and_every_reference_points_to_one(gallery: Outline) -> None:
    ids = [a["id"] for _, a in gallery.elements if "id" in a]
    wanted = {
        reference
        for _, a in gallery.elements
        for name in ("for", "aria-describedby", "aria-labelledby", "data-copy")
        for reference in (a.get(name) or "").split()
    }

    assert len(ids) == len(set(ids))
    assert wanted <= set(ids)


def test_every_visible_control_has_a_label(gallery: Outline) -> None:
    labelled = {a.get("for") for tag, a in gallery.elements if tag == "label"}
    controls = [
        a for tag, a in gallery.elements if tag in {"input", "select", "textarea"} and a.get("type") not in {"hidden", "submit"}
    ]

    assert controls
    assert [a for a in controls if a.get("id") not in labelled and "aria-label" not in a] == []


def test_an_error_is_tied_to_its_field_and_linked_from_the_summary(render: Render) -> None:
    html = outline(
        render(
            '{% from "forms.html" import error_summary, text_field with context %}'
            '{{ error_summary({"city": "Type a city."}) }}{{ text_field("city", "City", "Bei", error="Type a city.") }}'
        )
    )
    field = next(a for _, a in html.elements if a.get("name") == "city")

    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "error-city"
    assert field["value"] == "Bei"
    assert ("a", {"href": "#field-city"}) in html.elements


def test_a_filter_may_stay_empty_without_being_called_optional(render: Render) -> None:
    source = (
        '{% from "forms.html" import select_field, text_field with context %}'
        '{{ text_field("q", "Name", filter=filter, required=false) }}'
        '{{ select_field("kind", "Kind", [("a", "A")], filter=filter, required=false) }}'
    )

    assert render(source, filter=False).count("(optional)") == 2
    assert "optional" not in render(source, filter=True)
    assert "required" not in render(source, filter=True)


def test_what_people_typed_is_shown_as_text_never_as_markup(render: Render) -> None:
    source = (
        '{% from "forms.html" import textarea, text_field with context %}'
        '{% from "components.html" import facts with context %}'
        '{{ textarea("a", "A", typed) }}{{ text_field("b", "B", typed) }}{{ facts([("C", typed)]) }}'
    )

    html = render(source, typed='</textarea><script>alert("x")</script>')

    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;") == 3


def test_a_textarea_keeps_a_leading_line_break(render: Render) -> None:
    html = render('{% from "forms.html" import textarea with context %}{{ textarea("a", "A", "\\nsecond line") }}')

    # HTML drops one line break after the tag; ours is that one, so the typed one survives.
    assert re.search(r"<textarea[^>]*>\n\nsecond line", html)


def test_an_unknown_status_is_an_error_instead_of_an_empty_badge(render: Render) -> None:
    with pytest.raises(UndefinedError):
        render('{% from "components.html" import status_badge with context %}{{ status_badge("no-such-status") }}')


def test_forms_that_change_something_carry_the_session_token_and_filters_do_not(render: Render) -> None:
    source = '{% from "components.html" import form with context %}{% call form("/x", method=method) %}{% endcall %}'

    assert 'name="csrf_token" value="csrf-of-this-session"' in render(source, method="post")
    assert "csrf" not in render(source, method="get")


@pytest.mark.parametrize("name", ["components.html", "forms.html", "charts.html", "base.html", "flashes.html"])
def test_every_text_of_the_vocabulary_has_a_chinese_one(name: str) -> None:
    env = environment("zh-CN", "Asia/Shanghai")
    assert env.loader
    source, _, _ = env.loader.get_source(env, name)
    messages = {message for _, _, message in env.extract_translations(source) if isinstance(message, str)}

    assert messages - set(catalogue("zh-CN")) == set()


def test_the_glossary_holds_each_term_once_per_language() -> None:

    rows = list(DictReader(files("templates").joinpath("locale", "glossary.csv").read_text(encoding="utf-8").splitlines()))

    for column in ("term_en", "term_zh"):
        terms = [row[column] for row in rows]
        assert all(terms)
        assert len(terms) == len(set(terms))


@pytest.mark.parametrize("states", [SubmissionStatus, FootprintStatus, CertificateStatus, Standing, MailState, JobState])
def test_every_state_a_record_can_be_in_has_words(render: Render, states: type[StrEnum]) -> None:
    states_text = "{% for state in states %}{{ status_badge(state) }}{% endfor %}"
    source = '{% from "components.html" import status_badge with context %}' + states_text

    html = render(source, "zh-CN", states=[state.value for state in states])

    assert html.count('class="badge ') == len(states)
    assert re.search(r">\s*[a-z_]+\s*</span>", html) is None
