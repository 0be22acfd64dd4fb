#!/bin/bash
# The official MySQL image's start, as far as the stack uses it, for MariaDB: a first start makes the database, the root
# password from its file, and loads /docker-entrypoint-initdb.d; then, and at every other start, the server runs.
set -euo pipefail

data=/var/lib/mysql
# A first start that was cut off begins anew.
if [ ! -d "$data/mysql" ] || [ -e "$data/.making" ]; then
    find "$data" -mindepth 1 -delete
    touch "$data/.making"
    mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --datadir="$data" >/dev/null
    mariadbd --no-defaults --datadir="$data" --socket=/tmp/first.sock --skip-networking &
    server=$!
    for ((i = 0; ; i++)); do
        ! mariadb --socket=/tmp/first.sock -uroot -e 'SELECT 1' >/dev/null 2>&1 || break
        [ $i -lt 300 ] || { echo 'the server did not answer within a minute' >&2; exit 1; }
        kill -0 "$server" || exit 1
        sleep 0.2
    done
    mariadb --socket=/tmp/first.sock -uroot -e "CREATE DATABASE \`$MYSQL_DATABASE\` CHARACTER SET utf8mb4"
    # The name that scripts of the official image know.
    docker_process_sql() { mariadb --socket=/tmp/first.sock -uroot --default-character-set=utf8mb4 "$MYSQL_DATABASE"; }
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
        *.sql) docker_process_sql <"$file" ;;
        # shellcheck disable=SC1090
        *.sh) . "$file" ;;
        esac
    done
    password=$(cat "$MYSQL_ROOT_PASSWORD_FILE")
    mariadb --socket=/tmp/first.sock -uroot -e "
        CREATE USER root@'%' IDENTIFIED BY '$password';
        GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
        DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host NOT IN ('%', 'localhost'));
        FLUSH PRIVILEGES;
        ALTER USER root@localhost IDENTIFIED BY '$password';"
    kill "$server"
    wait "$server"
    rm "$data/.making"
fi
exec mariadbd --no-defaults --datadir="$data" --socket=/run/mysqld/mysqld.sock --bind-address=0.0.0.0 "$@"
