"""`python -m tests.conformance`: ask every host that can be started, write the table of docs/hosts.md."""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

from tests.conformance import table
from tests.conformance.farm import farm
from tests.conformance.hosts import HOSTS


def main() -> None:
    """Write the table; the column of a host that cannot be started stays as it is."""
    logging.getLogger("gatelog.serve").addHandler(logging.NullHandler())
    columns = table.committed()
    with tempfile.TemporaryDirectory() as scratch, farm(Path(scratch)) as hosts:
        for host in HOSTS:
            reason = host.missing()
            sys.stdout.write(f"{host.name}: {reason or 'asked'}\n")
            if reason is None:
                columns[host.name] = table.column(hosts, host)
    table.publish(table.markdown(columns))


if __name__ == "__main__":
    main()
