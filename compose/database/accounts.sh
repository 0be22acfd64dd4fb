# shellcheck shell=bash
# The database's accounts, with passwords from the stack's secrets: `oms_app` for the pipeline, `oms_reader` for questions.
# Sourced by the database image at its first start, and by scripts/pipeline/up.sh at each later one; a second time changes
# nothing, and a new password takes effect. docker_process_sql is the official image's: it reads statements from stdin.

accounts_statements() {
    local app reader table
    app=$(cat /run/secrets/db_app_password)
    reader=$(cat /run/secrets/db_reader_password)
    for account in "oms_app:$app" "oms_reader:$reader"; do
        # In a string of SQL a quote and a backslash stand doubled.
        password=${account#*:}
        password=${password//\\/\\\\}
        password=${password//\'/\'\'}
        echo "CREATE USER IF NOT EXISTS ${account%%:*}@'%' IDENTIFIED BY '$password';"
        echo "ALTER USER ${account%%:*}@'%' IDENTIFIED BY '$password';"
    done
    echo "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON oms.* TO oms_app@'%';"
    # The reader sees no e-mail address, no phone number, and no document that repeats them.
    for table in categories products warehouses inventory orders payments shipments order_items returns dataset_info oms_event_places; do
        echo "GRANT SELECT ON oms.$table TO oms_reader@'%';"
    done
    cat <<'SQL'
GRANT SELECT (id, full_name, city, country, segment, created_at) ON oms.customers TO oms_reader@'%';
GRANT SELECT (event_id, order_number, type, version, occurred_at, received_at, partition_id, offset_id) ON oms.order_events TO oms_reader@'%';
GRANT SELECT (id, partition_id, offset_id, received_at, reason, resolved_at) ON oms.dead_letters TO oms_reader@'%';
GRANT SELECT (order_number, accepted_at, created_at) ON oms.oms_idempotency_keys TO oms_reader@'%';
GRANT SELECT (partition_id, offset_id, order_number, waiting_since) ON oms.oms_waiting_events TO oms_reader@'%';
SQL
}
accounts_statements | docker_process_sql
