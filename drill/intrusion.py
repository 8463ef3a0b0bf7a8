"""10^5 requests of the intrusion test, half on each database: nobody is told or changes anything of others.

The walk is that of tests/integration/test_intrusion.py, which runs here with a larger count.
"""

import re

from drill.places import DATABASES, tested
from drill.table import Outcome, count

REQUESTS = 100_000
TEST = "tests/integration/test_intrusion.py"


def run(seed: int, share: float) -> list[Outcome]:
    """Ask on both databases."""
    outcomes = []
    for kind in DATABASES:
        requests = count(REQUESTS // len(DATABASES), share)
        status, said = tested(
            [TEST], kind, YINGJIN_INTRUSION_REQUESTS=str(requests), YINGJIN_INTRUSION_SEED=str(seed)
        )
        asked = re.search(r"asked (\d+)", said)
        wrong = (
            () if status == 0 else tuple(re.findall(r"^E +(.*)$", said, re.MULTILINE)[:20]) or (said[-500:],)
        )
        control = "who may know is told by the same addresses" if status == 0 else "see the tests"
        outcomes.append(Outcome("requests", int(asked[1]) if asked else 0, wrong, control, kind))
    return outcomes
