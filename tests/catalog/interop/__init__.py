"""Tests of the exports, a file for each kind of form."""
