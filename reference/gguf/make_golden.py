"""Makes the golden GGUF files and what PyPI's gguf and sentencepiece packages make of them.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_golden.py ../../examples/demo-models ../../export-tools/src/test/resources/gguf

types.gguf, types.safetensors: for every type that is read one tensor of random blocks, and the
    float32 numbers gguf.dequantize gives for it. Q4_K, Q5_K and Q6_K cannot be quantised by the
    package, so their bytes are random, with finite scales.
demo-q8.gguf: the demo model `base` in Q8_0, with the names, the row order and the metadata of
    llama.cpp's converter (convert_hf_to_gguf.py, LlamaModel).
rotary.json: the factors convert_hf_to_gguf.py (LlamaModel.generate_extra_tensors) writes to
    rope_freqs.weight for the scaling of Llama 3.1 and 3.2, in float32.
pieces.gguf, pieces.json: a tiny random model with a SentencePiece tokenizer (BPE with byte
    fallback), and the token ids sentencepiece gives for some texts.
"""

import io
import json
import sys
from pathlib import Path

import gguf
import numpy as np
import sentencepiece
from safetensors.numpy import save_file

SEED = 20260611
TYPES = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q4_K", "Q5_K", "Q6_K"]
SCALES = {"Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
TEXTS = [
    "Who are you?",
    "What is photosynthesis?",
    "Describe how you feel today.",
    "  two  spaces, and a tab\there",
    "café naïve 東京 🙂",
    "1234567890 42",
    "line one\nline two",
    "I'm sure she's what you'd call it's own.",
]


def random_bytes(name, random, rows, length):
    kind = gguf.GGMLQuantizationType[name]
    block, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (rows, length // block, size), dtype=np.uint8)
    for at in SCALES[name]:
        scales = random.normal(0, 0.02, blocks.shape[:2]).astype(np.float16)
        blocks[..., at:at + 2] = scales[..., None].view(np.uint8)
    return blocks.reshape(rows, -1)


def make_types(out):
    random = np.random.default_rng(SEED)
    writer = gguf.GGUFWriter(out / "types.gguf", "llama")
    expected = {}
    for name in TYPES:
        kind = gguf.GGMLQuantizationType[name]
        if name in SCALES:
            data = random_bytes(name, random, 3, 512)
        else:
            values = random.normal(0, 1, (3, 512)).astype(np.float32)
            values[0, :32] = 0
            values[1, 0] = -1000
            data = gguf.quantize(values, kind)
        expected[name] = gguf.dequantize(data, kind).astype(np.float32)
        writer.add_tensor(name, data, raw_dtype=None if name in ("F32", "F16") else kind)
    finish(writer)
    save_file(expected, out / "types.safetensors")


def permute(weights, heads):
    """LlamaModel.permute of convert_hf_to_gguf.py."""
    return (weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:])
            .swapaxes(1, 2).reshape(weights.shape))


def bfloat16(handle, name):
    """As float32, without PyTorch."""
    begin, end = handle["offsets"][name]
    bits = np.frombuffer(handle["data"][begin:end], dtype=np.uint16).astype(np.uint32) << 16
    return bits.view(np.float32).reshape(handle["shapes"][name])


def read_bfloat16(path):
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:8 + length])
    header.pop("__metadata__", None)
    assert all(entry["dtype"] == "BF16" for entry in header.values())
    handle = {
        "data": raw[8 + length:],
        "offsets": {name: entry["data_offsets"] for name, entry in header.items()},
        "shapes": {name: entry["shape"] for name, entry in header.items()},
    }
    return {name: bfloat16(handle, name) for name in header}


def add_settings(writer, config):
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_vocab_size(config["vocab_size"])


def add_llama_tensors(writer, tensors, config, kind):
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
    for name, values in tensors.items():
        if name.endswith("q_proj.weight"):
            values = permute(values, config["num_attention_heads"])
        if name.endswith("k_proj.weight"):
            values = permute(values, config["num_key_value_heads"])
        to = names.get_name(name, try_suffixes=(".weight", ".bias"))
        # As the converter does: vectors stay float32.
        actual = gguf.GGMLQuantizationType.F32 if values.ndim == 1 else kind
        data = gguf.quantize(np.ascontiguousarray(values), actual)
        native = actual in (gguf.GGMLQuantizationType.F32, gguf.GGMLQuantizationType.F16)
        writer.add_tensor(to, data, raw_dtype=None if native else actual)


