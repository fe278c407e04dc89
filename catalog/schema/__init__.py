"""The published nouns as frozen models; their attribute docstrings become the JSON Schemas."""
