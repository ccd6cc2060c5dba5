"""Makes the golden values of every architecture and option.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_golden.py ../../inference-service/src/test/resources/golden

Models are built from configurations in cases.py with random weights of a fixed seed; nothing is
downloaded. Each is saved as save_pretrained saves it, loaded again in float32 and run by Hugging
Face transformers, eager attention, one prompt at a time. Nothing that builds, tests or runs
Rolescope needs this script. See README.md.
"""

import json
import shutil
import sys
import zlib
from pathlib import Path

import numpy as np
import safetensors
import tokenizers
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

import value_norm
from cases import BEGIN_TOKEN, CASES, VOCABULARY
from float64 import Model

PADDING_TOLERANCE = 1e-5
FLOAT64_TOLERANCE = 3e-6
VERSIONS = {
    library.__name__: library.__version__
    for library in (np, safetensors, tokenizers, torch, transformers)
}


def seed(*parts):
    return np.random.default_rng(zlib.crc32(" ".join(map(str, parts)).encode()))


# --- checkpoint ----------------------------------------------------------------------------------


def fill(model, case):
    """Random values for every parameter, norms and biases too, so that none can be left out."""
    for name, parameter in model.named_parameters():
        values = seed(case.name, name).standard_normal(tuple(parameter.shape))
        if "norm" in name or ".ln_" in name:
            centre = 1.5 if "q_norm" in name or "k_norm" in name else 1.0
            values = 0.2 * values + (centre if name.endswith("weight") else 0)
        elif name.endswith("bias"):
            values = 0.3 * values
        elif "embed" in name or "wte" in name or "wpe" in name:
            values = 0.7 * values
        else:
            convolution = ".c_" in name
            fan_in = values.shape[0 if convolution else 1]
            to_scores = any(part in name for part in ("q_proj", "k_proj", "c_attn"))
            values *= (1.3 if to_scores else 1.2) / fan_in**0.5
        parameter.data = torch.from_numpy(values).to(torch.float32)
    model.tie_weights()


def save(case, folder):
    model = AutoModelForCausalLM.from_config(case.config, attn_implementation="eager")
    fill(model, case)
    shards = {} if case.shard_size is None else {"max_shard_size": case.shard_size}
    model.to(case.dtype).save_pretrained(folder, **shards)
    (folder / "generation_config.json").unlink(missing_ok=True)
    file = folder / "config.json"
    config = json.loads(file.read_text())
    for name in case.drop:
        config.pop(name, None)
    file.write_text(json.dumps({**config, **case.put}, indent=2, sort_keys=True) + "\n")
    if case.published_names:
        use_published_names(folder / "model.safetensors", case.config)
    (folder / "tokenizer.json").write_text(tokenizer(case.begin_token).to_str() + "\n")


def use_published_names(file, config):
    """Names without prefix, and the causal masks that the first checkpoints hold."""
    tensors = {
        name.removeprefix("transformer."): tensor for name, tensor in load_file(file).items()
    }
    positions = config.n_positions
    mask = torch.tril(torch.ones(positions, positions)).view(1, 1, positions, positions)
    for layer in range(config.n_layer):
        tensors[f"h.{layer}.attn.bias"] = mask.clone()
    save_file(tensors, file, metadata={"format": "pt"})


def tokenizer(begin_token):
    """Words t0, t1 and so on, whose numbers are the ids."""
    words = {f"t{token}": token for token in range(VOCABULARY)}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="t0"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    if begin_token:
        begin = f"t{BEGIN_TOKEN}"
        made.post_processor = tokenizers.processors.TemplateProcessing(
            single=f"{begin} $A", special_tokens=[(begin, BEGIN_TOKEN)]
        )
    return made


def prompts(case):
    made = []
    for index, length in enumerate(case.lengths):
        begin = [BEGIN_TOKEN] if case.begin_token else []
        words = seed(case.name, "prompt", index).integers(2, VOCABULARY, length - len(begin))
        made.append(
            {
                "text": " ".join(f"t{token}" for token in words),
                "ids": begin + [int(token) for token in words],
            }
        )
    return made


# --- reference -----------------------------------------------------------------------------------


def load(folder):
    """A fresh model: dynamic rotary positions remember the longest prompt they saw."""
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()


def run(folder, ids, **inputs):
    """Arrays by name, each with a batch axis in front; logits of every position."""
    model = load(folder)
    gpt2 = model.config.model_type == "gpt2"
    layers = model.transformer.h if gpt2 else model.model.layers
    heads = model.config.num_attention_heads
    arrays = {}

    def keep_z(layer):
        def hook(_, arguments):
            arrays[f"l{layer}_z"] = arguments[0].unflatten(-1, (heads, -1))

        return hook

    def keep_residual(layer):
        def hook(_, __, output):
            # After the block, before any final norm, which hidden_states[-1] would have had.
            arrays[f"l{layer}_resid_post"] = output[0] if isinstance(output, tuple) else output

        return hook

    for index, layer in enumerate(layers):
        projection = layer.attn.c_proj if gpt2 else layer.self_attn.o_proj
        projection.register_forward_pre_hook(keep_z(index))
        layer.register_forward_hook(keep_residual(index))
    with torch.no_grad():
        output = model(
            input_ids=torch.tensor(ids), output_attentions=True, use_cache=False, **inputs
        )
    for index, pattern in enumerate(output.attentions):
        arrays[f"l{index}_pattern"] = pattern
    arrays["logits"] = output.logits
    return {name: array.numpy() for name, array in arrays.items()}


