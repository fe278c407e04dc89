"""The workflows and their scripts, run in a checkout of their own with a stand-in for GitHub."""
