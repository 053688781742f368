# What deploy/run.sh and tests/run.sh share. Sourced; needs bash.
# shellcheck shell=bash

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build="$root/build"

# say TEXT…: what is being done, on standard error.
say() { printf '== %s\n' "$*" >&2; }

# die TEXT…: one sentence that says what happened and what to do; ends.
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# as_root COMMAND…: as root, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# install_packages FILE: installs what FILE lists and is not there yet.
install_packages() {
  command -v dpkg-query >/dev/null ||
    die "this script installs Debian packages, and this system has no dpkg; use Debian 12 (or a container of it)."
  local wanted missing=() package
  mapfile -t wanted < <(grep -vE '^\s*(#|$)' "$1")
  for package in "${wanted[@]}"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null |
      grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
    die "${#missing[@]} packages are missing (${missing[*]}), and installing them needs root: run this as root, or install sudo."
  say "installing ${#missing[@]} packages: ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get
    -o DPkg::Lock::Timeout=600 -qq)
  local log
  log=$(mktemp)
  if ! { as_root "${apt[@]}" update &&
    as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "the packages could not be installed (see above); check the network and /etc/apt/sources.list, then run this again."
  fi
  rm -f "$log"
}

# configure_preset PRESET: configures; builds nothing.
configure_preset() {
  cd "$root"
  cmake --preset "$1" >"$root/.cmake.log" 2>&1 || {
    cat "$root/.cmake.log" >&2
    rm -f "$root/.cmake.log"
    die "CMake could not configure the build (see above)."
  }
  rm -f "$root/.cmake.log"
}

# build_preset PRESET TARGET…: configures and builds; reuses what is built.
build_preset() {
  local preset=$1
  shift
  say "building ($preset: $*); the first time takes some minutes"
  configure_preset "$preset"
  cmake --build --preset "$preset" --target "$@" >&2 ||
    die "the build failed (see above)."
}

# await_greeting PID GREETING LOG SECONDS: waits until the server PID has written
# its line into GREETING, at most so long. Fails when it ends before, and shows
# the end of its LOG.
await_greeting() {
  local rounds=$(($4 * 20))
  while [ "$rounds" -gt 0 ] && [ ! -s "$2" ]; do
    kill -0 "$1" 2>/dev/null || {
      tail -n 3 "$3" >&2
      return 1
    }
    sleep 0.05
    rounds=$((rounds - 1))
  done
  [ -s "$2" ]
}
