#!/bin/sh
# Makes the Python classes of the contracts: stubs.sh [DIRECTORY]
# (beside the examples when not given). Debian: protobuf-compiler,
# protobuf-compiler-grpc, python3-grpcio, python3-protobuf.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/stubs}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$here/../../../proto"
protoc -I. --python_out="$out" --grpc_python_out="$out" \
  --plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin \
  google/rpc/status.proto \
  samverk/event/v1/*.proto samverk/view/v1/*.proto \
  samverk/recording/v1/*.proto samverk/bus/v1/subscription.proto \
  samverk/bus/v1/tracking.proto
