"""Makes tiny ONNX models with decomposed attention and the patterns transformers gives for them.

Usage: make_golden.py FOLDER

For every case the folder gets case/model.onnx, case/config.json, case/tokenizer.json and
case/expected.json: prompts as token ids, and for each the eager attention of every layer as a list
[layer][head][query_pos][key_pos], and, for the causal model, the logits of the last position.
Weights are random from a fixed seed; nothing is downloaded.
"""

import json
import pathlib
import sys

import onnx
import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel

VOCABULARY = 64
WORDS = ["who", "are", "you", "what", "is", "rain", "she", "he", "the", "a", "model", "water"]
PROMPTS = [[2, 5, 6, 7, 3], [2, 8, 9, 10, 3], [2, 5, 14, 15, 16, 11, 3], [2, 3]]


class Bert(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state


class Gpt2(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, position_ids):
        return self.model(
            input_ids=input_ids,
            attention_mask=attention_mask,
            position_ids=position_ids,
            use_cache=False,
        ).logits


def randomise(model):
    torch.manual_seed(20260)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.3)
    return model.eval()


def bert():
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=40,
        max_position_embeddings=48,
        attn_implementation="eager",
    )
    return randomise(BertModel(config, add_pooling_layer=False)), Bert, "token_type_ids", "last_hidden_state"


def gpt2():
    config = GPT2Config(
        vocab_size=VOCABULARY,
        n_embd=16,
        n_layer=2,
        n_head=2,
        n_positions=40,
        attn_implementation="eager",
    )
    return randomise(GPT2LMHeadModel(config)), Gpt2, "position_ids", "logits"


def inputs(ids, third):
    row = torch.tensor(ids)
    last = torch.zeros_like(row)
    if third == "position_ids":
        last = torch.arange(row.shape[1]).expand(row.shape).contiguous()
    return row, torch.ones_like(row), last


def tokenizer():
    vocabulary = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "?": 4}
    for word in WORDS:
        vocabulary[word] = len(vocabulary)
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return made


def export(name, make, folder):
    model, wrapper, third, output = make()
    folder.mkdir(parents=True, exist_ok=True)
    dynamic = {0: "batch_size", 1: "sequence_length"}
    names = ["input_ids", "attention_mask", third]
    torch.onnx.export(
        wrapper(model).eval(),
        inputs([[2, 5, 6, 7, 3], [2, 9, 8, 7, 3]], third),
        str(folder / "model.onnx"),
        input_names=names,
        output_names=[output],
        dynamic_axes={each: dynamic for each in [*names, output]},
        opset_version=17,
        dynamo=False,
    )
    onnx.checker.check_model(str(folder / "model.onnx"))
    model.config.to_json_file(folder / "config.json")
    tokenizer().save(str(folder / "tokenizer.json"))
    # The export puts modules back into the mode it believes they were in.
    model.eval()
    cases = []
    for ids in PROMPTS:
        row, mask, last = inputs([ids], third)
        with torch.no_grad():
            result = model(
                input_ids=row, attention_mask=mask, **{third: last}, output_attentions=True
            )
        case = {
            "ids": ids,
            "patterns": [layer[0].tolist() for layer in result.attentions],
        }
        if output == "logits":
            case["logits"] = result.logits[0, -1].tolist()
        cases.append(case)
    versions = f"torch {torch.__version__}, transformers {transformers.__version__}, eager, float32"
    (folder / "expected.json").write_text(json.dumps({"made_with": versions, "prompts": cases}))
    print(name, (folder / "model.onnx").stat().st_size)


def main():
    folder = pathlib.Path(sys.argv[1])
    export("bert", bert, folder / "bert")
    export("gpt2", gpt2, folder / "gpt2")


if __name__ == "__main__":
    main()
