"""Token ids that transformers gives for small tokenizers of every kind of begin token.

Writes a folder for each case, with tokenizer.json and the files beside it, and expected.json:
{"auto": ids, "never": ids, "begin": id or null, "chat": ids or null}.

    python make_token_ids.py ../../inference-service/src/test/resources/prompt-options
"""

import json
import pathlib
import sys

from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, processors
from transformers import AutoTokenizer

TEXT = "Who are you?"
TEMPLATE = "{{ bos_token }}{% for m in messages %}<|user|> {{ m['content'] }}{% endfor %}{% if add_generation_prompt %} <|assistant|>{% endif %}"
WORDS = ["<unk>", "<s>", "</s>", "<|user|>", "<|assistant|>", "[CLS]", "[SEP]", "Who", "are", "you", "?"]
SPECIAL = WORDS[:7]


def template(single):
    return processors.TemplateProcessing(
        single=single, pair=None, special_tokens=[(w, i) for i, w in enumerate(SPECIAL)]
    )


BEGIN = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
CASES = {
    # Llama 3: the post-processor adds it.
    "llama-3": (template("<s> $A"), {"tokenizer_class": "PreTrainedTokenizerFast", **BEGIN}),
    # Llama 2 and Mistral: the class adds it, whatever the file says.
    "llama-2": (None, {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True, **BEGIN}),
    "mistral": (template("<s> $A"), {"tokenizer_class": "LlamaTokenizerFast", "add_bos_token": True, "add_eos_token": False, **BEGIN}),
    "llama-end": (None, {"tokenizer_class": "LlamaTokenizer", "add_eos_token": True, **BEGIN}),
    "llama-without": (template("<s> $A"), {"tokenizer_class": "LlamaTokenizer", "add_bos_token": False, **BEGIN}),
    # Classes that pay add_bos_token no heed.
    "fast-add-begin": (None, {"tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": True, **BEGIN}),
    # Qwen has none; SmolLM2 has one and does not put it first.
    "qwen": (None, {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": None, "eos_token": "</s>", "add_bos_token": False}),
    "smollm2": (None, {"tokenizer_class": "PreTrainedTokenizerFast", **BEGIN}),
    "bert": (template("[CLS] $A [SEP]"), {"tokenizer_class": "PreTrainedTokenizerFast", "cls_token": "[CLS]", "sep_token": "[SEP]"}),
}


def write(folder, post_processor, configuration):
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens([AddedToken(word, special=True) for word in SPECIAL])
    if post_processor is not None:
        tokenizer.post_processor = post_processor
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    text = json.dumps({**configuration, "chat_template": TEMPLATE}, indent=1)
    (folder / "tokenizer_config.json").write_text(text + "\n")


def main(target):
    for name, (post_processor, configuration) in CASES.items():
        folder = target / name
        write(folder, post_processor, configuration)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        chat = [{"role": "user", "content": TEXT}]
        expected = {
            "auto": tokenizer(TEXT)["input_ids"],
            "never": tokenizer(TEXT, add_special_tokens=False)["input_ids"],
            "begin": tokenizer.bos_token_id,
            "chat": tokenizer.apply_chat_template(chat, add_generation_prompt=True),
        }
        print(name, expected)
        (folder / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