def alone(folder, ids):
    """Arrays of one prompt; logits of its last position."""
    arrays = {name: array[0] for name, array in run(folder, [ids]).items()}
    return arrays | {"logits": arrays["logits"][-1]}


def padded(folder, all_ids, left):
    """The same for every prompt, from one batch padded to its longest prompt."""
    longest = max(map(len, all_ids))
    ids = np.zeros((len(all_ids), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, prompt in enumerate(all_ids):
        start = longest - len(prompt) if left else 0
        ids[row, start : start + len(prompt)] = prompt
        mask[row, start : start + len(prompt)] = 1
    positions = np.maximum(mask.cumsum(-1) - 1, 0)
    batch = run(
        folder, ids, attention_mask=torch.tensor(mask), position_ids=torch.tensor(positions)
    )
    return [real(batch, row, mask[row] == 1) for row in range(len(all_ids))]


def real(batch, row, kept):
    """The real positions of a row."""
    arrays = {}
    for name, array in batch.items():
        if name.endswith("pattern"):
            arrays[name] = array[row][:, kept][:, :, kept]
        else:
            arrays[name] = array[row][kept]
    return arrays | {"logits": arrays["logits"][-1]}


def worst(expected, actual):
    """Largest difference of patterns, and of the other arrays as a part of their range."""
    result = {"pattern": 0.0, "z": 0.0, "resid_post": 0.0, "logits": 0.0}
    assert expected.keys() == actual.keys()
    for name, array in expected.items():
        assert array.shape == actual[name].shape, name
        kind = name.split("_", 1)[-1]
        scale = 1 if kind == "pattern" else np.ptp(array)
        difference = float(np.abs(array - actual[name]).max() / scale)
        assert np.isfinite(difference), name
        result[kind] = max(result[kind], difference)
    return result


def worst_of(differences):
    return {kind: max(one[kind] for one in differences) for kind in differences[0]}


def rounded(differences):
    return {kind: float(f"{value:.2g}") for kind, value in differences.items()}


# --- cases ---------------------------------------------------------------------------------------


def padding(case, folder, all_ids, singles):
    """Largest differences of padded batches from single runs; they must be nil but for rounding."""
    scaling = getattr(case.config, "rope_scaling", None) or {}
    follows_batch = scaling.get("rope_type") == "dynamic"
    longest = max(map(len, all_ids))
    result = {}
    for side in ("right", "left"):
        batch = padded(folder, all_ids, side == "left")
        each = [worst(single, row) for single, row in zip(singles, batch)]
        same = [
            one for one, ids in zip(each, all_ids) if len(ids) == longest or not follows_batch
        ]
        assert max(worst_of(same).values()) < PADDING_TOLERANCE, (case.name, side, each)
        result[side] = rounded(worst_of(same))
        if follows_batch:
            result[side + "_shorter_prompts"] = rounded(worst_of(each))
    return result


def make(case, folder):
    folder.mkdir(parents=True)
    save(case, folder)
    made = prompts(case)
    all_ids = [prompt["ids"] for prompt in made]
    read = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    assert [read.encode(prompt["text"]).ids for prompt in made] == all_ids
    singles = [alone(folder, ids) for ids in all_ids]
    model = Model(folder)
    against_float64 = worst_of(
        [worst(model.run(ids), single) for ids, single in zip(all_ids, singles)]
    )
    assert max(against_float64.values()) < FLOAT64_TOLERANCE, (case.name, against_float64)
    np.savez_compressed(
        folder / "expected.npz",
        **{
            f"p{index}_{name}": array.astype(np.float32)
            for index, single in enumerate(singles)
            for name, array in single.items()
        },
    )
    value_norm.make(folder, all_ids)
    content = {
        "about": case.about,
        "layers": case.config.num_hidden_layers,
        "prompts": made,
        "made_with": VERSIONS,
        "difference_from_float64": rounded(against_float64),
        "difference_of_padded_batches": padding(case, folder, all_ids, singles),
    }
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in content.items()]
    (folder / "case.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    strongest = np.mean([single["l0_pattern"].max(-1).mean() for single in singles[1:]])
    print(
        f"{case.name}: float64 {content['difference_from_float64']}, padding "
        f"{content['difference_of_padded_batches']}, mean strongest weight {strongest:.2f}",
        flush=True,
    )


def main():
    target = Path(sys.argv[1])
    wanted = set(sys.argv[2:])
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    if not wanted:
        shutil.rmtree(target, ignore_errors=True)
    for case in CASES:
        if not wanted or case.name in wanted:
            shutil.rmtree(target / case.name, ignore_errors=True)
            make(case, target / case.name)


if __name__ == "__main__":
    main()
