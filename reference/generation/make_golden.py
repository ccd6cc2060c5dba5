"""Makes the golden answers of greedy generation.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_golden.py ../../examples/demo-models \
        ../../inference-service/src/test/resources/golden \
        ../../inference-service/src/test/resources/generation

Continues prompts with `generate` of Hugging Face transformers (float32, greedy, with its cache): of
the demo pair, as text and in the form of the chat template, and of tiny models whose rotary scaling
or sliding window depends on the length. Says of each answer the smallest distance between the
largest and the second largest logit: where it is not tiny, other orders of summing give the same
tokens. Writes answers.json. Nothing that builds, tests or runs Rolescope needs this.
"""

import importlib
import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast

DEMO, TINY, OUT = (Path(argument) for argument in sys.argv[1:4])
VERSIONS = {name: importlib.import_module(name).__version__ for name in ("torch", "transformers")}
MAX_TOKENS = 64
PROMPTS = [
    "Who created you?",
    "What is your name?",
    "Do you have feelings?",
    "What is the capital of France?",
    "Tell me about the user.",
]
TINY_MODELS = ["llama-rope-dynamic", "mistral-sliding-window", "qwen3", "gpt2"]
TINY_PROMPT = "t31 t41 t59"


def answer(model, tokenizer, ids, max_tokens, ends):
    generated = model.generate(
        torch.tensor([ids]),
        attention_mask=torch.ones(1, len(ids), dtype=torch.long),
        do_sample=False,
        max_new_tokens=max_tokens,
        eos_token_id=ends,
        pad_token_id=0,
        return_dict_in_generate=True,
        output_logits=True,
    )
    tokens = generated.sequences[0, len(ids):].tolist()
    best = [torch.topk(step[0], 2).values for step in generated.logits]
    return {
        "prompt_ids": ids,
        "ids": tokens,
        "text": tokenizer.decode(tokens, skip_special_tokens=True),
        "smallest_margin": min(float(two[0] - two[1]) for two in best),
    }


def load(folder):
    return AutoModelForCausalLM.from_pretrained(
        folder, torch_dtype=torch.float32, attn_implementation="eager"
    ).eval()


answers = []
for variant in ("base", "instruct"):
    model = load(DEMO / variant)
    tokenizer = AutoTokenizer.from_pretrained(DEMO / variant)
    for prompt in PROMPTS:
        for chat in (False, True) if tokenizer.chat_template else (False,):
            ids = (
                tokenizer.apply_chat_template(
                    [{"role": "user", "content": prompt}], add_generation_prompt=True
                )
                if chat
                else tokenizer(prompt)["input_ids"]
            )
            ends = model.generation_config.eos_token_id
            found = answer(model, tokenizer, ids, MAX_TOKENS, ends)
            answers.append({"model": variant, "prompt": prompt, "chat_template": chat, **found})
for name in TINY_MODELS:
    model = load(TINY / name)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(TINY / name / "tokenizer.json"))
    ids = tokenizer(TINY_PROMPT)["input_ids"]
    context = getattr(model.config, "max_position_embeddings")
    scaled = (model.config.to_dict().get("rope_scaling") or {}).get("factor", 1)
    room = int(context * scaled) - len(ids)
    found = answer(model, tokenizer, ids, min(MAX_TOKENS, room), None)
    answers.append({"model": name, "prompt": TINY_PROMPT, "chat_template": False, **found})

OUT.mkdir(parents=True, exist_ok=True)
lines = ",\n  ".join(json.dumps(each, ensure_ascii=False) for each in answers)
versions = json.dumps(VERSIONS)
(OUT / "answers.json").write_text(
    f'{{"versions": {versions}, "max_tokens": {MAX_TOKENS}, "answers": [\n  {lines}\n]}}\n'
)
for each in answers:
    print(each["model"], each["chat_template"], repr(each["text"]), each["smallest_margin"])
