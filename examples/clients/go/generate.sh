#!/bin/sh
# Generates the Go code of our contracts into gen/. Needs protoc (Debian and Ubuntu: apt install protobuf-compiler).
set -eu
cd "$(dirname "$0")"
protos=../../../proto/src/main/protobuf
package=rolescope.example/patterns/gen
mkdir -p gen
${PROTOC:-protoc} --proto_path="$protos" \
  --plugin=protoc-gen-go="$(go tool -n protoc-gen-go)" --go_out=gen --go_opt=module="$package" \
  --go_opt=Mrolescope/v1/tensor.proto="$package" --go_opt=Mrolescope/v1/inference.proto="$package" \
  --plugin=protoc-gen-go-grpc="$(go tool -n protoc-gen-go-grpc)" --go-grpc_out=gen --go-grpc_opt=module="$package" \
  --go-grpc_opt=Mrolescope/v1/tensor.proto="$package" --go-grpc_opt=Mrolescope/v1/inference.proto="$package" \
  rolescope/v1/tensor.proto rolescope/v1/inference.proto
