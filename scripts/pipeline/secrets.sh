# shellcheck shell=bash
# The stack's secrets: random files in a folder that only this user can enter, made once. Sourced, after scripts/lib.sh.

random() { openssl rand -hex 24; }

# keep FILE CONTENT: writes a secret that is not there yet.
keep() { [ -s "$1" ] || printf '%s' "$2" >"$1"; }

# make_secrets FOLDER official|stand-in
make_secrets() {
    local folder=$1 images=$2 azurite_key
    have openssl || packages openssl
    mkdir -p "$folder"
    # Containers read the files as users of their own; the folder keeps everybody else out.
    chmod 700 "$folder"
    umask 022
    for name in db_root_password db_app_password db_reader_password tracking_key webhook_key; do keep "$folder/$name" "$(random)"; done
    # The official emulator knows one key, which is no secret.
    if [ "$images" = official ]; then keep "$folder/hub_key" SAS_KEY_VALUE; else keep "$folder/hub_key" "$(random)"; fi
    printf '%s' "${HUB_CONNECTION_STRING:-Endpoint=sb://event-hub;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=$(cat "$folder/hub_key");UseDevelopmentEmulator=true;}" >"$folder/hub_connection_string"
    # Azurite's documented account, the same for everybody; its port is not published.
    azurite_key=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==
    printf '%s' "${CHECKPOINT_CONNECTION_STRING:-DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=$azurite_key;BlobEndpoint=http://azurite:10000/devstoreaccount1;}" >"$folder/storage_connection_string"
    if [ ! -s "$folder/tls_certificate" ]; then
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=localhost \
            -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$folder/tls_key" -out "$folder/tls_certificate" 2>/dev/null
    fi
    chmod 644 "$folder"/*
}
