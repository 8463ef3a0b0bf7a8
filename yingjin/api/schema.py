"""`python -m yingjin.api.schema`: write the description of the API, docs/generated/openapi.json."""

import json
import os
import sys
from pathlib import Path
from typing import Any

PATH = Path("docs/generated/openapi.json")


def described() -> dict[str, Any]:
    """Return the description as plain JSON; Django must be set up."""
    from yingjin.api.root import api

    plain: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/"), default=str))
    return plain


def written() -> str:
    """Return the description as it is committed."""
    return json.dumps(described(), ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write the file of the present folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingjin.settings")
    import django

    django.setup()
    PATH.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
