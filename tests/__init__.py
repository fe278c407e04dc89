"""The tests: they mirror catalog/ and providers/."""
