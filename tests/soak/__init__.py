"""Many nights in a row against upstreams that live on and misbehave, all drawn from one seed."""
