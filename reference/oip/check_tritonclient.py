"""Asks a served Rolescope for the demo models with NVIDIA's own client, and compares every answer.

Logits and patterns must be those of examples/demo-models/reference (made by a program of its own in float64); entropies
must be those of a run of this machine (`rolescope demo`, activations.json) and follow from the patterns.

    ./rolescope demo --data DATA && ./rolescope serve all --data DATA      in one terminal
    python -m venv venv && venv/bin/pip install -r reference/oip/requirements.txt
    venv/bin/python reference/oip/check_tritonclient.py 127.0.0.1:50050 DATA/runs/demo-*
"""

import json
import pathlib
import sys

import numpy as np
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException

ROOT = pathlib.Path(__file__).parents[2]
REFERENCE = ROOT / "examples/demo-models/reference"
BEGIN = "<|begin_of_text|>"  # the tokenizer puts it there itself
LAYERS = 6
KINDS = {
    "reference": "entropy_reference_nats",
    "exact": "entropy_exact_nats",
    "length-normalised": "entropy_length_normalised",
    "sink-excluded": "entropy_sink_excluded_nats",
    "position-matched": "entropy_position_matched_nats",
    "norm-weighted": "entropy_norm_weighted_nats",
}


def ask(client, model, prompts, outputs, parameters=None):
    text = triton.InferInput("text", [len(prompts)], "BYTES")
    text.set_data_from_numpy(np.array([prompt.encode() for prompt in prompts], dtype=np.object_))
    return client.infer(
        model, [text], outputs=[triton.InferRequestedOutput(name) for name in outputs], parameters=parameters
    )


def largest(differences):
    return max(float(np.abs(difference).max()) for difference in differences)


def exact_entropy(pattern):
    """Mean over query positions of -sum A ln A, [prompt, head]."""
    a = pattern.astype(np.float64)
    return -(a * np.log(np.where(a > 0, a, 1))).sum(axis=3).mean(axis=2)


def check_reference(client):
    logits, patterns, entropies, prompts = [], [], [], 0
    for case in json.loads((REFERENCE / "prompts.json").read_text()):
        folder = REFERENCE / case["model"] / f"prompt_{case['prompt']}"
        names = ["logits", "token_ids", "entropy"] + [f"pattern.{layer}" for layer in range(LAYERS)]
        answer = ask(client, "demo-" + case["model"], [case["text"].removeprefix(BEGIN)], names)
        assert answer.as_numpy("token_ids").tolist() == [case["ids"]]
        logits.append(answer.as_numpy("logits")[0] - np.load(folder / "logits.npy"))
        for layer in range(LAYERS):
            pattern = answer.as_numpy(f"pattern.{layer}")
            patterns.append(pattern[0] - np.load(folder / f"attention_layer_{layer}.npy"))
            entropies.append(answer.as_numpy("entropy")[:, layer] - exact_entropy(pattern))
        prompts += 1
    print(f"{prompts} prompts of examples/demo-models/reference, largest absolute differences:")
    print(f"  logits {largest(logits):.2e}, patterns {largest(patterns):.2e}")
    print(f"  entropy and the entropy of those patterns by NumPy {largest(entropies):.2e} nats")
    assert largest(logits) < 1e-4 and largest(patterns) < 1e-5 and largest(entropies) < 1e-5


def check_run(client, folder):
    """Every kind of entropy, all prompts of the run in one request: bit for bit those of the run."""
    count = 0
    for model, place in (("demo-base", "latest_base"), ("demo-instruct", "latest_run")):
        run = json.loads((folder / "results_demo_activation" / place / "activations.json").read_text())
        fields = {f"entropy.{kind}": field for kind, field in KINDS.items()}
        answer = ask(client, model, [prompt["text"] for prompt in run["prompts"]], list(fields))
        for name, field in fields.items():
            of_run = np.array([layer[field] for layer in run["layers"]], dtype=np.float64)  # [layer, head, prompt]
            np.testing.assert_array_equal(answer.as_numpy(name), of_run.transpose(2, 0, 1))
            count += of_run.size
    print(f"{count} entropies of {len(KINDS)} kinds equal those of run {folder.name}, bit for bit")


def check_faults(client):
    for model, prompts, outputs, parameters in (
        ("none", ["A"], ["logits"], None),
        ("demo-base", ["A"], ["pattern.6"], None),
        ("demo-base", ["A", "A longer prompt"], ["pattern.0"], None),
        ("demo-base", ["A"] * 257, ["logits"], None),
        ("demo-base", ["A"], ["entropy"], {"first_layer": 7}),
        ("demo-base", ["Why is the sky blue? " * 20] * 250, ["pattern.0"], None),
    ):
        try:
            ask(client, model, prompts, outputs, parameters)
            raise AssertionError(f"{outputs} of {model} was answered")
        except InferenceServerException as fault:
            print(f"  {fault.status()}: {fault.message()}")


def main():
    client = triton.InferenceServerClient(sys.argv[1])
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("demo-base")
    assert not client.is_model_ready("none") and not client.is_model_ready("demo-base", "1")
    server = client.get_server_metadata()
    model = client.get_model_metadata("demo-base")
    print(f"{server.name} {server.version}, model {model.name} version {model.versions[0]}, {model.platform}")
    for tensor in list(model.inputs) + list(model.outputs):
        print(f"  {tensor.name:26} {tensor.datatype:6} {list(tensor.shape)}")
    check_reference(client)
    check_run(client, pathlib.Path(sys.argv[2]))
    print("refused, as it should be:")
    check_faults(client)


if __name__ == "__main__":
    main()
