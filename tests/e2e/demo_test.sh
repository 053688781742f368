#!/usr/bin/env bash
# The demo process through the real programs: recorded, asked, reported, killed,
# and reported again with the same bytes.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

port=$(free_port)
start_server "$work/data" --register e2e
check "greets" holds "$work/greeting" 'register "e2e"'

record_demo() {
  for file in "$root"/deploy/demo/*.jsonl; do
    samverk record "$file" >>"$work/recorded" 2>/dev/null || return 1
  done
}
check "records the demo process" record_demo
head=$(samverk --json status | grep -o '"head":"[0-9]*"')
check "has events" [ "$head" != '"head":"0"' ]
check "records it again without a change" record_demo
check "the head stands" equal \
  "$(samverk --json status | grep -o '"head":"[0-9]*"')" "$head"

show() { samverk --lang "$1" show "$2" --process augustenborg --period 2025 >"$work/$2.$1"; }
for view in budget participation activities findings measures timeline checks lessons costs; do
  check "shows $view in Swedish" show sv "$view"
  check "shows $view in English" show en "$view"
  check "shows $view as JSON" samverk --json show "$view" --process augustenborg >"$work/json"
done
nbsp=$'\u00a0'
check "the sum granted" holds "$work/budget.sv" "300${nbsp}000${nbsp}kr"
check "ca is contagious" holds "$work/budget.sv" "ca 612${nbsp}840${nbsp}kr"
for id in C1/ C2/ C3/ C4/ C5/ C8/ C9/ C10/ C11/ C12/ C13/; do
  check "raises $id" holds "$work/checks.sv" "$id"
done

report() { # NAME OPTION…
  local out=$1
  shift
  samverk report --process augustenborg --period 2025 --out "$out" "$@" 2>/dev/null
}
for format in md html json; do
  check "reports as $format" report "$work/first.$format" --format "$format"
done
check "all headings" holds "$work/first.md" "7. Beskrivning av"
check "Bifoga" holds "$work/first.md" "Bifoga"

cat >"$work/later.jsonl" <<'JSON'
{"process":"augustenborg","source":{"system":"e2e","ref":"1","kind":"SOURCE_KIND_DIRECT"},"recorded_by":{"organisation":"mkb","role":"projektledare","subject":"p-1"},"occurred":{"edtf":"2026-02-03"},"decision_recorded":{"decision":"d-1","body":"Styrgruppen","text":"Blomlådorna ställs ut i maj."}}
JSON
check "records later events" samverk record "$work/later.jsonl" >"$work/out"
check "as of before" report "$work/again.json" --format json --as-of "${head//[^0-9]/}"
check "same bytes as before" cmp "$work/first.json" "$work/again.json"

kill_server
start_server "$work/data"
check "nothing is lost by kill -9" holds "$work/greeting" "head $((${head//[^0-9]/} + 1))"
check "reports after the kill" report "$work/killed.html" --format html --as-of "${head//[^0-9]/}"
check "same bytes after the kill" cmp "$work/first.html" "$work/killed.html"

samverk log --process augustenborg --reverse --limit 3 >"$work/log"
check "the log backwards" holds "$work/log" "decision_recorded"
samverk show budget --process augustenborg >"$work/before"
check "rebuilds a view" samverk projections rebuild budget >"$work/out"
samverk show budget --process augustenborg >"$work/after"
check "the budget is the same" cmp <(tail -n +3 "$work/before") <(tail -n +3 "$work/after")
stop_server
finish
