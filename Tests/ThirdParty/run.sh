#!/usr/bin/env bash
# Has downloaders that other people wrote, unmodified, fetch from the sandbox as if it were the site:
# what they can use is what the real API gives them.
#
#   Tests/ThirdParty/run.sh [--work FOLDER]
#
# They come from PyPI into a virtual environment in the work folder (.build/third-party). They reach the
# sandbox under the site's own names, through a CONNECT proxy and TLS with a certificate authority made
# for the run; nothing leaves this machine once they are installed. Prints `ok` or `FAILED` for each
# check, and ends with 1 when one failed.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=Tests/ThirdParty

work=.build/third-party
while [ $# -gt 0 ]; do
  case "$1" in
    --work) work=$2; shift 2 ;;
    *) echo "unknown option: $1" >&2; exit 64 ;;
  esac
done
. Tests/setup.sh
install_build_tools
mkdir -p "$work"
work=$(cd "$work" && pwd)
rm -rf "$work/run" && mkdir -p "$work/run"

# 1. The programs.
if ! [ -x "$work/venv/bin/gallery-dl" ]; then
  rm -rf "$work/venv"
  python3 -m venv "$work/venv" || {
    say_error "no virtual environment can be made; install python3-venv and try again"
    exit 1
  }
  "$work/venv/bin/pip" install --quiet civitdl==2.2.0 comfy-cli==1.23.0 gallery-dl==1.32.18
fi
swift build --product civitai-sandbox >&2
swift build --product civsync >&2
bin=$(swift build --show-bin-path)

# 2. The authority, and one certificate for all the names.
tls=$work/run/tls
mkdir -p "$tls"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=sandbox test authority" \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign" \
  -keyout "$tls/ca.key" -out "$tls/ca.pem" 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj "/CN=civitai.com" \
  -keyout "$tls/site.key" -out "$tls/site.csr" 2>/dev/null
openssl x509 -req -in "$tls/site.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial -days 2 \
  -out "$tls/site.pem" 2>/dev/null -extfile <(printf '%s\n' \
    'subjectAltName=DNS:civitai.com,DNS:civitai.red,DNS:storage.civitai.test' \
    'extendedKeyUsage=serverAuth')

# 3. The sandbox under the site's names, and the proxy in front of it.
children=()
stop() {
  [ "${#children[@]}" -eq 0 ] || kill "${children[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
}
trap stop EXIT
await() { # FILE: until it has a line
  local tries=0
  until [ -s "$1" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || { echo "nothing came in $1" >&2; exit 1; }
    sleep 0.1
  done
}
"$bin/civitai-sandbox" --scale 0.1 --shown-api https://civitai.com \
  --shown-storage https://storage.civitai.test --ready-file "$work/run/ready" >/dev/null &
children+=($!)
await "$work/run/ready"
api=$(sed -n 's/.*api=\(http:[^ ]*\).*/\1/p' "$work/run/ready")
storage=$(sed -n 's/.*storage=\(http:[^ ]*\).*/\1/p' "$work/run/ready")
python3 "$here/gateway.py" "$tls/site.pem" "$tls/site.key" "civitai.com=${api##*:}" \
  "civitai.red=${api##*:}" "storage.civitai.test=${storage##*:}" >"$work/run/gateway.log" 2>&1 &
children+=($!)
await "$work/run/gateway.log"
gateway=http://127.0.0.1:$(sed -n 's/^ready //p' "$work/run/gateway.log")
through=(
  env -u http_proxy -u HTTP_PROXY -u all_proxy -u ALL_PROXY -u no_proxy -u NO_PROXY
  -u CURL_CA_BUNDLE -u SSL_CERT_DIR -u CIVSYNC_TOKEN
  https_proxy="$gateway" HTTPS_PROXY="$gateway" REQUESTS_CA_BUNDLE="$tls/ca.pem"
  SSL_CERT_FILE="$tls/ca.pem" HOME="$work/run/home" XDG_CONFIG_HOME="$work/run/home/.config"
)
mkdir -p "$work/run/home"

failed=0
check() { # WHAT COMMAND...
  local what=$1
  shift
  if "$@" >>"$work/run/checks.log" 2>&1; then
    echo "ok      $what"
  else
    echo "FAILED  $what (see $work/run)"
    failed=1
  fi
}
told() { # PATH: the digest that the sandbox's catalogue gives for a version's primary file
  curl -sf "$api/api/v1/model-versions/$1" |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["files"][0]["hashes"]["SHA256"].lower())'
}
holds() { # FOLDER VERSION: whether a file with the version's digest stands somewhere below
  local wanted
  wanted=$(told "$2")
  find "$1" -type f -exec sha256sum {} + | grep -q "^$wanted "
}

