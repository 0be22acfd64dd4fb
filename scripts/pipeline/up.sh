#!/usr/bin/env bash
# Brings the order pipeline up on this machine, and says which images it uses. Run again, it changes what has changed.
# `--prepare` starts nothing of the stack: images and secrets are made, and the file oms.env that tells any program how to
# bring it up and where its parts are (compose/README.md). Ends with 3 where no stack can run on this machine.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
for file in node engine images secrets stack; do
    # shellcheck disable=SC1090
    . "$ROOT/scripts/pipeline/$file.sh"
done

case "${1:-}" in
'' | --prepare) ;;
*) fail "unknown argument \`$1\`" "scripts/pipeline/up.sh [--prepare]" ;;
esac

mkdir -p "$STATE"
# Traefik writes certificates there as a user of its own; nobody else can come near.
chmod 700 "$STATE"
mkdir -p "$OMS_ACME_FOLDER"
chmod 777 "$OMS_ACME_FOLDER"
if ! start_engine "$STATE"; then
    say "cannot bring the stack up: there is no Docker engine"
    say "hint: start Docker, or run as root"
    exit 3
fi
find_compose
if [ "${OMS_IMAGES:-}" != stand-in ] && official_images; then
    images=official
    say "images: the official ones"
else
    images=stand-in
    [ "${OMS_IMAGES:-}" = stand-in ] || say "the official images cannot be pulled here"
    say "images: stand-ins (oms-stand-in/*)"
    stand_in_parts || exit 3
    stand_in_images
fi
# A data volume keeps the passwords with which it was made: new ones would be refused, minutes later and in the log alone.
if [ ! -e "$OMS_SECRETS/db_root_password" ] && within 20 docker volume inspect "${OMS_STACK}_mysql" >/dev/null 2>&1; then
    fail "cannot bring the stack up: the data volume ${OMS_STACK}_mysql was made with other secrets than are in $OMS_SECRETS" \
        "copy those of the checkout that made it there; or give this stack a name of its own: OMS_STACK=NAME make up; or give its data up: docker${DOCKER_HOST:+ -H $DOCKER_HOST} volume rm ${OMS_STACK}_mysql"
fi
make_secrets "$OMS_SECRETS" "$images"
write_environment
[ $images = stand-in ] || OMS_COMPOSE_SECONDS=900 compose build -q intake
if [ "${1:-}" = --prepare ]; then
    say "prepared: $ENVIRONMENT"
    exit 0
fi

compose up -d --wait --wait-timeout 180 --quiet-pull mysql
# A first start has made them; a later one may have new passwords or new tables.
in_database '. /docker-entrypoint-initdb.d/30-accounts.sh' </dev/null
"$ROOT/scripts/pipeline/seed.sh"
compose up -d --wait --wait-timeout 240 --remove-orphans --quiet-pull
say "the shop is at https://localhost:$OMS_HTTPS_PORT (its certificate is this machine's own)"
say "its database is at mysql://oms_reader:...@127.0.0.1:$OMS_DB_PORT/oms (whole address: $OMS_SECRETS/host_database_url)"
say "health and metrics are at http://127.0.0.1:$OMS_WATCH_PORT (compose/README.md); everything else: $ENVIRONMENT"
