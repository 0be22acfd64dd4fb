#!/bin/bash
# The official MySQL image's start, as far as the stack uses it, for MariaDB: a first start makes the database, the root
# password from its file, and loads /docker-entrypoint-initdb.d; then, and at every other start, the server runs.
set -euo pipefail

data=/var/lib/mysql
if [ ! -d "$data/mysql" ]; then
    mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --datadir="$data" >/dev/null
    mariadbd --no-defaults --datadir="$data" --socket=/tmp/first.sock --skip-networking &
    server=$!
    until mariadb --socket=/tmp/first.sock -uroot -e 'SELECT 1' >/dev/null 2>&1; do
        kill -0 "$server" || exit 1
        sleep 0.2
    done
    mariadb --socket=/tmp/first.sock -uroot -e "CREATE DATABASE \`$MYSQL_DATABASE\` CHARACTER SET utf8mb4"
    for file in /docker-entrypoint-initdb.d/*.sql; do
        [ ! -e "$file" ] || mariadb --socket=/tmp/first.sock -uroot "$MYSQL_DATABASE" <"$file"
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
fi
exec mariadbd --no-defaults --datadir="$data" --socket=/run/mysqld/mysqld.sock --bind-address=0.0.0.0 "$@"
