"""Trees and servers for as long as somebody asks: each is made once, when it is needed first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from tests.conformance.ask import Reply, ask, problems
from tests.conformance.cases import Case
from tests.conformance.hosts import HOSTS, Host
from tests.conformance.trees import TREES


class Farm:
    """Every host over every tree."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self.tree = cache(self._tree)
        self._address = cache(self._started)

    def _tree(self, name: str) -> Path:
        """Build a tree."""
        folder = self._folder / name
        folder.mkdir()
        return TREES[name](folder)

    def _started(self, name: str, tree: str) -> str:
        host = next(host for host in HOSTS if host.name == name)
        scratch = self._folder / f"{name}-{tree}"
        scratch.mkdir(exist_ok=True)
        return self._stack.enter_context(host.start(self.tree(tree), scratch))

    def reply(self, host: Host, case: Case) -> Reply:
        """Ask a host what a case asks."""
        return ask(self._address(host.name, case.tree), case)

    def wrong(self, host: Host, case: Case) -> list[str]:
        """Say what is wrong with the answer of a host."""
        return problems(case, self.reply(host, case), adapter=host.adapter)


@contextmanager
def farm(folder: Path) -> Iterator[Farm]:
    """Open a farm; all its servers end with it."""
    with ExitStack() as stack:
        yield Farm(folder, stack)
