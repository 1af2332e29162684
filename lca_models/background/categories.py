"""The lines on which ISO 14067:2018, 6.4.9, reports a background's climate effect."""

from typing import Final

from lca_models.emissions import Category

CATEGORIES: Final = (Category.FOSSIL, Category.BIOGENIC, Category.BIOGENIC_UPTAKE, Category.LAND_USE, Category.AIRCRAFT)
"""Rows of a characterization."""
IN_TOTAL: Final = tuple(category is not Category.BIOGENIC_UPTAKE for category in CATEGORIES)
"""Which categories the total has: biogenic uptake is reported beside it."""
