"""What `catalog.fetch` is made of and needs no network: addresses, bodies, patience, threads."""
