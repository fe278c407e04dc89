"""One adapter module per gateway; the tuple is the registry and the default order of detection."""
