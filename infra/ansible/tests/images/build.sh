#!/usr/bin/env bash
# Makes what the playbooks' tests need, with the Docker engine that is at hand: the image of the host; and in the folder
# given, as a person would bring them to a host without a registry, the images of the project's own stack (stack.tar), the
# settings that name them (settings.json), and secrets of their own (secrets/).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/../../../../scripts/lib.sh"
folder=$1
export OMS_STATE=$folder/state
for file in node engine images stack secrets; do
    # shellcheck disable=SC1090
    . "$ROOT/scripts/pipeline/$file.sh"
done
stand_in_parts
stand_in_images
make_secrets "$folder/secrets" stand-in

host=oms-infra-host:$(cat "$here/host.Dockerfile" <(docker image inspect --format '{{.Id}}' oms-stand-in/debian) | sha256sum | cut -c1-16)
if ! timeout 20 docker image inspect "$host" >/dev/null 2>&1; then
    say "building $host"
    context=$(mktemp -d)
    cp "$here/host.Dockerfile" "$context/Dockerfile"
    DOCKER_BUILDKIT=0 timeout --kill-after=10 420 docker build --quiet --network host --tag "$host" "$context" >/dev/null </dev/null
    rm -rf "$context"
fi

mapfile -t images < <(printf '%s\n' "$OMS_IMAGE_TRAEFIK" "$OMS_IMAGE_NGINX" "$OMS_IMAGE_MYSQL" "$OMS_IMAGE_EVENT_HUB" \
    "$OMS_IMAGE_AZURITE" "$OMS_IMAGE_APP" | sort -u)
timeout --kill-after=10 300 docker save --output "$folder/stack.tar" "${images[@]}"
python3 - "$host" "${images[@]}" >"$folder/settings.json" <<'PYTHON'
import json, os, sys
settings = {name: value for name, value in os.environ.items() if name.startswith("OMS_IMAGE_") or name == "OMS_EVENT_HUB_UNCHECKED"}
json.dump({"host": sys.argv[1], "images": sys.argv[2:], "settings": settings}, sys.stdout, indent=2)
PYTHON
