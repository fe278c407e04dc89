"""Run by the Python of the tools that read our exports; nothing here is imported by a test."""
