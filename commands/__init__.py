"""The command line: a module for each family of commands; `build.py` puts them together.

Adapters, core and edges meet only here: `world` says what of the outside the core is given, `program` what
this program is, `options` what several commands ask alike, `trouble` how they give up.
"""
