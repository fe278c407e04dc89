"""Speed and memory, measured: `make bench` makes upstream bodies, builds from them and writes a table."""
