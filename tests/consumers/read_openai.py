"""Run by the consumers' Python: the client of OpenAI lists our models.

python read_openai.py CODE: CODE makes `models`; prints id, creation time and owner of every model as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main(code: str) -> None:
    """Print the list."""
    made: dict[str, Any] = {}
    exec(code, made)  # noqa: S102 - what our documentation tells a user to run
    listed = [[model.id, model.created, model.owned_by] for model in made["models"]]
    sys.stdout.write(json.dumps(listed))


if __name__ == "__main__":
    main(*sys.argv[1:])
