"""Calculate a footprint with its check by Brightway under a spy."""

import json
import sys
import warnings

from tests.lca_models.interchange import spy

seen = spy.watch()
warnings.simplefilter("ignore")

from lca_models import load_model  # noqa: E402 - imports are watched too
from lca_models.calculation import calculate_footprint  # noqa: E402 - as above

difference = calculate_footprint(load_model()).oracle_relative_difference
hosts = list(seen)
answer = {
    "hosts": hosts,
    "spy_works": spy.works(seen),
    "has_bw2data": "bw2data" in sys.modules,
    "agrees": difference is not None and difference <= 1e-12,
}
sys.stdout.write("\n" + json.dumps(answer) + "\n")
