# What up.sh, down.sh and the stack's tests share: where the stack keeps its state, and how Compose is called for it.
# Sourced, after scripts/lib.sh.

STATE=${OMS_STATE:-$ROOT/.oms/stack}
export OMS_SECRETS=$STATE/secrets
export OMS_STACK=${OMS_STACK:-oms}

# compose ARGUMENT...: Compose on the stack. Profile `local` unless a namespace in Azure is set.
compose() {
    local profile=()
    [ -n "${HUB_NAMESPACE:-}" ] || profile=(--profile local)
    # Which images were chosen by up.sh is part of the stack's state.
    # shellcheck disable=SC1091
    [ ! -e "$STATE/images" ] || . "$STATE/images"
    "${COMPOSE[@]}" -f "$ROOT/compose/compose.yaml" "${profile[@]}" "$@"
}

# sql: runs statements from stdin in the stack's database, as root.
sql() { compose exec -T mysql sh -c 'MYSQL_PWD=$(cat /run/secrets/db_root_password) exec mysql -h 127.0.0.1 -uroot --default-character-set=utf8mb4 -N oms'; }
