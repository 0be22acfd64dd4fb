#!/usr/bin/env bash
# Installs what the program and its checks need and this machine lacks. Does nothing where all is there.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

have cargo || fail "cannot build: there is no Rust toolchain" \
    "install Rust 1.95 or newer: https://rustup.rs" "then run the command again"

needed=()
have cc || needed+=(gcc libc6-dev)
have c++ || needed+=(g++)
have cmake || needed+=(cmake)
have python3 || needed+=(python3)
# The server's programs alone: nothing is started, and no system service is set up.
if ! have mariadbd && ! have mysqld && [ ! -x /usr/sbin/mariadbd ] && [ ! -x /usr/sbin/mysqld ]; then
    needed+=(mariadb-server-core mariadb-client-core)
elif [ ! -x /usr/sbin/mysqld ] && ! have mariadb-install-db; then
    needed+=(mariadb-server-core mariadb-client-core)
fi
[ ${#needed[@]} -eq 0 ] || packages "${needed[@]}"
