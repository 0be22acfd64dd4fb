# shellcheck shell=bash
# What up.sh, down.sh and the stack's tests share: where the stack keeps its state, and how Compose is called for it.
# Sourced, after scripts/lib.sh.

STATE=${OMS_STATE:-$ROOT/.oms/stack}
# Everything that Compose and other programs must know of the stack, written by write_environment.
ENVIRONMENT=$STATE/oms.env
export OMS_STACK=${OMS_STACK:-oms}
export OMS_SECRETS=$STATE/secrets OMS_ACME_FOLDER=$STATE/acme
export OMS_ADDRESS=${OMS_ADDRESS:-127.0.0.1} OMS_HTTP_PORT=${OMS_HTTP_PORT:-8080} OMS_HTTPS_PORT=${OMS_HTTPS_PORT:-8443}
export OMS_WATCH_PORT=${OMS_WATCH_PORT:-8090} OMS_DB_PORT=${OMS_DB_PORT:-3307}
export OMS_HUB_PORT=${OMS_HUB_PORT:-5672} OMS_STORAGE_PORT=${OMS_STORAGE_PORT:-10000}

# What of the environment a stack is made with; it is kept, so that later commands speak of the same stack.
KEPT=(OMS_STACK OMS_SECRETS OMS_ACME_FOLDER OMS_ADDRESS OMS_HTTP_PORT OMS_HTTPS_PORT OMS_PUBLIC_HTTPS_PORT OMS_WATCH_PORT
    OMS_DB_PORT OMS_HUB_PORT OMS_STORAGE_PORT OMS_IMAGE_TRAEFIK OMS_IMAGE_NGINX OMS_IMAGE_MYSQL OMS_IMAGE_EVENT_HUB
    OMS_IMAGE_AZURITE OMS_IMAGE_APP OMS_EVENT_HUB_UNCHECKED OMS_EVENT_HUB_USER OMS_EVENT_HUB_MEMORY OMS_BUFFER_POOL
    OMS_ACME_DOMAIN OMS_ACME_EMAIL OMS_ACME_SERVER OMS_ACME_CA HUB_NAMESPACE HUB_ENDPOINT CHECKPOINT_CONTAINER_URL AZURE_AUTHORITY_HOST AZURE_TENANT_ID
    AZURE_CLIENT_ID PROCESSOR_CLIENT_ID SMTP_URL NOTIFY_FROM NOTIFY_WEBHOOK_URL SHOP_URL PROCESSOR_OUTBOX PROCESSOR_OWNERSHIP_MILLISECONDS
    PROCESSOR_BALANCE_MILLISECONDS SIMULATOR_ORDERS_PER_MINUTE SIMULATOR_STEP_MILLISECONDS SIMULATOR_SEED CAPTURE_SECONDS
    HUB_RETENTION_HOURS LOG_LEVEL DOCKER_HOST)

# profiles: those of compose.yaml that the settings ask for, with commas.
profiles() {
    local chosen=()
    [ -n "${HUB_NAMESPACE:-}" ] || chosen+=(local)
    # Customers are told where there is somebody to tell them, and simulated where that is asked for.
    [ -z "${SMTP_URL:-}${NOTIFY_WEBHOOK_URL:-}" ] || chosen+=(notify)
    [ "${OMS_SIMULATE:-0}" = 0 ] || chosen+=(simulate)
    (IFS=,; printf '%s' "${chosen[*]:-}")
}

# write_environment: writes $ENVIRONMENT, which README.md of compose/ documents.
write_environment() {
    local name
    if [ -n "${SMTP_URL:-}${NOTIFY_WEBHOOK_URL:-}" ]; then export PROCESSOR_OUTBOX=1; fi
    {
        echo "# Written by scripts/pipeline/up.sh. What is set here and how it is used: compose/README.md."
        echo "COMPOSE_FILE='$ROOT/compose/compose.yaml'"
        echo "COMPOSE_PROJECT_NAME='$OMS_STACK'"
        echo "COMPOSE_PROFILES='$(profiles)'"
        for name in "${KEPT[@]}"; do
            [ -z "${!name:-}" ] || printf "%s='%s'\n" "$name" "${!name//\'/}"
        done
        echo "# For programs on this machine."
        echo "OMS_SHOP_URL='https://localhost:$OMS_HTTPS_PORT'"
        echo "OMS_SHOP_CERTIFICATE='$OMS_SECRETS/tls_certificate'"
        echo "OMS_WATCH_URL='http://127.0.0.1:$OMS_WATCH_PORT'"
        echo "OMS_DB_URL_FILE='$OMS_SECRETS/host_database_url'"
        echo "OMS_DB_ADMIN_URL_FILE='$OMS_SECRETS/host_database_admin_url'"
        echo "OMS_HUB_NAME='orders'"
        echo "OMS_HUB_CONSUMER_GROUP='processor'"
        echo "OMS_HUB_CONNECTION_STRING_FILE='$OMS_SECRETS/host_hub_connection_string'"
        echo "OMS_CHECKPOINT_CONTAINER='checkpoints'"
        echo "OMS_STORAGE_CONNECTION_STRING_FILE='$OMS_SECRETS/host_storage_connection_string'"
        echo "OMS_ARCHIVE_URL_FILE='$OMS_SECRETS/host_archive_url'"
        echo "OMS_WEBHOOK_KEY_FILE='$OMS_SECRETS/webhook_key'"
    } >"$ENVIRONMENT.new"
    chmod 600 "$ENVIRONMENT.new"
    mv "$ENVIRONMENT.new" "$ENVIRONMENT"
}

# compose ARGUMENT...: Compose on the stack as it was made; OMS_COMPOSE_SECONDS is the longest that it may take.
compose() {
    within "${OMS_COMPOSE_SECONDS:-300}" "${COMPOSE[@]}" --env-file "$ENVIRONMENT" -f "$ROOT/compose/compose.yaml" -p "$OMS_STACK" "$@"
}

# in_database STATEMENT_SOURCE...: a shell in the database's container with docker_process_sql as the image has it at a first
# start. The password is read inside the container.
in_database() {
    # shellcheck disable=SC2016
    compose exec -T mysql bash -euo pipefail -c '
        docker_process_sql() { MYSQL_PWD=$(cat /run/secrets/db_root_password) mysql -h 127.0.0.1 -uroot --default-character-set=utf8mb4 -N oms; }
        '"$1"
}

# sql: runs statements from stdin in the stack's database, as root.
sql() { in_database docker_process_sql; }
