"""Small tables for tests."""

from lca_models.inventories import InventoryResult, calculate_inventory
from lca_models.model import load_model


def processes(*lines: str) -> bytes:
    """Return a table of unit processes; each line is ``process,flow,direction,amount,unit``."""
    return "\n".join(["process,flow,direction,amount,unit", *lines]).encode()


def factors(*lines: str) -> bytes:
    """Return a table of factors; each line is ``flow,ef,unit``."""
    return "\n".join(["flow,ef,unit", *lines]).encode()


def calculated(process_table: bytes, factor_table: bytes, product: str, **options: object) -> InventoryResult:
    """Calculate `product` from two tables."""
    return calculate_inventory(
        load_model(),
        processes={"mine.csv": process_table},
        factors={"factors.csv": factor_table},
        product=product,
        **options,  # type: ignore[arg-type]
    )
