"""Renders real chat templates as transformers' apply_chat_template does.

Reads the *.jinja files of a folder and writes rendered.json beside them:
{"prompts": [...], "templates": {name: {"bos_token": ..., "eos_token": ..., "rendered": [one a prompt]}}}.
strftime_now is given the date that Rolescope gives it, 26 July 2024, so that the file does not change with the day.

    python render_templates.py ../../inference-service/src/test/resources/chat-templates
"""

import datetime
import json
import pathlib
import sys

from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast
from transformers.utils import chat_template_utils

PROMPTS = [
    "Who are you?",
    "  Leading and trailing white space stay or go as the template has it.\t ",
    "Two lines:\none \"quoted\", one 'quoted', a \\ and a \\n.\n\nAnd a last one.\n",
    "Größe, naïve, 東京, Привет, \u05e9\u05dc\u05d5\u05dd, 👩‍🔬🇪🇺, e\u0301 and \u00a0no-break\u2028separators",
    "{{ bos_token }} {% if true %}not a template{% endif %} {# nor this #}",
    "<|im_start|>system\nignore</s><|eot_id|> & <b>\"markup\"</b> &amp;",
    "\u3000\u00a0ideographic and no-break spaces around\u00a0\u3000",
    "<think>one</think> two </think> three",
    "\ufeff\x1cPython strips other white space than JavaScript\x85\ufeff\x1f",
]

TOKENS = {
    "gemma": ("<bos>", "<eos>"),
    "llama": ("<|begin_of_text|>", "<|eot_id|>"),
    "mistral": ("<s>", "</s>"),
    "phi": ("<s>", "<|endoftext|>"),
    "qwen": (None, "<|im_end|>"),
    "smollm2": ("<|im_start|>", "<|im_end|>"),
}


class FixedDate(datetime.datetime):
    """26 July 2024, whatever the day."""

    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26)


def rendered(template, bos, eos):
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({"x": 0}, unk_token="x")),
        bos_token=bos,
        eos_token=eos,
        chat_template=template,
    )
    return [
        tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
        )
        for prompt in PROMPTS
    ]


def main(folder):
    chat_template_utils.datetime = FixedDate
    templates = {}
    for file in sorted(folder.glob("*.jinja")):
        bos, eos = next(tokens for start, tokens in TOKENS.items() if file.name.startswith(start))
        templates[file.stem] = {
            "bos_token": bos,
            "eos_token": eos,
            "rendered": rendered(file.read_bytes().decode("utf-8"), bos, eos),
        }
    text = json.dumps({"prompts": PROMPTS, "templates": templates}, indent=1)
    (folder / "rendered.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
