#!/usr/bin/env bash
# Builds the images of the Ansible test from Debian's packages alone and saves them into the folder given: the host, a
# Debian with systemd and SSH that has the packages of the roles in it already, and the services of the test's stack.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
debootstrap --variant=minbase bookworm "$root" >"$folder/debootstrap.log" 2>&1 || {
    tail -n 5 "$folder/debootstrap.log" >&2
    exit 1
}
# Smaller images are copied and loaded faster, and each is copied to the host over SSH.
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,locale,man}
tar -C "$root" -c . | docker import - oms-infra-debian >/dev/null
for image in host stack; do
    docker build --quiet --network host --tag "oms-infra-$image" "$here/$image" >/dev/null
    docker save --output "$folder/$image.tar" "oms-infra-$image"
done
