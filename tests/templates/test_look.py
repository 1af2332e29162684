import re
from importlib.resources import files
from itertools import chain

import pytest

TOKENS = files("templates").joinpath("static", "css", "tokens.css").read_text(encoding="utf-8")
READ_ON = {
    "ink": ("surface", "paper", "sunken", "accent-tint", "warning-tint", "error-tint", "valid-tint"),
    "slate": ("surface", "paper", "sunken"),
    "accent": ("surface", "paper", "accent-tint"),
    "accent-strong": ("surface", "paper"),
    "on-accent": ("accent", "accent-strong"),
    "warning-ink": ("surface", "warning-tint"),
    "error": ("surface", "paper", "error-tint"),
    "valid": ("surface", "valid-tint"),
}
"""Text colours and the grounds they stand on."""


def theme(name: str) -> dict[str, str]:
    blocks = re.findall(r"(?:@media \(prefers-color-scheme: (dark)\) \{\s*)?:root \{(.*?)\}", TOKENS, re.DOTALL)
    values = {kind or "light": dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body)) for kind, body in blocks[:2]}
    return values["light"] | values[name]


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_text_colour_reads_on_its_grounds_in_both_themes(name: str) -> None:
    tokens = theme(name)
    pairs = chain.from_iterable(((text, ground) for ground in grounds) for text, grounds in READ_ON.items())

    weak = {pair: ratio for pair in pairs if (ratio := contrast(tokens[pair[0]], tokens[pair[1]])) < 4.5}

    assert weak == {}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_frame_of_a_control_stands_out_from_the_page(name: str) -> None:
    tokens = theme(name)

    assert contrast(tokens["line-strong"], tokens["surface"]) >= 3


def test_the_certificate_uses_the_stage_colours_of_the_pages() -> None:
    charts = files("templates").joinpath("certificates", "charts.html").read_text(encoding="utf-8")
    on_certificates = dict(re.findall(r'"P(\d)": "(#[0-9a-f]{6})"', charts))

    assert on_certificates == dict(re.findall(r"--stage-(\d): (#[0-9a-f]{6});", TOKENS))


def test_style_sheets_load_nothing_and_use_only_known_tokens() -> None:
    folder = files("templates").joinpath("static", "css")
    sheets = "".join(entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".css"))

    assert "url(" not in sheets
    assert "@import" not in sheets
    assert set(re.findall(r"var\(--([\w-]+)\)", sheets)) <= set(re.findall(r"--([\w-]+):", TOKENS))
