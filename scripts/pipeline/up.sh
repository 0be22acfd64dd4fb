#!/usr/bin/env bash
# Brings the order pipeline up on this machine, and says which images it uses. Run again, it changes what has changed.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
for file in node engine images secrets stack; do
    # shellcheck disable=SC1090
    . "$ROOT/scripts/pipeline/$file.sh"
done

start_engine "$STATE" || fail "cannot bring the stack up: there is no Docker engine" "start Docker, or run as root"
find_compose
mkdir -p "$STATE"
if [ "${OMS_IMAGES:-}" != stand-in ] && official_images; then
    images=official
    say "images: the official ones"
    : >"$STATE/images"
    compose build -q intake
else
    images=stand-in
    say "images: stand-ins (oms-stand-in/*); the official ones cannot be pulled here"
    stand_in_images
    export -p | grep -E ' OMS_(IMAGE_(TRAEFIK|NGINX|MYSQL|EVENT_HUB|AZURITE|APP)|EVENT_HUB_UNCHECKED)=' >"$STATE/images"
fi
make_secrets "$OMS_SECRETS" "$images"

compose up -d --wait --quiet-pull mysql
sql <<SQL
CREATE USER IF NOT EXISTS oms_app@'%' IDENTIFIED BY '$(cat "$OMS_SECRETS/db_app_password")';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON oms.* TO oms_app@'%';
CREATE USER IF NOT EXISTS oms_reader@'%' IDENTIFIED BY '$(cat "$OMS_SECRETS/db_reader_password")';
SQL
# The reader sees no e-mail address, no phone number, and no document that repeats them.
for table in categories products warehouses inventory orders payments shipments order_items returns dataset_info; do
    echo "GRANT SELECT ON oms.$table TO oms_reader@'%';"
done | sql
sql <<'SQL'
GRANT SELECT (id, full_name, city, country, segment, created_at) ON oms.customers TO oms_reader@'%';
GRANT SELECT (event_id, order_number, type, version, occurred_at, received_at, partition_id, offset_id) ON oms.order_events TO oms_reader@'%';
GRANT SELECT (id, partition_id, offset_id, received_at, reason, resolved_at) ON oms.dead_letters TO oms_reader@'%';
SQL
if [ "$(echo 'SELECT COUNT(*) FROM products' | sql)" = 0 ]; then
    oms=${OMS_BIN:-$ROOT/target/release/oms}
    url=mysql://root:$(cat "$OMS_SECRETS/db_root_password")@127.0.0.1:${OMS_DB_PORT:-3307}/oms
    if [ -x "$oms" ]; then
        "$oms" --quiet --db "$url" db seed --live --orders "${OMS_SEED_ORDERS:-5000}" >"$STATE/seed.log" 2>&1 ||
            fail "cannot seed the stack's database: $(tail -n 2 "$STATE/seed.log" | head -n 1)" "see $STATE/seed.log"
        say "data: oms db seed --live"
    else
        sql <"$ROOT/compose/database/catalogue.sql"
        say "data: a small catalogue (make build first gives a whole shop)"
    fi
fi
compose up -d --wait --remove-orphans --quiet-pull
say "the shop is at https://localhost:${OMS_HTTPS_PORT:-8443} (its certificate is this machine's own)"
say "its database is at mysql://oms_reader:...@127.0.0.1:${OMS_DB_PORT:-3307}/oms (password: $OMS_SECRETS/db_reader_password)"
