"""Makes the golden values of interventions.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_golden.py ../../inference-service/src/test/resources/golden \
        ../../inference-service/src/test/resources/interventions

Runs the tiny models that ../golden made in Hugging Face transformers (eager attention, float32, one
prompt at a time) with hooks: behind the MLP and the block, before the output projection, and around
the eager attention function, whose weights are changed before they meet the values. Writes, for
each model, cases.json and expected.npz with what the changed layer and all later ones give:
<case>_l<layer>_pattern [head, query_pos, key_pos], <case>_l<layer>_z [pos, head, d_head],
<case>_l<layer>_resid_post [pos, d_model], <case>_logits [vocab] of the last position, and
<case>_values, what a patch puts there. mlp_out.npz has p<prompt>_l<layer>_mlp_out [pos, d_model] of
runs without a change, of three models. Nothing that builds, tests or runs Rolescope needs this.
"""

import importlib
import json
import sys
from pathlib import Path

import numpy as np
import torch
import transformers
from transformers import AutoModelForCausalLM
from transformers.models.llama.modeling_llama import repeat_kv

VERSIONS = {library.__name__: library.__version__ for library in (np, torch, transformers)}
EQUAL_TO = 2e-6
SHORT, TARGET, SOURCE = 1, 2, 3  # prompts of a golden case; TARGET and SOURCE are equally long

ABLATIONS = [
    ("zero_head", {"heads": [1], "pattern_scale": 0.0}),
    ("half_head", {"heads": [2], "pattern_scale": 0.5}),
    ("uniform_head", {"heads": [3], "uniform": True}),
    ("zero_layer", {"heads": [], "pattern_scale": 0.0}),
    ("uniform_layer", {"heads": [], "uniform": True}),
    ("reference_uniform_head", {"heads": [0], "reference_uniform": True}),
    ("mlp_out", {"mlp_scale": 0.0}),
]
PATCHES = [
    ("z_head", {"heads": [2], "patch": "z"}),
    ("z_two_heads", {"heads": [3, 0], "patch": "z"}),
    ("pattern_head", {"heads": [1], "patch": "pattern"}),
    ("mlp_patch", {"patch": "mlp"}),
    ("resid_patch", {"patch": "resid_post"}),
]
# Model, the layer that is changed, the prompt of ablations (longer than a sliding window), and what
# is done.
MODELS = [
    ("llama-gqa-2", 0, SHORT, ABLATIONS + PATCHES),
    ("qwen2", 1, SHORT, ABLATIONS + PATCHES),
    ("gpt2", 1, SHORT, ABLATIONS + PATCHES),
    ("qwen3", 1, SHORT, ABLATIONS[:3]),
    ("mistral-sliding-window", 0, TARGET, ABLATIONS[:3]),
]


class Run:
    """A model with hooks; `change` maps what a hook sees to what goes on."""

    def __init__(self, folder):
        self.model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager"
        ).eval()
        self.gpt2 = self.model.config.model_type == "gpt2"
        self.layers = self.model.transformer.h if self.gpt2 else self.model.model.layers
        self.heads = self.model.config.num_attention_heads
        self.module = importlib.import_module(type(self.model).__module__)
        self.eager = self.module.eager_attention_forward
        self.module.eager_attention_forward = self.attend
        self.pattern_change = self.z_change = self.mlp_change = self.residual_change = None
        for index, layer in enumerate(self.layers):
            projection = layer.attn.c_proj if self.gpt2 else layer.self_attn.o_proj
            projection.register_forward_pre_hook(self.z_hook(index))
            layer.mlp.register_forward_hook(self.mlp_hook(index))
            layer.register_forward_hook(self.residual_hook(index))

    def close(self):
        self.module.eager_attention_forward = self.eager

    def attend(self, module, query, key, value, attention_mask, *arguments, **options):
        output, weights = self.eager(
            module, query, key, value, attention_mask, *arguments, **options
        )
        layer = module.layer_idx
        if layer == self.layer and self.pattern_change:
            length = weights.shape[-1]
            if self.gpt2:
                visible = torch.ones(length, length).tril() == 1
            else:
                visible = attention_mask[0, 0, :, :length] == 0
            weights = self.pattern_change(weights.clone(), visible)
            values = value if self.gpt2 else repeat_kv(value, module.num_key_value_groups)
            output = (weights @ values).transpose(1, 2).contiguous()
        self.arrays[f"l{layer}_pattern"] = weights[0]
        return output, weights

    def z_hook(self, layer):
        def hook(_, arguments):
            z = arguments[0].unflatten(-1, (self.heads, -1))
            if layer == self.layer and self.z_change:
                z = self.z_change(z.clone())
            self.arrays[f"l{layer}_z"] = z[0]
            return (z.flatten(-2),)

        return hook

    def mlp_hook(self, layer):
        def hook(_, __, output):
            if layer == self.layer and self.mlp_change:
                output = self.mlp_change(output)
            self.arrays[f"l{layer}_mlp"] = output[0]
            return output

        return hook

    def residual_hook(self, layer):
        def hook(_, __, output):
            residual = output[0] if isinstance(output, tuple) else output
            if layer == self.layer and self.residual_change:
                residual = self.residual_change(residual)
            self.arrays[f"l{layer}_resid_post"] = residual[0]
            return (residual, *output[1:]) if isinstance(output, tuple) else residual

        return hook

    def run(self, ids, layer=-1, **changes):
        self.arrays = {}
        self.layer = layer
        self.pattern_change = changes.get("pattern")
        self.z_change = changes.get("z")
        self.mlp_change = changes.get("mlp")
        self.residual_change = changes.get("resid_post")
        with torch.no_grad():
            logits = self.model(input_ids=torch.tensor([ids]), use_cache=False).logits
        return {name: array.numpy() for name, array in self.arrays.items()} | {
            "logits": logits[0, -1].numpy()
        }


