"""Every way to misbehave × every gateway: what a whole build makes of it."""
