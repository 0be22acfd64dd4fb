#!/usr/bin/env bash
# Has the three web servers read their configuration and their files anew, with no request lost: each is tested first, and
# goes on as before where the new configuration is wrong. Traefik sees changed routes by itself.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
for file in engine stack; do
    # shellcheck disable=SC1090
    . "$ROOT/scripts/pipeline/$file.sh"
done

[ -e "$ENVIRONMENT" ] || fail "the stack is not up" "make up"
if [ -e "$STATE/engine" ]; then
    DOCKER_HOST=unix://$(cat "$STATE/engine")/docker.sock
    export DOCKER_HOST
fi
find_compose
for server in web-1 web-2 web-3; do
    compose exec -T "$server" nginx -t -q -c /etc/oms/nginx.conf </dev/null ||
        fail "cannot reload $server: its new configuration is wrong" "mend compose/nginx/nginx.conf; the server goes on with the old one"
    compose kill -s HUP "$server"
done
