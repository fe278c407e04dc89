"""The preview server in this process, on a free port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from catalog.serve import BuiltTree, listening, server


@contextmanager
def served(tree: BuiltTree) -> Iterator[str]:
    """Serve a tree and yield its address."""
    running = server(tree)
    with listening("127.0.0.1", 0) as entrance:
        thread = threading.Thread(target=running.run, args=([entrance],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{entrance.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join()
