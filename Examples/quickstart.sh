#!/usr/bin/env bash
# The whole story of civsync in a minute, against a sandbox on this machine: declare, plan, apply,
# edit, and go back. It asks nothing of the real site and needs no account.
#
#   Examples/quickstart.sh [FOLDER]
#
# FOLDER (./civsync-quickstart) is made, and left behind for playing.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source_root=$(cd "$here/.." && pwd)
folder=${1:-$PWD/civsync-quickstart}
marker=.civsync-quickstart
scratch=""
sandbox_pid=""

# shellcheck source=Tests/setup.sh
. "$source_root/Tests/setup.sh"

if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\033[1m' dim=$'\033[2m' plain=$'\033[0m'
else
  bold="" dim="" plain=""
fi

# Someone who watches gets time to read; a script does not wait.
pause() {
  if [ -t 0 ] && [ -t 1 ] && [ -z "${CI:-}" ]; then sleep "${1:-2}"; fi
}

tell() { printf '\n%s# %s%s\n' "$dim" "$*" "$plain"; }

# Shows a command as it is typed, then what it says.
run() {
  printf '%s$ %s%s\n' "$bold" "$*" "$plain"
  pause 1
  "$@"
  pause 2
}

stop_sandbox() {
  [ -n "$sandbox_pid" ] || return 0
  kill "$sandbox_pid" 2>/dev/null || true
  wait "$sandbox_pid" 2>/dev/null || true
  sandbox_pid=""
}

clean_up() {
  stop_sandbox
  [ -z "$scratch" ] || rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

build() {
  install_build_tools
  tell "building the release (some minutes the first time)"
  (
    cd "$source_root"
    swift build -c release --static-swift-stdlib --product civsync
    swift build -c release --static-swift-stdlib --product civitai-sandbox
  ) >&2
  tools=$(cd "$source_root" && swift build -c release --static-swift-stdlib --show-bin-path)
  PATH=$tools:$PATH
}

# Only what an earlier quickstart made is ever removed.
check_folder() {
  if [ -e "$folder" ] && [ ! -f "$folder/$marker" ]; then
    say_error "\`$folder\` is there already and not from a quickstart; name another: $0 FOLDER"
    exit 1
  fi
}

make_folder() {
  rm -rf "$folder"
  mkdir -p "$folder"
  : >"$folder/$marker"
}

start_sandbox() {
  scratch=$(mktemp -d)
  civitai-sandbox --ready-file "$scratch/ready" >"$scratch/log" 2>&1 &
  sandbox_pid=$!
  local tries=0
  until [ -s "$scratch/ready" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$sandbox_pid" 2>/dev/null; then
      say_error "the sandbox did not start:"
      cat "$scratch/log" >&2
      exit 1
    fi
    sleep 0.1
  done
  local ready
  ready=$(cat "$scratch/ready")
  api=${ready#*api=}
  api=${api%% *}
  storage_port=${ready##*:}
}

# Puts a manifest of this folder's examples in place, with the sandbox's address.
declare_manifest() {
  sed "s|http://127.0.0.1:0|$api|" "$here/quickstart/$1" >"$2"
}

tell_story() {
  tell "1. the manifest declares what the folder of models is to hold"
  declare_manifest civsync.yaml civsync.yaml
  run cat civsync.yaml

  tell "2. the plan shows what would change, and changes nothing"
  run civsync plan

  tell "3. apply makes it true: everything is fetched and verified, and only then placed"
  run civsync apply --yes
  run find models -name '*.safetensors'

  tell "4. edit the manifest: follow another creator, drop one model"
  declare_manifest edited.yaml civsync.edited.yaml
  printf '%s$ diff -u civsync.yaml civsync.edited.yaml%s\n' "$bold" "$plain"
  diff -u civsync.yaml civsync.edited.yaml || true
  pause 3
  mv civsync.edited.yaml civsync.yaml
  run civsync plan

  tell "5. apply again; one of the new files is for members, so a token goes along"
  run export CIVSYNC_TOKEN=sandbox-token
  run civsync apply --yes
  unset CIVSYNC_TOKEN

  tell "6. each apply is a snapshot"
  run civsync log
  run civsync show HEAD

  tell "7. go back. The sandbox is stopped first: what was fetched once needs no network"
  stop_sandbox
  run civsync rollback HEAD~1 --yes
  run civsync status
  run civsync log
}

finish() {
  cat <<TEXT

${bold}That was it.${plain} The folder is \`$folder\`. To play on:

  cd $folder
  export PATH=$tools:\$PATH
  civitai-sandbox --port ${api##*:} --storage-port $storage_port &

  civsync plan                    # the manifest still asks for what you rolled back
  civsync rollback HEAD~1 --yes   # undo the rollback
  civsync rollback @empty --dry-run
  rm models/loras/*; civsync status; civsync apply --yes
  git -C .civsync log -p          # the history is plain git

Then for the real site: copy one of $source_root/Manifests, set \`root:\` to your own folder,
and begin with \`civsync plan\`, which changes nothing. Docs/Manifest/ explains every key.
TEXT
}

check_folder
build
make_folder
start_sandbox
cd "$folder"
folder=$PWD
tell_story
finish
