"""Makes the golden values of a sweep between two models.

    venv/bin/python make_sweep_golden.py ../../examples/demo-models \
        ../../inference-service/src/test/resources/interventions/demo-pair

Runs the base model of the demo pair in Hugging Face transformers (eager attention, float32, one
prompt at a time) and puts there, one place at a time, what the instruct model has there on the same
prompt; the hooks are those of make_golden.py. Writes cases.json, with the prompts and the places, and
expected.npz: target [prompt, vocab] and source [prompt, vocab], the logits of both models as they are,
and case<i> [prompt, vocab], all of the last position.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import transformers
from make_golden import VERSIONS, Run
from tokenizers import Tokenizer

BEGIN = "<|begin_of_text|>"
PROMPTS = ["Question: How tall am I?\nAnswer:", "Why is the sky blue?"]
CASES = [
    {"layer": 0, "site": "z", "heads": [3]},
    {"layer": 2, "site": "z", "heads": [0]},
    {"layer": 3, "site": "z", "heads": [5, 1]},
    {"layer": 5, "site": "z", "heads": [7]},
    {"layer": 4, "site": "z", "heads": []},
    {"layer": 1, "site": "pattern", "heads": [6]},
    {"layer": 3, "site": "mlp"},
    {"layer": 2, "site": "resid_post"},
]


def change(case, source, heads):
    """What a case does, as changes of a run."""
    chosen = case.get("heads") or list(range(heads))
    values = torch.from_numpy(source[f"l{case['layer']}_{case['site']}"])

    def put_z(z):
        z[:, :, chosen] = values[:, chosen]
        return z

    def put_pattern(weights, _):
        weights[:, chosen] = values[chosen]
        return weights

    if case["site"] == "z":
        return {"z": put_z}
    if case["site"] == "pattern":
        return {"pattern": put_pattern}
    return {case["site"]: lambda _: values[None]}


def results(folder, name, prompts, run_prompt):
    run = Run(folder / name)
    rows = [run_prompt(run, index, ids) for index, ids in enumerate(prompts)]
    run.close()
    return rows


def main():
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    tokenizer = Tokenizer.from_file(str(folder / "base" / "tokenizer.json"))
    prompts = [
        tokenizer.encode(BEGIN + text, add_special_tokens=False).ids for text in PROMPTS
    ]
    sources = results(folder, "instruct", prompts, lambda run, _, ids: run.run(ids))
    arrays = {"source": np.stack([source["logits"] for source in sources])}
    clean = results(folder, "base", prompts, lambda run, _, ids: run.run(ids)["logits"])
    arrays["target"] = np.stack(clean)
    for index, case in enumerate(CASES):
        rows = results(
            folder,
            "base",
            prompts,
            lambda run, prompt, ids, case=case: run.run(
                ids, case["layer"], **change(case, sources[prompt], run.heads)
            )["logits"],
        )
        arrays[f"case{index}"] = np.stack(rows)
        moved = np.abs(arrays[f"case{index}"] - arrays["target"]).max() / np.ptp(arrays["target"])
        assert moved > 1e-3, (case, moved)
        print(case, f"moves the logits by {moved:.2g} of their range", flush=True)
    target.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        target / "expected.npz", **{key: array.astype(np.float32) for key, array in arrays.items()}
    )
    cases = {"made_with": VERSIONS, "prompts": PROMPTS, "ids": prompts, "cases": CASES}
    (target / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
    main()
