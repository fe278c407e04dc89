"""Nasty strings through every output format; `python -m tests.hostile` counts them."""
