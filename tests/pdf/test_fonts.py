import hashlib
import re

import pytest

from service.pdf.fonts import FILES, folder, missing_characters


def gbk_characters() -> str:
    """Decode every two-byte code of GBK, an oracle independent of how the font was cut."""
    pairs = (bytes([first, second]) for first in range(0x81, 0xFF) for second in range(0x40, 0xFF) if second != 0x7F)
    return "".join(pair.decode("gbk", errors="ignore") for pair in pairs)


def test_the_typeface_covers_gbk() -> None:
    characters = gbk_characters()

    assert len(characters) > 21_000
    assert missing_characters(characters) == ("≒",)


@pytest.mark.parametrize(
    "text",
    [
        "12.5 kg CO₂e/kg · 10⁻³ m³ ± 5 % ≤ 3,000 °C → Σ",
        "Győr, Łódź, Škoda Auto, Île-de-France, Đà Nẵng, İstanbul, Århus",
        "「石墨化」（P3）：13 kWh／kg；占比 71%—全国电网……①",
    ],
)
def test_the_typeface_covers_what_certificates_say(text: str) -> None:
    assert missing_characters(text) == ()


def test_missing_characters_are_named_once_in_order_of_appearance() -> None:
    assert missing_characters("𠮷野家", "😀𠮷\u202e") == ("𠮷", "😀", "\u202e")


def test_line_breaks_are_not_missing() -> None:
    assert missing_characters("a\r\n\tb") == ()


@pytest.mark.parametrize("name", FILES)
def test_the_font_files_are_the_documented_ones(name: str) -> None:
    documented = dict(re.findall(r"\| `(.+\.otf)` \| `([0-9a-f]{64})` \|", (folder() / "README.md").read_text(encoding="utf-8")))

    assert hashlib.sha256((folder() / name).read_bytes()).hexdigest() == documented[name]
