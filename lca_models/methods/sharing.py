"""How the chosen allocations change the amounts of the route: shares that amounts are multiplied with before the system is solved.

The amounts that formulas give are physical, so that balances of mass and carbon close; the product's inventory is what it carries
of them. A share stands beside the formula of each exchange that the co-products have in common (`exchange_formulas.csv`, column
`share`). Feed and intermediate products carry none: they belong to one product alone.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from lca_models.errors import N_, ParameterError
from lca_models.formulas import Number
from lca_models.methods.allocation import Procedure

PACKING_COKE: Final = "packing_coke_allocation"
FINES: Final = "fines_allocation"

# The words of the two choices, as parameters.csv has them.
_SUBDIVISION: Final = "subdivision"
_SUBSTITUTION: Final = "substitution"
_ECONOMIC: Final = "economic"
_MASS: Final = "mass"
_NONE: Final = "none"
_CUT_OFF: Final = "cut_off"

KEYS: Final[Mapping[str, Procedure]] = {_ECONOMIC: Procedure.REVENUE, _MASS: Procedure.MASS}
"""Choices that share by a key."""

FURNACE_SHARE: Final = "furnace"
_COKE_SOLD: Final = "packing_coke_sold"
_COKE_SUBSTITUTED: Final = "packing_coke_substituted"
_MILLING: Final = "milling"
_FINES_SUBSTITUTED: Final = "fines_substituted"

SHARES: Final = (FURNACE_SHARE, _COKE_SOLD, _COKE_SUBSTITUTED, _MILLING, _FINES_SUBSTITUTED)
"""Names that the column `share` may hold."""


def unused_shares(words: Mapping[str, str]) -> frozenset[str]:
    """Return the shares that are zero whatever the numbers, so that their exchanges need not stand in the system.

    Parameters
    ----------
    words
        The chosen allocations by parameter; one that is missing is the default.

    """
    packing, fines = words.get(PACKING_COKE, _SUBDIVISION), words.get(FINES, _CUT_OFF)
    unused = {
        _COKE_SOLD: packing == _SUBDIVISION,
        _COKE_SUBSTITUTED: packing != _SUBSTITUTION,
        _FINES_SUBSTITUTED: fines != _SUBSTITUTION,
    }
    return frozenset(name for name, is_unused in unused.items() if is_unused)


UNUSED_BY_DEFAULT: Final = unused_shares({})


def shares_of(words: Mapping[str, str], number: Callable[[str], Number]) -> dict[str, Number]:
    """Return what the product carries of each group of exchanges, by name of the share.

    Parameters
    ----------
    words
        The chosen allocations by parameter; one that is missing is the default.
    number
        Gives a parameter that is a number, or (K,) numbers.

    Returns
    -------
    dict
        1 where all is the product's; negative for what a co-product replaces. Packing coke charged beyond its net use is carried in
        full without allocation, by the furnace's share under a key, and not at all with subdivision.

    """
    furnace = _furnace_share(words.get(PACKING_COKE, _SUBDIVISION), number)
    unused = unused_shares(words)
    shares: dict[str, Number] = {
        FURNACE_SHARE: furnace,
        _COKE_SOLD: furnace,
        _COKE_SUBSTITUTED: -1.0,
        _MILLING: _milling_share(words.get(FINES, _CUT_OFF), number),
        _FINES_SUBSTITUTED: -1.0,
    }
    return {name: 0.0 if name in unused else share for name, share in shares.items()}


def _furnace_share(choice: str, number: Callable[[str], Number]) -> Number:
    """Return revenue or mass of 1 kg graphitized powder over that of powder and packing coke sold."""
    if choice not in KEYS:
        return 1.0
    sold = number("packing_coke_sold_kg_per_kg")
    if choice == _MASS:
        return 1.0 / (1.0 + sold)
    return _revenue_share("graphitized_powder_price_cny_per_t", number("graphitized_packing_coke_price_cny_per_t") * sold, number)


def _milling_share(choice: str, number: Callable[[str], Number]) -> Number:
    """Return the revenue of 1 kg shaped powder over that of powder and fines."""
    if choice != _ECONOMIC:
        return 1.0
    fines = (1.0 / number("milling_yield") - 1.0) * number("milling_fines_recovered_share")
    return _revenue_share("shaped_powder_price_cny_per_t", number("coke_fines_price_cny_per_t") * fines, number)


def _revenue_share(price: str, co_product: Number, number: Callable[[str], Number]) -> Number:
    """Return the price of 1 t of product over the revenue of all that is made with it."""
    product = number(price)
    revenue = product + co_product
    if np.any(np.less_equal(revenue, 0.0)):
        raise ParameterError(
            N_("%(parameter)s: all outputs together earn nothing, so that revenue is no key. Give prices above zero."),
            parameter=price,
        )
    return product / revenue
