#!/usr/bin/env bash
# Opens a register that an earlier program wrote, one file for each format of
# the log: same head, same root, and it still answers.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"

mkdir "$work/data"
tar -xJf "$root/tests/compat/data/log-format-1.tar.xz" -C "$work/data"
start_server "$work/data"
check "its name" holds "$work/greeting" 'register "compat"'
samverk --json status >"$work/status"
check "its head" holds "$work/status" '"head":"76"'
check "its root" holds "$work/status" '"root":"pD5LkaYBh2RcxzypvprQfwKjbC05gHW7rnh25KNq0YU="'
samverk --json log --limit 100 >"$work/log"
check "every event can be read" equal "$(wc -l <"$work/log")" 76
check "it answers" samverk show budget --process augustenborg >"$work/budget"
check "it reports" samverk report --process augustenborg --period 2025 \
  --format json --out "$work/report.json"
stop_server
finish
