# shellcheck shell=bash
# The stack's secrets: random files in a folder that only this user can enter, made once. Those whose names begin with
# `host_` are for programs outside the containers. Sourced, after scripts/lib.sh and stack.sh.

random() { openssl rand -hex 24; }

# keep FILE CONTENT: writes a secret that is not there yet.
keep() { [ -s "$1" ] || printf '%s' "$2" >"$1"; }

# make_secrets FOLDER official|stand-in
make_secrets() {
    local folder=$1 images=$2 name hub storage url
    have openssl || packages openssl
    mkdir -p "$folder"
    # Containers read the files as users of their own; the folder keeps everybody else out.
    chmod 700 "$folder"
    umask 022
    for name in db_root_password db_app_password db_reader_password tracking_key webhook_key; do keep "$folder/$name" "$(random)"; done
    # The official emulators know one key each, which is no secret: the same for everybody.
    if [ "$images" = official ]; then
        printf '%s' SAS_KEY_VALUE >"$folder/hub_key"
        printf '%s' Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw== >"$folder/storage_key"
    else
        # What an earlier run with official images left is no secret.
        [ "$(cat "$folder/hub_key" 2>/dev/null)" != SAS_KEY_VALUE ] || rm "$folder/hub_key" "$folder/storage_key"
        keep "$folder/hub_key" "$(random)"
        keep "$folder/storage_key" "$(openssl rand -base64 48 | tr -d '\n')"
    fi
    hub="SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=$(cat "$folder/hub_key");UseDevelopmentEmulator=true;"
    storage="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=$(cat "$folder/storage_key")"
    printf '%s' "${HUB_CONNECTION_STRING:-Endpoint=sb://event-hub;$hub}" >"$folder/hub_connection_string"
    printf '%s' "${HUB_CONNECTION_STRING:-Endpoint=sb://127.0.0.1:$OMS_HUB_PORT/;$hub}" >"$folder/host_hub_connection_string"
    printf '%s' "${CHECKPOINT_CONNECTION_STRING:-$storage;BlobEndpoint=http://azurite:10000/devstoreaccount1;}" >"$folder/storage_connection_string"
    printf '%s' "${CHECKPOINT_CONNECTION_STRING:-$storage;BlobEndpoint=http://127.0.0.1:$OMS_STORAGE_PORT/devstoreaccount1;}" >"$folder/host_storage_connection_string"
    # For a hub in Azure: the certificate and key that the application proves itself by.
    if [ -n "${AZURE_CLIENT_CERTIFICATE_FILE:-}" ]; then
        cat "$AZURE_CLIENT_CERTIFICATE_FILE" >"$folder/azure_client_certificate"
    else
        [ -e "$folder/azure_client_certificate" ] || : >"$folder/azure_client_certificate"
    fi
    archive_url "$OMS_STORAGE_PORT" "$folder/storage_key" >"$folder/host_archive_url"
    url=127.0.0.1:$OMS_DB_PORT/oms
    printf 'mysql://oms_reader:%s@%s' "$(cat "$folder/db_reader_password")" "$url" >"$folder/host_database_url"
    printf 'mysql://root:%s@%s' "$(cat "$folder/db_root_password")" "$url" >"$folder/host_database_admin_url"
    if [ ! -s "$folder/tls_certificate" ]; then
        # Not an authority's, as OpenSSL makes them by itself: rustls, and so `oms health`, takes no authority for a server.
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=localhost \
            -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
            -keyout "$folder/tls_key" -out "$folder/tls_certificate" 2>/dev/null
    fi
    chmod 644 "$folder"/*
}

# archive_url PORT KEY_FILE: the address of the archive's container with a token that can read and list it and nothing else,
# as `archive.source` takes it.
archive_url() {
    python3 - "$@" <<'PYTHON'
import base64, hashlib, hmac, sys, urllib.parse
port, key = sys.argv[1], base64.b64decode(open(sys.argv[2]).read())
version, start, end = "2020-12-06", "2020-01-01T00:00:00Z", "2050-01-01T00:00:00Z"
fields = ["rl", start, end, "/blob/devstoreaccount1/archive", "", "", "", version, "c", "", "", "", "", "", "", ""]
signature = base64.b64encode(hmac.new(key, "\n".join(fields).encode(), hashlib.sha256).digest()).decode()
token = urllib.parse.urlencode({"sv": version, "sr": "c", "sp": "rl", "st": start, "se": end, "sig": signature})
print(f"http://127.0.0.1:{port}/devstoreaccount1/archive?{token}", end="")
PYTHON
}
