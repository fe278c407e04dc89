"""Run by the consumers' Python: the client of OpenAI lists our models.

python read_openai.py BASE_URL: prints id, creation time and owner of every model as JSON.
"""

from __future__ import annotations

import json
import sys

from openai import OpenAI


def main(base_url: str) -> None:
    """Print the list."""
    client = OpenAI(base_url=base_url, api_key="none is needed")
    listed = [[model.id, model.created, model.owned_by] for model in client.models.list()]
    sys.stdout.write(json.dumps(listed))


if __name__ == "__main__":
    main(*sys.argv[1:])