# 4. The checks.
civitdl() { "${through[@]}" "$work/venv/bin/civitdl" "$@" </dev/null; }
check "civitdl fetches the latest version of a model by its id" civitdl 1004 "$work/run/civitdl"
check "civitdl: the bytes are the catalogue's" holds "$work/run/civitdl" 10041
check "civitdl: under the name that storage gives" \
  test -f "$work/run/civitdl/Borealis VAE/borealisVAE_v10-mid_1004-vid_10041.safetensors"
check "civitdl fetches a version by the model's page" \
  civitdl "https://civitai.com/models/1001?modelVersionId=10011" "$work/run/civitdl-page"
check "civitdl: those are the catalogue's too" holds "$work/run/civitdl-page" 10011
check "civitdl takes a name that is not ASCII" civitdl 1410 "$work/run/civitdl-utf8"

comfy() {
  "${through[@]}" DO_NOT_TRACK=1 "$work/venv/bin/comfy" --skip-prompt --no-enable-telemetry \
    --workspace "$work/run/comfy" model download "$@" </dev/null
}
mkdir -p "$work/run/comfy/models"
check "comfy-cli fetches a model by its page" \
  comfy --url https://civitai.com/models/1004 --relative-path models/vae
check "comfy-cli: the bytes are the catalogue's" holds "$work/run/comfy" 10041

gallery() { # USER-AGENT FOLDER
  "${through[@]}" "$work/venv/bin/gallery-dl" --config-ignore -o extractor.civitai.api=rest \
    -o extractor.civitai.files=model -o extractor.civitai.sleep-request=0 \
    ${1:+-o "extractor.civitai.user-agent=$1"} -d "$2" https://civitai.com/models/1004
}
sent_to_login() {
  ! gallery "" "$work/run/gallery-browser" 2>"$work/run/gallery-browser.log" &&
    grep -q "'api-key' required" "$work/run/gallery-browser.log"
}
check "gallery-dl, which calls itself a browser, is sent to the login page" sent_to_login
check "gallery-dl under another name fetches the file of a model's page" \
  gallery gallery-dl/1 "$work/run/gallery"
check "gallery-dl: the bytes are the catalogue's" holds "$work/run/gallery" 10041

# civsync itself, by the site's real names and over TLS, as a user has it.
mkdir -p "$work/run/civsync"
printf 'version: 1\nroot: models\nlayout: comfyui\ncollections:\n  a: { models: [1004, 1001] }\n' \
  >"$work/run/civsync/civsync.yaml"
own() { (cd "$work/run/civsync" && "${through[@]}" "$bin/civsync" "$@"); }
check "civsync applies from the default endpoints, through the proxy" own apply --yes
check "civsync: the bytes are the catalogue's" holds "$work/run/civsync/models" 10041

no_login_on_storage() {
  curl -sf "$api/sandbox/requests" |
    python3 -c 'import json,sys; sys.exit(json.load(sys.stdin)["authorizedOnStorage"] != 0)'
}
check "none of them took a login to storage" no_login_on_storage

[ "$failed" = 0 ] && echo "all checks passed" || echo "some checks failed"
exit "$failed"
