"""The golden cases: every architecture and option, each as small as shows the option.

Sizes are such that the option matters: windows and original contexts are shorter than the longest
prompt, and what an absent or contradicting setting means is part of the case.
"""

from dataclasses import dataclass, field

import torch
from transformers import GPT2Config, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

VOCABULARY = 160
BEGIN_TOKEN = 1


@dataclass(frozen=True)
class Case:
    """One folder of golden data.

    name: folder
    about: what the case shows
    config: transformers' configuration
    lengths: tokens of each prompt, begin token included
    dtype: how the weights are stored
    drop: settings taken out of config.json, so that their defaults have to be known
    put: settings of config.json written as published checkpoints have them
    shard_size: bytes a weight file may take; None for a single file
    begin_token: whether the tokenizer puts a begin token in front
    published_names: GPT-2 only: weights named as the first published checkpoints name them
    """

    name: str
    about: str
    config: object
    lengths: tuple = (1, 6, 11, 11, 24)
    dtype: torch.dtype = torch.float32
    drop: tuple = ()
    put: dict = field(default_factory=dict)
    shard_size: int | None = None
    begin_token: bool = False
    published_names: bool = False


def sized(kind, **settings):
    sizes = dict(
        vocab_size=VOCABULARY,
        hidden_size=32,
        intermediate_size=56,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=128,
        tie_word_embeddings=False,
        bos_token_id=None,
        eos_token_id=None,
    )
    return kind(**{**sizes, **settings})


def llama(**settings):
    return sized(LlamaConfig, **settings)


def mistral(**settings):
    return sized(MistralConfig, **{"sliding_window": None, **settings})


def qwen2(**settings):
    return sized(Qwen2Config, **settings)


def qwen3(**settings):
    return sized(Qwen3Config, **{"head_dim": 16, **settings})


def gpt2(**settings):
    sizes = dict(
        vocab_size=VOCABULARY,
        n_embd=32,
        n_layer=3,
        n_head=4,
        n_positions=48,
        bos_token_id=None,
        eos_token_id=None,
    )
    return GPT2Config(**{**sizes, **settings})


def grouped(key_value_heads, about, **settings):
    return Case(
        f"llama-gqa-{8 // key_value_heads}",
        about,
        llama(
            hidden_size=64,
            num_attention_heads=8,
            num_key_value_heads=key_value_heads,
            rope_theta=500000.0,
            **settings,
        ),
        dtype=torch.bfloat16,
    )


def rotary(name, about, head_dim=32, lengths=(5, 20, 32, 33, 60), **settings):
    """A Llama whose heads are wide enough for its frequencies to fall on all sides of a scaling."""
    return Case(
        f"llama-rope-{name}",
        about,
        llama(num_attention_heads=2, num_key_value_heads=1, head_dim=head_dim, **settings),
        lengths=lengths,
        dtype=torch.bfloat16,
    )


ABSENT_IN_OLD_LLAMA = (
    "attention_bias",
    "attention_dropout",
    "head_dim",
    "mlp_bias",
    "num_key_value_heads",
    "rope_scaling",
    "rope_theta",
    "tie_word_embeddings",
)

