"""The few exceptions of Gatelog, each named by what the caller should do."""

from __future__ import annotations


class GatelogError(Exception):
    """Anything that Gatelog raises on purpose."""


class UseSnapshotError(GatelogError):
    """This gateway gave no usable answer: serve its last good snapshot and say why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SetVariableError(GatelogError):
    """This gateway cannot be asked before an environment variable is set."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"set {variable}")
        self.variable = variable


class SkipRowError(GatelogError):
    """This row cannot become a listing: quarantine it and go on with the next."""


class StopBuildError(GatelogError):
    """Nothing may be published: print the message, leave everything as it was, exit 1."""
