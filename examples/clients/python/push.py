"""Entropies of attention patterns made elsewhere, here by NumPy: push.py HOST:PORT."""

import pathlib
import sys

import google_crc32c
import grpc
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "proto/src/main/protobuf"))
metrics, services = grpc.protos_and_services("rolescope/v1/metrics.proto")
tensors = grpc.protos("rolescope/v1/tensor.proto")

TOKENS, HEADS, LAYERS, CHUNK = 6, 4, 2, 1 << 20


def causal_pattern(random):
    """Softmax of random scores over visible keys, [batch 1, head, query_pos, key_pos]."""
    scores = np.exp(random.normal(size=(1, HEADS, TOKENS, TOKENS))) * np.tri(TOKENS)
    return (scores / scores.sum(axis=3, keepdims=True)).astype("<f4")


def frames(number, layer, pattern):
    axes = zip(("batch", "head", "query_pos", "key_pos"), pattern.shape)
    data = pattern.tobytes()
    header = tensors.TensorHeader(
        tensor_id=number, name="pattern", layer=layer, data_type=tensors.DATA_TYPE_FLOAT32,
        axes=[tensors.Axis(name=name, size=size) for name, size in axes],
        prompt_indices=[0], size_bytes=len(data), crc32c=google_crc32c.value(data),
    )  # fmt: skip
    yield metrics.PushActivationsRequest(header=header)
    for offset in range(0, len(data), CHUNK):
        chunk = tensors.TensorChunk(tensor_id=number, offset_bytes=offset, data=data[offset : offset + CHUNK])
        yield metrics.PushActivationsRequest(chunk=chunk)


def requests(patterns):
    started = metrics.PushStarted(token_counts=[TOKENS], head_count=HEADS, layer_count=LAYERS)
    yield metrics.PushActivationsRequest(started=started)
    for layer, pattern in enumerate(patterns):
        yield from frames(layer, layer, pattern)


def main(address):
    random = np.random.default_rng(7)
    patterns = [causal_pattern(random) for _ in range(LAYERS)]
    with grpc.insecure_channel(address) as channel:
        for answer in services.MetricsServiceStub(channel).PushActivations(requests(patterns)):
            exact = next(t for t in answer.layer.tables if t.kind == metrics.ENTROPY_KIND_EXACT)
            print(f"layer {answer.layer.layer}: {', '.join(f'{nats:.4f}' for nats in exact.nats)} nats a head")


if __name__ == "__main__":
    main(*sys.argv[1:])
