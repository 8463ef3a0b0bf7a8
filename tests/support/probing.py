"""
Schemathesis against a served place: whatever the description allows is asked, and some of what it does not.

* probe      run it; few examples in the tests, many in a drill
* this file is also its hooks: real keys in the place of made-up ones, and our own reading of "accepted"
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.places import CHECKOUT

KEYS = "YINGJIN_PROBE_KEYS"
# A request as described may be refused for what no description can say, but never as one that is not as described.
NOT_UNDERSTOOD = {"bad_request_fields", "unreadable"}


def probe(
    address: str, token: str, keys: Mapping[str, Sequence[str]], folder: Path, *, examples: int, seed: int = 1
) -> subprocess.CompletedProcess[str]:
    """Ask every operation so many ways of each kind. `keys` are real ones by the path they stand in."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {token}", "--max-examples", str(examples), "--seed", str(seed),
        "--phases", "examples,coverage,fuzzing", "--exclude-checks", "positive_data_acceptance",
        "--continue-on-failure", "--generation-deterministic", "--no-color", "--warnings", "off",
    ]  # fmt: skip
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.support.probing",
        "PYTHONPATH": str(CHECKOUT),
        KEYS: json.dumps(keys),
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8")


if os.environ.get(KEYS):
    import schemathesis
    from schemathesis import GenerationMode

    REAL: dict[str, list[str]] = json.loads(os.environ[KEYS])

    @schemathesis.hook
    def map_path_parameters(context: Any, path_parameters: Any) -> Any:
        """Put a real key in the place of two made-up ones in three; what is no key stays as it is."""
        for name, value in list((path_parameters or {}).items()):
            known = REAL.get(f"{context.operation.path} {name}")
            number = sum(str(value).encode())
            if known and len(str(value)) in (36, 51, 49, 50, 52) and number % 3:
                path_parameters[name] = known[number % len(known)]
        return path_parameters

    @schemathesis.check
    def what_is_described_is_understood(ctx: Any, response: Any, case: Any) -> None:
        """See that a request as described is not refused as one that is not."""
        if (
            case.meta is None
            or case.meta.generation.mode != GenerationMode.POSITIVE
            or response.status_code not in (400, 422)
        ):
            return
        code = response.json()["code"]
        assert code not in NOT_UNDERSTOOD, f"{response.status_code} {code}: {response.text}"
