"""What an internal verification looks at, one after the other."""

from collections.abc import Mapping
from typing import Final

from service.errors import N_

CHECKS: Final[Mapping[str, str]] = {
    "boundary": N_("All sites and all sources that emit or use energy are registered, each with somebody who answers for it."),
    "months": N_("Every source has a figure for each month, and a sample of them agrees with the bills and readings."),
    "evidence": N_("The numbers of bills, readings and laboratory reports lead to papers that are kept."),
    "factors": N_("All fuels take one set of factors, and the grid factors are the newest published."),
    "balances": N_("Carbon balances and the balance of main and sub-meters close."),
    "claims": N_("Electricity of known origin is proven and used once."),
    "energy": N_("Energy in standard coal agrees with energy by calorific values."),
}
"""Key and what is checked."""
