#!/bin/sh
# Makes the TypeScript classes of the contracts in src/gen: stubs.sh [PROTO]
# (PROTO: the folder of the contracts; this repository's when not given).
# Needs protoc (Debian: protobuf-compiler) and what npm has installed here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-${SAMVERK_PROTO:-$here/../../../proto}}"
mkdir -p "$here/src/gen"
protoc -I. --es_out="$here/src/gen" --es_opt=target=ts,import_extension=js \
  --plugin=protoc-gen-es="$here/node_modules/.bin/protoc-gen-es" \
  samverk/event/v1/*.proto samverk/view/v1/*.proto \
  samverk/recording/v1/*.proto samverk/bus/v1/subscription.proto \
  samverk/bus/v1/tracking.proto