def changes_of(case, layer, source, heads):
    """What a case does, as changes of a run, and the values it puts there."""
    chosen = case.get("heads") or list(range(heads))
    if "pattern_scale" in case:

        def scale(weights, _):
            weights[:, chosen] *= case["pattern_scale"]
            return weights

        return {"pattern": scale}, None
    if "uniform" in case:

        def uniform(weights, visible):
            weights[:, chosen] = visible.float() / visible.sum(-1, keepdim=True)
            return weights

        return {"pattern": uniform}, None
    if "reference_uniform" in case:

        def reference(weights, _):
            weights[:, chosen] = 1 / weights.shape[-1]
            return weights

        return {"pattern": reference}, None
    if "mlp_scale" in case:
        return {"mlp": lambda output: output * case["mlp_scale"]}, None
    values = torch.from_numpy(source[f"l{layer}_{case['patch']}"])
    if case["patch"] == "z":
        values = values[:, chosen]

        def put_z(z):
            z[:, :, chosen] = values
            return z

        return {"z": put_z}, values
    if case["patch"] == "pattern":
        values = values[chosen]

        def put_pattern(weights, _):
            weights[:, chosen] = values
            return weights

        return {"pattern": put_pattern}, values
    return {case["patch"]: lambda output: values[None]}, values


def check_by_z(run, ids, layer, case, arrays):
    """Scaling a pattern must be scaling z, which takes another hook."""
    chosen = case["heads"] or list(range(run.heads))

    def scale(z):
        z[:, :, chosen] *= case["pattern_scale"]
        return z

    other = run.run(ids, layer, z=scale)
    difference = np.abs(other["logits"] - arrays["logits"]).max() / np.ptp(arrays["logits"])
    assert difference < EQUAL_TO, difference


def make(name, layer, ablated, cases, golden, target):
    prompts = [
        prompt["ids"] for prompt in json.loads((golden / name / "case.json").read_text())["prompts"]
    ]
    run = Run(golden / name)
    known = np.load(golden / name / "expected.npz")
    arrays, written = {}, []
    for prompt in (SHORT, TARGET):
        for key, array in run.run(prompts[prompt]).items():
            if not key.endswith("mlp"):
                scale = 1 if key.endswith("pattern") else np.ptp(array)
                difference = np.abs(array - known[f"p{prompt}_{key}"]).max() / scale
                assert difference < EQUAL_TO, (name, key, difference)
    source = run.run(prompts[SOURCE])
    outputs = {
        f"p{prompt}_{key}_out": array
        for prompt in (SHORT, TARGET)
        for key, array in run.run(prompts[prompt]).items()
        if key.endswith("mlp")
    }
    for case_name, case in cases:
        changes, values = changes_of(case, layer, source, run.heads)
        prompt = ablated if values is None else TARGET
        clean = run.run(prompts[prompt])
        result = run.run(prompts[prompt], layer, **changes)
        moved = np.abs(result["logits"] - clean["logits"]).max() / np.ptp(clean["logits"])
        assert moved > 1e-3, (name, case_name, moved)
        if "pattern_scale" in case:
            check_by_z(run, prompts[prompt], layer, case, result)
        for key, array in result.items():
            if key == "logits" or (not key.endswith("mlp") and int(key[1]) >= layer):
                arrays[f"{case_name}_{key}"] = array
        if values is not None:
            arrays[f"{case_name}_values"] = values.numpy()
        written.append(
            {"name": case_name, "layer": layer, "prompt": prompt, **case}
            | {"logits_moved_by": float(f"{moved:.2g}")}
        )
    run.close()
    folder = target / name
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / "expected.npz",
        **{key: np.ascontiguousarray(array, dtype=np.float32) for key, array in arrays.items()},
    )
    if len(cases) == len(ABLATIONS + PATCHES):
        np.savez_compressed(folder / "mlp_out.npz", **outputs)
    lines = ",\n    ".join(json.dumps(case) for case in written)
    (folder / "cases.json").write_text(
        f'{{\n  "made_with": {json.dumps(VERSIONS)},\n  "cases": [\n    {lines}\n  ]\n}}\n'
    )
    print(name, {case["name"]: case["logits_moved_by"] for case in written}, flush=True)


def main():
    golden, target = Path(sys.argv[1]), Path(sys.argv[2])
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for name, layer, ablated, cases in MODELS:
        make(name, layer, ablated, cases, golden, target)


if __name__ == "__main__":
    main()
