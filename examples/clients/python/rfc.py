"""Entropies of a model on a few prompts, and from them RFC by layer: rfc.py HOST:PORT MODEL."""

import pathlib
import sys

import grpc

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "proto/src/main/protobuf"))
metrics, services = grpc.protos_and_services("rolescope/v1/metrics.proto")

PROMPTS = {
    "self_referent": ["Who created you?", "What are you?", "Are you conscious?", "Can you think?", "Who are you?"],
    "neutral": ["What is rain?", "Why is the sky blue?", "How do birds fly?", "What is a river?", "How do plants grow?"],
}


def measure(service, model):
    prompts = [prompt for category in PROMPTS.values() for prompt in category]
    stream = service.MeasureEntropies(metrics.MeasureEntropiesRequest(model=model, prompts=prompts))
    return [message.layer for message in stream if message.WhichOneof("event") == "layer"]


def summarize(service, layers):
    categories = [name for name, prompts in PROMPTS.items() for _ in prompts]
    options = metrics.RoleOptions(categories=categories, seed=7)
    messages = [metrics.SummarizeRolesRequest(options=options)]
    messages += [metrics.SummarizeRolesRequest(layer=layer) for layer in layers]
    return service.SummarizeRoles(iter(messages))


def main(address, model):
    with grpc.insecure_channel(address) as channel:
        service = services.MetricsServiceStub(channel)
        roles = summarize(service, measure(service, model))
    for layer in roles.layers:
        rfc = layer.rfc.ratio_of_sums
        print(f"layer {layer.layer}: RFC {rfc.value:+.4f} [{rfc.confidence.low:+.4f}, {rfc.confidence.high:+.4f}]")


if __name__ == "__main__":
    main(*sys.argv[1:])
