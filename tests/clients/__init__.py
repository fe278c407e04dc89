"""Tests of the clients against a served tree."""