def make_demo(models, out):
    folder = models / "base"
    config = json.loads((folder / "config.json").read_text())
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    writer = gguf.GGUFWriter(out / "demo-q8.gguf", "llama")
    add_settings(writer, config)
    by_id = sorted(tokenizer["model"]["vocab"].items(), key=lambda entry: entry[1])
    special = {token["id"] for token in tokenizer["added_tokens"]}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token for token, _ in by_id])
    writer.add_token_types([
        gguf.TokenType.CONTROL if at in special else gguf.TokenType.NORMAL for _, at in by_id])
    writer.add_token_merges(tokenizer["model"]["merges"])
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_add_bos_token(True)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    tensors = read_bfloat16(folder / "model.safetensors")
    add_llama_tensors(writer, tensors, config, gguf.GGMLQuantizationType.Q8_0)
    finish(writer)


def make_pieces(models, out):
    corpus = (models / "eval" / "answers.tsv").read_text().splitlines()
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus), model_writer=model, model_type="bpe", vocab_size=700,
        byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
        add_dummy_prefix=True, split_digits=True, num_threads=1, minloglevel=2)
    pieces = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    size = pieces.get_piece_size()
    writer = gguf.GGUFWriter(out / "pieces.gguf", "llama")
    config = {
        "max_position_embeddings": 128, "hidden_size": 16, "num_hidden_layers": 1,
        "intermediate_size": 24, "num_attention_heads": 2, "num_key_value_heads": 1,
        "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "head_dim": 8, "vocab_size": size,
    }
    add_settings(writer, config)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    kinds = []
    for at in range(size):
        kind = gguf.TokenType.NORMAL
        if pieces.is_unknown(at):
            kind = gguf.TokenType.UNKNOWN
        elif pieces.is_control(at):
            kind = gguf.TokenType.CONTROL
        elif pieces.is_byte(at):
            kind = gguf.TokenType.BYTE
        kinds.append(kind)
    writer.add_token_list([pieces.id_to_piece(at) for at in range(size)])
    writer.add_token_scores([pieces.get_score(at) for at in range(size)])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(pieces.bos_id())
    writer.add_eos_token_id(pieces.eos_id())
    writer.add_unk_token_id(pieces.unk_id())
    writer.add_add_bos_token(True)
    writer.add_chat_template("{{ messages[0]['content'] }}")
    random = np.random.default_rng(SEED)

    def normal(*shape):
        return random.normal(0, 0.1, shape).astype(np.float32)

    block = "model.layers.0."
    tensors = {
        "model.embed_tokens.weight": normal(size, 16), "model.norm.weight": normal(16),
        block + "input_layernorm.weight": normal(16),
        block + "post_attention_layernorm.weight": normal(16),
        block + "self_attn.q_proj.weight": normal(16, 16),
        block + "self_attn.k_proj.weight": normal(8, 16),
        block + "self_attn.v_proj.weight": normal(8, 16),
        block + "self_attn.o_proj.weight": normal(16, 16),
        block + "mlp.gate_proj.weight": normal(24, 16), block + "mlp.up_proj.weight": normal(24, 16),
        block + "mlp.down_proj.weight": normal(16, 24),
    }
    add_llama_tensors(writer, tensors, config, gguf.GGMLQuantizationType.F16)
    finish(writer)
    ids = [{"text": text, "ids": [pieces.bos_id()] + pieces.encode(text)} for text in TEXTS]
    (out / "pieces.json").write_text(json.dumps(ids, ensure_ascii=False, indent=1) + "\n")


def rotary_factors(theta, size, factor, low, high, context):
    f32 = np.float32
    frequencies = f32(1) / np.power(f32(theta), np.arange(0, size, 2, dtype=f32) / f32(size))
    factors = []
    for frequency in frequencies:
        wavelength = f32(2 * np.pi) / frequency
        if wavelength < context / high:
            factors.append(1.0)
        elif wavelength > context / low:
            factors.append(factor)
        else:
            smooth = (f32(context) / wavelength - f32(low)) / f32(high - low)
            factors.append(float(f32(1) / ((f32(1) - smooth) / f32(factor) + smooth)))
    return factors


def make_rotary(out):
    golden = []
    for theta, size, factor in ((500000.0, 128, 8.0), (500000.0, 64, 32.0)):
        golden.append({"theta": theta, "head_size": size, "factor": factor,
                       "factors": rotary_factors(theta, size, factor, 1.0, 4.0, 8192)})
    (out / "rotary.json").write_text(json.dumps(golden, indent=1) + "\n")


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    models, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    make_types(out)
    make_demo(models, out)
    make_pieces(models, out)
    make_rotary(out)


if __name__ == "__main__":
    main()
