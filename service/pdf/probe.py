"""Does setting documents work on this machine? Asked by `anodeprint doctor` and the readiness check."""

from datetime import UTC, datetime
from typing import Final

from service.pdf.rendering import PdfRenderer

PROBE: Final = (
    "<!doctype html><html lang='zh-CN'><title>probe</title><p>人造石墨负极材料碳足迹 12.5 kg CO₂e <b>负极碳迹</b></p></html>"
)
"""Simplified Chinese, Latin and a subscript, in both styles."""


def probe_font(renderer: PdfRenderer) -> None:
    """Set a line of Chinese and English; raise as `PdfRenderer.render` if it would not print as it should."""
    renderer.render(PROBE, created_at=datetime(2026, 1, 1, tzinfo=UTC), identifier=bytes(16))
