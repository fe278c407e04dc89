"""Tests of the adapters: hand-made rows in, listings out; no network."""
