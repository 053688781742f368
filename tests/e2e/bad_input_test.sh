#!/usr/bin/env bash
# Bad input through the real programs: each a named refusal, nothing written.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

port=$(free_port)
start_server "$work/data"

by='"recorded_by":{"organisation":"mkb","role":"projektledare","subject":"p-1"}'
process='"process":"p","source":{"system":"e2e","ref":"0"},'$by
cat >"$work/process.jsonl" <<JSON
{$process,"process_registered":{"name":"Provprocessen"}}
JSON
check "a process" samverk record "$work/process.jsonl" >"$work/out"

# bad NAME TEXT JSON: refused with status 1 and TEXT, in English.
ref=0
bad() {
  ref=$((ref + 1))
  printf '%s\n' "${3//REF/$ref}" >"$work/bad.jsonl"
  check "$1" refused 1 "$2" samverk --lang en record "$work/bad.jsonl"
}
event='"process":"p","source":{"system":"e2e","ref":"REF"},'$by
place='"place_defined":{"place":"torget","name":"Torget"}'
bad "duplicate key" "name" "{$event,\"place_defined\":{\"place\":\"a\",\"name\":\"A\",\"name\":\"B\"}}"
bad "trailing comma" "line 1" "{$event,$place,}"
bad "single quotes" "line 1" "{'process':'p'}"
bad "unknown field" "placed_at" "{$event,\"place_defined\":{\"place\":\"a\",\"name\":\"A\",\"placed_at\":1}}"
bad "a fraction of an öre" "1.5" "{$event,\"grant_awarded\":{\"grant\":\"g\",\"funder\":\"f\",\"amount\":{\"ore\":1.5,\"currency\":\"SEK\",\"precision\":\"PRECISION_EXACT\"}}}"
bad "a negative sum" "grant_awarded.amount" "{$event,\"grant_awarded\":{\"grant\":\"g\",\"funder\":\"f\",\"amount\":{\"ore\":-5,\"currency\":\"SEK\",\"precision\":\"PRECISION_EXACT\"}}}"
bad "another unit" "EUR" "{$event,\"grant_awarded\":{\"grant\":\"g\",\"funder\":\"f\",\"amount\":{\"ore\":5,\"currency\":\"EUR\",\"precision\":\"PRECISION_EXACT\"}}}"
bad "a date that does not exist" "2025-02-30" "{$event,\"occurred\":{\"edtf\":\"2025-02-30\"},$place}"
bad "EDTF beyond level 1" "occurred.edtf" "{$event,\"occurred\":{\"edtf\":\"[2025,2026]\"},$place}"
bad "an unknown actor" "ACTOR_UNKNOWN" "{$event,\"role_assigned\":{\"actor\":\"nobody\",\"kind\":\"ROLE_KIND_LEAD\"}}"
bad "an unknown finding" "FINDING_UNKNOWN" "{$event,\"finding_closed\":{\"finding\":\"f-1\"}}"
bad "an event before what it depends on" "MEASURE_UNKNOWN" "{$event,\"measure_implemented\":{\"measure\":\"m-1\"}}"
bad "another process" "another" "{\"process\":\"another\",\"source\":{\"system\":\"e2e\",\"ref\":\"REF\"},$by,$place}"
bad "no fact" "fact" "{$event}"
bad "an identity number" "TEXT_HAS_IDENTITY_NUMBER" "{$event,\"place_defined\":{\"place\":\"a\",\"name\":\"Anna 811218-9876\"}}"
bad "a telephone number" "TEXT_HAS_PHONE_NUMBER" "{$event,\"place_defined\":{\"place\":\"a\",\"name\":\"Ring 070-123 45 67\"}}"
bad "an e-mail address" "TEXT_HAS_EMAIL_ADDRESS" "{$event,\"place_defined\":{\"place\":\"a\",\"name\":\"a.b@example.org\"}}"
bad "a text too long" "TEXT_TOO_LONG" "{$event,\"place_defined\":{\"place\":\"a\",\"name\":\"A\",\"description\":\"$(head -c 17000 /dev/zero | tr '\0' x)\"}}"
printf '{"process":"\xff"}\n' >"$work/bad.jsonl"
check "invalid UTF-8" refused 1 "UTF-8" samverk --lang en record "$work/bad.jsonl"
for i in $(seq 1 1001); do
  echo "{\"process\":\"p\",\"source\":{\"system\":\"e2e\",\"ref\":\"many-$i\"},$by,\"place_defined\":{\"place\":\"p-$i\",\"name\":\"P\"}}"
done >"$work/many.jsonl"
check "an oversized batch" refused 1 "1000" samverk --lang en record "$work/many.jsonl"
check "an empty file" refused 1 "" samverk record /dev/null
check "no such file" refused 1 "nowhere.jsonl" samverk record "$work/nowhere.jsonl"
check "a malformed command" refused 2 "" samverk show nothing
check "an unknown process" refused 1 "nowhere" samverk show budget --process nowhere
check "a period that is none" refused 1 "soon" samverk show budget --process p --period soon
check "nothing was written" holds <(samverk --json status) '"head":"1"'

# Two events, the second refused: neither is there.
{
  echo "{\"process\":\"p\",\"source\":{\"system\":\"e2e\",\"ref\":\"x1\"},$by,$place}"
  echo "{\"process\":\"p\",\"source\":{\"system\":\"e2e\",\"ref\":\"x2\"},$by,\"finding_closed\":{\"finding\":\"f-1\"}}"
} >"$work/two.jsonl"
check "a batch is whole or not at all" refused 1 "FINDING_UNKNOWN" samverk record "$work/two.jsonl"
check "--check finds the same" refused 1 "FINDING_UNKNOWN" samverk record --check "$work/two.jsonl"
check "still nothing" holds <(samverk --json status) '"head":"1"'

# The server's own refusals: one sentence, status 1.
other=$(free_port)
check "a second server on the directory" refused 1 "samverkd: " \
  "$SAMVERK_BIN/samverkd" --data "$work/data" --grpc "127.0.0.1:$other"
check "one sentence" equal "$(grep -c '^samverkd: ' "$work/err")" 1
check "a port in use" refused 1 "127.0.0.1:$port" \
  "$SAMVERK_BIN/samverkd" --data "$work/other" --grpc "127.0.0.1:$port"
check "not loopback" refused 1 "loopback" \
  "$SAMVERK_BIN/samverkd" --data "$work/other" --grpc "0.0.0.0:$other"
check "another register's name" refused 1 "samverkd: " \
  "$SAMVERK_BIN/samverkd" --data "$work/data" --register other --grpc "127.0.0.1:$other"
echo x >"$work/file"
check "a file for a directory" refused 1 "$work/file" \
  "$SAMVERK_BIN/samverkd" --data "$work/file" --grpc "127.0.0.1:$other"
check "the first server goes on" samverk status >"$work/out"
stop_server
check "no server" refused 1 "" samverk status
finish
