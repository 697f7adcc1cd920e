#!/usr/bin/env bash
# Sourced by the scripts that build: makes sure of what a build needs, and installs only what is
# missing. Call `install_build_tools`.

# What the C libraries are called by pkg-config, and by Debian.
civsync_libraries=(
  yaml-0.1:libyaml-dev libcurl:libcurl4-openssl-dev libgit2:libgit2-dev sqlite3:libsqlite3-dev
  zlib:zlib1g-dev
)

say_error() { printf 'error: %s\n' "$*" >&2; }

# Prints the Debian packages that are missing, one a line.
missing_packages() {
  command -v git >/dev/null || echo git
  command -v pkg-config >/dev/null || echo pkg-config
  local pair
  for pair in "${civsync_libraries[@]}"; do
    pkg-config --exists "${pair%%:*}" 2>/dev/null || echo "${pair##*:}"
  done
}

install_packages() {
  local missing as_root=()
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    say_error "missing, by their Debian names: ${missing[*]}; install them and try again"
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      say_error "missing: ${missing[*]}; install them as root and try again"
      return 1
    fi
    as_root=(sudo)
  fi
  echo "installing ${missing[*]}" >&2
  "${as_root[@]}" apt-get update -qq >&2 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

require_swift() {
  local version=0.0
  if command -v swift >/dev/null; then
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' |
      head -n 1)
    version=${version:-0.0}
    if [ "${version%%.*}" -gt 6 ] || { [ "${version%%.*}" = 6 ] && [ "${version#*.}" -ge 2 ]; }; then
      return 0
    fi
  fi
  if [ "$version" = 0.0 ]; then
    say_error "there is no Swift toolchain"
  else
    say_error "the Swift toolchain is $version, civsync needs 6.2 or later"
  fi
  cat >&2 <<'HELP'
  how to get one: https://www.swift.org/install/linux
    1. download swiftly from there, unpack it and run `./swiftly init`
    2. run `swiftly install latest`
    3. open a new shell and try again
HELP
  return 1
}

# What makes the file systems that some tests run on. Without them these tests are left out and say so, so
# nothing fails here.
install_disk_tools() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 0; fi
  local missing=() pair
  for pair in ext4:e2fsprogs xfs:xfsprogs btrfs:btrfs-progs; do
    [ -x "/sbin/mkfs.${pair%%:*}" ] || missing+=("${pair##*:}")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  echo "installing ${missing[*]}" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >&2 || true
}

install_build_tools() {
  install_packages && require_swift
}
