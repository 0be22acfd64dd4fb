# shellcheck shell=bash
# What up.sh, down.sh and the stack's tests share: where the stack keeps its state, and how Compose is called for it.
# Sourced, after scripts/lib.sh.

STATE=${OMS_STATE:-$ROOT/.oms/stack}
export OMS_SECRETS=$STATE/secrets
export OMS_STACK=${OMS_STACK:-oms}

# compose ARGUMENT...: Compose on the stack. Profile `local` unless a namespace in Azure is set.
compose() {
    local profile=()
    [ -n "${HUB_NAMESPACE:-}" ] || profile=(--profile local)
    # Customers are told where there is a mail server, and simulated where that is asked for.
    if [ -n "${SMTP_URL:-}" ]; then
        profile+=(--profile notify)
        export PROCESSOR_OUTBOX=1
    fi
    [ "${OMS_SIMULATE:-0}" = 0 ] || profile+=(--profile simulate)
    # Which images were chosen by up.sh is part of the stack's state.
    # shellcheck disable=SC1091
    [ ! -e "$STATE/images" ] || . "$STATE/images"
    "${COMPOSE[@]}" -f "$ROOT/compose/compose.yaml" "${profile[@]}" "$@"
}

# sql: runs statements from stdin in the stack's database, as root.
# The password is read inside the container.
# shellcheck disable=SC2016
sql() { compose exec -T mysql sh -c 'MYSQL_PWD=$(cat /run/secrets/db_root_password) exec mysql -h 127.0.0.1 -uroot --default-character-set=utf8mb4 -N oms'; }
