#!/usr/bin/env bash
# Fills the stack's database where it has no product yet: by `oms db seed --live` where the program is built, so that
# "today" means today, else with a small catalogue. OMS_BIN names another program, or `none`.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
for file in engine stack; do
    # shellcheck disable=SC1090
    . "$ROOT/scripts/pipeline/$file.sh"
done

find_compose
[ "$(echo 'SELECT COUNT(*) FROM products' | sql)" = 0 ] || exit 0
oms=${OMS_BIN:-$ROOT/target/release/oms}
if [ -x "$oms" ]; then
    within 600 "$oms" --quiet --db "$(cat "$OMS_SECRETS/host_database_admin_url")" db seed --live --orders "${OMS_SEED_ORDERS:-5000}" \
        >"$STATE/seed.log" 2>&1 </dev/null ||
        fail "cannot seed the stack's database: $(tail -n 2 "$STATE/seed.log" | head -n 1)" "see $STATE/seed.log"
    say "data: oms db seed --live"
else
    sql <"$ROOT/compose/database/catalogue.sql"
    say "data: a small catalogue (make build first gives a whole shop)"
fi
