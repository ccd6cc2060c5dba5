"""Makes value_norm.npz beside the other golden values, from checkpoints that are there.

    venv/bin/python value_norm.py ../../inference-service/src/test/resources/golden

The norm of what a head would write to the residual stream if it attended to one key alone, v W_O
without the projection's bias (Kobayashi et al. 2020): p<prompt>_l<layer>_value_norm [head, key_pos].
Values come from hooks in Hugging Face transformers, float32. v W_O is computed as it stands, which
takes a vector of d_model for every head and key; Rolescope goes another way. Every array must agree
with float64.py. make_golden.py calls this for the cases it makes.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import transformers
from transformers import AutoModelForCausalLM
from transformers.models.llama.modeling_llama import repeat_kv

from float64 import Model

FLOAT64_TOLERANCE = 3e-6


def value_norms(folder, ids):
    """Arrays of one prompt: l<layer>_value_norm [head, key_pos]."""
    model = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    gpt2 = model.config.model_type == "gpt2"
    blocks = model.transformer.h if gpt2 else model.model.layers
    heads = model.config.num_attention_heads
    values = {}

    def keep(layer, head_size):
        def hook(_, __, output):
            rows = output.chunk(3, dim=-1)[2] if gpt2 else output
            # [batch, key_value_head, pos, d_head]
            values[layer] = rows.unflatten(-1, (-1, head_size)).transpose(1, 2)

        return hook

    projections = []
    for layer, block in enumerate(blocks):
        attention = block.attn if gpt2 else block.self_attn
        # [d_model, head * d_head] in both.
        projection = attention.c_proj.weight.T if gpt2 else attention.o_proj.weight
        projections.append(projection.detach())
        source = attention.c_attn if gpt2 else attention.v_proj
        source.register_forward_hook(keep(layer, projection.shape[1] // heads))
    with torch.no_grad():
        model(input_ids=torch.tensor([ids]), use_cache=False)
        arrays = {}
        for layer, projection in enumerate(projections):
            repeated = repeat_kv(values[layer], heads // values[layer].shape[1])[0]
            parts = projection.unflatten(-1, (heads, -1)).permute(1, 2, 0)
            arrays[f"l{layer}_value_norm"] = (repeated @ parts).norm(dim=-1).numpy()
    return arrays


def make(folder, all_ids):
    """Writes value_norm.npz and returns the largest difference from float64, as a part of the range."""
    model = Model(folder)
    worst = 0.0
    arrays = {}
    for index, ids in enumerate(all_ids):
        found = value_norms(folder, ids)
        exact = model.value_norms(ids)
        assert found.keys() == exact.keys()
        for name, array in found.items():
            assert array.shape == exact[name].shape, (folder, name)
            worst = max(worst, float(np.abs(array - exact[name]).max() / np.ptp(exact[name])))
            arrays[f"p{index}_{name}"] = array.astype(np.float32)
    assert worst < FLOAT64_TOLERANCE, (folder, worst)
    np.savez_compressed(folder / "value_norm.npz", **arrays)
    return worst


def main():
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for folder in sorted(Path(sys.argv[1]).iterdir()):
        prompts = json.loads((folder / "case.json").read_text())["prompts"]
        worst = make(folder, [prompt["ids"] for prompt in prompts])
        print(f"{folder.name}: value_norm differs from float64 by {worst:.1e} of its range")


if __name__ == "__main__":
    main()