CASES = [
    Case(
        "llama",
        "Llama as first published: as many key/value heads as heads; config.json leaves out "
        "num_key_value_heads, head_dim, rope_theta, biases and tie_word_embeddings; F32",
        llama(num_hidden_layers=4, num_key_value_heads=4),
        drop=ABSENT_IN_OLD_LLAMA,
    ),
    grouped(8, "8 heads on 8 key/value heads; rope_theta 500000"),
    grouped(4, "8 heads on 4 key/value heads; rope_theta 500000"),
    grouped(2, "8 heads on 2 key/value heads; rope_theta 500000"),
    grouped(1, "8 heads on 1 key/value head; rope_theta 500000"),
    Case(
        "llama-head-dim",
        "head_dim 12 where hidden_size / heads is 8",
        llama(head_dim=12, num_hidden_layers=3),
    ),
    Case(
        "llama-attention-bias",
        "biases on q, k, v and o projections",
        llama(attention_bias=True),
        dtype=torch.bfloat16,
    ),
    Case(
        "llama-mlp-bias",
        "biases on gate, up and down projections",
        llama(mlp_bias=True),
        dtype=torch.bfloat16,
    ),
    Case(
        "llama-tied",
        "the embedding is also the output matrix; no lm_head in the file; three layers, so that two "
        "layers a stage leave one over",
        llama(tie_word_embeddings=True, num_hidden_layers=3),
        dtype=torch.bfloat16,
    ),
    Case(
        "llama-bf16",
        "weights in BF16, output matrix of its own, rms_norm_eps 0.01",
        llama(rms_norm_eps=0.01),
        dtype=torch.bfloat16,
    ),
    Case("llama-f16", "weights in F16", llama(), dtype=torch.float16),
    Case(
        "llama-sharded",
        "weights in several files with model.safetensors.index.json, a layer's tensors in two files",
        llama(num_hidden_layers=3),
        dtype=torch.bfloat16,
        shard_size=24_000,
    ),
    Case(
        "llama-begin-token",
        "the tokenizer puts a begin token in front of every prompt",
        llama(),
        lengths=(2, 6, 11, 11, 24),
        dtype=torch.bfloat16,
        begin_token=True,
    ),
    rotary(
        "linear",
        "rotary positions divided by 4: prompts beyond the original context of 32",
        rope_scaling={"rope_type": "linear", "factor": 4.0},
    ),
    rotary(
        "dynamic",
        "rotary base that grows with the prompt beyond max_position_embeddings 32; each prompt runs "
        "alone, since the base follows the longest prompt of a batch",
        max_position_embeddings=32,
        rope_scaling={"rope_type": "dynamic", "factor": 2.0},
    ),
    rotary(
        "llama3",
        "frequencies scaled by wavelength as in Llama 3.1: prompts beyond the original context of 32",
        rope_scaling={
            "rope_type": "llama3",
            "factor": 4.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 32,
        },
    ),
    rotary(
        "yarn",
        "YaRN with betas and attention_factor given: prompts beyond the original context of 32",
        rope_scaling={
            "rope_type": "yarn",
            "factor": 4.0,
            "original_max_position_embeddings": 32,
            "beta_fast": 2.0,
            "beta_slow": 0.25,
            "attention_factor": 1.25,
        },
    ),
    rotary(
        "yarn-untruncated",
        "YaRN with mscale, mscale_all_dim and truncate false; no original_max_position_embeddings, "
        "so max_position_embeddings 32 is the original context; prompts beyond it",
        max_position_embeddings=32,
        rope_scaling={
            "rope_type": "yarn",
            "factor": 4.0,
            "mscale": 0.7,
            "mscale_all_dim": 1.4,
            "truncate": False,
        },
    ),
    Case(
        "mistral-sliding-window",
        "every layer sees 7 tokens, as in Mistral v0.1: prompts shorter than, equal to and longer "
        "than the window",
        mistral(sliding_window=7, num_hidden_layers=3),
        lengths=(3, 7, 8, 8, 30),
        dtype=torch.bfloat16,
        drop=("head_dim",),
    ),
    Case(
        "mistral",
        "sliding_window null, as in Mistral v0.3; head_dim apart",
        mistral(head_dim=16, rope_theta=1000000.0),
        dtype=torch.bfloat16,
    ),
    Case(
        "qwen2",
        "biases on q, k and v only; sliding_window and max_window_layers are there as in Qwen 2.5 "
        "but use_sliding_window is false, so every layer sees all",
        qwen2(num_hidden_layers=3, rope_theta=1000000.0),
        dtype=torch.bfloat16,
        drop=("layer_types",),
        put={"sliding_window": 5, "use_sliding_window": False, "max_window_layers": 1},
    ),
    Case(
        "qwen2-sliding-window",
        "use_sliding_window with max_window_layers 1 of 3: layer 0 sees all, layers 1 and 2 see 5 "
        "tokens; config.json without layer_types; tied",
        qwen2(
            num_hidden_layers=3,
            use_sliding_window=True,
            sliding_window=5,
            max_window_layers=1,
            tie_word_embeddings=True,
        ),
        lengths=(3, 5, 6, 6, 24),
        dtype=torch.bfloat16,
        drop=("layer_types",),
    ),
    Case(
        "qwen2-rope-yarn",
        "YaRN as the Qwen 2.5 model cards have it: type instead of rope_type, defaults, and "
        "max_position_embeddings the original context of 32; prompts beyond it",
        qwen2(
            num_attention_heads=2,
            num_key_value_heads=1,
            hidden_size=48,
            max_position_embeddings=32,
            rope_theta=10000.0,
            rope_scaling={"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32},
        ),
        lengths=(5, 32, 33, 60),
        dtype=torch.bfloat16,
        put={
            "rope_scaling": {
                "factor": 4.0,
                "original_max_position_embeddings": 32,
                "type": "yarn",
            }
        },
        drop=("layer_types",),
    ),
    Case(
        "qwen3",
        "q and k normalised head by head, head_dim 16 where hidden_size / heads is 8; tied",
        qwen3(tie_word_embeddings=True, rope_theta=1000000.0),
        dtype=torch.bfloat16,
    ),
    Case(
        "qwen3-sliding-window",
        "layer_types sliding, full, sliding against max_window_layers: layer_types wins; window 5; "
        "attention_bias",
        qwen3(
            num_hidden_layers=3,
            use_sliding_window=True,
            sliding_window=5,
            max_window_layers=2,
            layer_types=["sliding_attention", "full_attention", "sliding_attention"],
            attention_bias=True,
        ),
        lengths=(3, 5, 6, 6, 24),
        dtype=torch.bfloat16,
    ),
    Case(
        "gpt2",
        "learned positions, LayerNorm with biases, Conv1D layout, tied; a prompt as long as the "
        "context; layer_norm_epsilon 0.01; F32",
        gpt2(layer_norm_epsilon=0.01),
        lengths=(1, 6, 11, 11, 48),
    ),
    Case(
        "gpt2-published-names",
        "GPT-2 as first published: names without the prefix transformer, causal masks among the "
        "weights, no tie_word_embeddings, n_inner or scale_attn_weights in config.json",
        gpt2(n_layer=2, n_positions=32),
        drop=(
            "n_inner",
            "reorder_and_upcast_attn",
            "scale_attn_by_inverse_layer_idx",
            "scale_attn_weights",
            "tie_word_embeddings",
        ),
        put={"n_ctx": 32},
        published_names=True,
    ),
]
