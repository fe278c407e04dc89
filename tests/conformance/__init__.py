"""One list of requests, asked of every host: the preview server, nginx, Caddy and the rest."""
