"""Processes that die at the worst moment; `python -m tests.crash` counts how many of them do no harm."""
