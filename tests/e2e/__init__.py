"""Builds from end to end, against hand-made upstreams on a loopback port."""
