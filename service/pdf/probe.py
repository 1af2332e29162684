"""Does setting documents work on this machine? Asked by `anodeprint doctor` and the readiness check."""

from datetime import UTC, datetime
from typing import Final

from service.pdf.rendering import PdfRenderer

PROBE: Final = (
    "<!doctype html><html lang='zh-CN'><title>probe</title><p>人造石墨负极材料碳足迹 12.5 kg CO₂e <b>负极碳迹</b></p></html>"
)
"""Simplified Chinese, Latin and a subscript, in both styles."""


ANY_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)


def probe_font(renderer: PdfRenderer) -> None:
    """Set a line of Chinese and English; raise as `PdfRenderer.render` if it would not print as it should."""
    renderer.render(PROBE, created_at=ANY_DAY, identifier=bytes(16))


def probe_picture(renderer: PdfRenderer, data_uri: str) -> None:
    """Set a picture; raise as `PdfRenderer.render` if it can't be drawn."""
    page = f'<!doctype html><title>probe</title><img src="{data_uri}" style="width: 30mm">'
    renderer.render(page, created_at=ANY_DAY, identifier=bytes(16))
