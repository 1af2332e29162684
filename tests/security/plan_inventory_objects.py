"""The year of the sample company's inventory that is closed last."""

from collections.abc import Mapping


def plan_inventory_objects() -> Mapping[str, str]:
    return {"inventory_year": "2025"}
