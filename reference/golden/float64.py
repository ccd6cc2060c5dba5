"""An independent forward pass in float64, from the files alone and the models' definitions.

It shares no code with transformers: it reads config.json and the safetensors files and follows the
papers, with whole matrices and no cache. make_golden.py holds every array against it, so that an
option that one of the two ignores or misreads does not become a golden value.
"""

import json
import math

import numpy as np
from safetensors.torch import load_file


class Model:
    def __init__(self, folder):
        self.config = json.loads((folder / "config.json").read_text())
        self.weights = {
            name.removeprefix("transformer."): tensor.double().numpy()
            for file in sorted(folder.glob("*.safetensors"))
            for name, tensor in load_file(file).items()
        }
        self.gpt2 = self.config["model_type"] == "gpt2"
        self.values = []

    def run(self, ids):
        """Arrays by name: l<layer>_pattern, l<layer>_z, l<layer>_resid_post, logits."""
        return self._gpt2(np.array(ids)) if self.gpt2 else self._rotary(np.array(ids))

    def value_norms(self, ids):
        """l<layer>_value_norm [head, key_pos]: how long what one key alone makes a head write is."""
        self.values = []
        self.run(ids)
        arrays = {}
        for layer, v in enumerate(self.values):
            if self.gpt2:
                projection = self.weights[f"h.{layer}.attn.c_proj.weight"].T
            else:
                projection = self.weights[f"model.layers.{layer}.self_attn.o_proj.weight"]
            parts = projection.reshape(len(projection), -1, v.shape[-1])
            v = np.repeat(v, parts.shape[1] // v.shape[1], axis=1)
            written = np.einsum("khd,mhd->hkm", v, parts)
            arrays[f"l{layer}_value_norm"] = np.sqrt((written**2).sum(-1))
        return arrays

    def _linear(self, name, values):
        result = values @ self.weights[name + ".weight"].T
        bias = self.weights.get(name + ".bias")
        return result if bias is None else result + bias

    def _conv(self, name, values):
        return values @ self.weights[name + ".weight"] + self.weights[name + ".bias"]

    def _rms(self, name, values):
        scale = np.sqrt((values**2).mean(-1, keepdims=True) + self.config["rms_norm_eps"])
        return values / scale * self.weights[name + ".weight"]

    def _layer_norm(self, name, values):
        centred = values - values.mean(-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(-1, keepdims=True) + self.config["layer_norm_epsilon"])
        return centred / scale * self.weights[name + ".weight"] + self.weights[name + ".bias"]

    def _rotary(self, ids):
        config = self.config
        heads = config["num_attention_heads"]
        key_heads = config.get("num_key_value_heads") or heads
        head_dim = config.get("head_dim") or config["hidden_size"] // heads
        residual = self.weights["model.embed_tokens.weight"][ids]
        frequencies, factor = rotary_frequencies(config, head_dim, len(ids))
        angles = np.arange(len(ids))[:, None] * frequencies
        cos, sin = np.cos(angles)[:, None] * factor, np.sin(angles)[:, None] * factor
        arrays = {}
        for layer in range(config["num_hidden_layers"]):
            prefix = f"model.layers.{layer}."
            normed = self._rms(prefix + "input_layernorm", residual)
            q, k, v = (
                self._linear(f"{prefix}self_attn.{name}_proj", normed).reshape(
                    len(ids), -1, head_dim
                )
                for name in "qkv"
            )
            if config["model_type"] == "qwen3":
                q = self._rms(prefix + "self_attn.q_norm", q)
                k = self._rms(prefix + "self_attn.k_norm", k)
            self.values.append(v)
            q, k = turned(q, cos, sin), turned(k, cos, sin)
            group = heads // key_heads
            visible = visible_keys(len(ids), window(config, layer))
            pattern, z = attend(
                q, np.repeat(k, group, axis=1), np.repeat(v, group, axis=1), visible
            )
            residual = residual + self._linear(prefix + "self_attn.o_proj", flat(z))
            normed = self._rms(prefix + "post_attention_layernorm", residual)
            gate = self._linear(prefix + "mlp.gate_proj", normed)
            up = self._linear(prefix + "mlp.up_proj", normed)
            residual = residual + self._linear(
                prefix + "mlp.down_proj", gate / (1 + np.exp(-gate)) * up
            )
            arrays |= of_layer(layer, pattern, z, residual)
        tied = config.get("tie_word_embeddings", False)
        output = self.weights["model.embed_tokens.weight" if tied else "lm_head.weight"]
        return arrays | {"logits": output @ self._rms("model.norm", residual)[-1]}

    def _gpt2(self, ids):
        config = self.config
        head_dim = config["n_embd"] // config["n_head"]
        residual = self.weights["wte.weight"][ids] + self.weights["wpe.weight"][: len(ids)]
        arrays = {}
        for layer in range(config["n_layer"]):
            prefix = f"h.{layer}."
            normed = self._layer_norm(prefix + "ln_1", residual)
            q, k, v = (
                part.reshape(len(ids), -1, head_dim)
                for part in np.split(self._conv(prefix + "attn.c_attn", normed), 3, axis=-1)
            )
            self.values.append(v)
            pattern, z = attend(q, k, v, visible_keys(len(ids), None))
            residual = residual + self._conv(prefix + "attn.c_proj", flat(z))
            inner = self._conv(
                prefix + "mlp.c_fc", self._layer_norm(prefix + "ln_2", residual)
            )
            inner = (
                inner / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (inner + 0.044715 * inner**3)))
            )
            residual = residual + self._conv(prefix + "mlp.c_proj", inner)
            arrays |= of_layer(layer, pattern, z, residual)
        return arrays | {
            "logits": self.weights["wte.weight"] @ self._layer_norm("ln_f", residual)[-1]
        }


def of_layer(layer, pattern, z, residual):
    return {
        f"l{layer}_pattern": pattern,
        f"l{layer}_z": z,
        f"l{layer}_resid_post": residual,
    }


def flat(z):
    return z.reshape(len(z), -1)


def turned(values, cos, sin):
    first, second = np.split(values, 2, axis=-1)
    return np.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)


def attend(q, k, v, visible):
    """pattern [head, query_pos, key_pos] and z [pos, head, d_head]."""
    scores = np.einsum("qhd,khd->hqk", q, k) / math.sqrt(q.shape[-1])
    scores = np.where(visible, scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    pattern = weights / weights.sum(-1, keepdims=True)
    return pattern, np.einsum("hqk,khd->qhd", pattern, v)


def visible_keys(length, window_size):
    """Key k is visible to query q where q - window < k <= q: the window counts the query itself."""
    query, key = np.arange(length)[:, None], np.arange(length)[None]
    return (key <= query) & (key > query - (window_size or length))


def window(config, layer):
    kind = config["model_type"]
    if kind == "mistral":
        return config.get("sliding_window")
    if kind not in ("qwen2", "qwen3") or not config.get("use_sliding_window"):
        return None
    types = config.get("layer_types")
    sliding = (
        types[layer] == "sliding_attention" if types else layer >= config["max_window_layers"]
    )
    return config["sliding_window"] if sliding else None


def rotary_frequencies(config, head_dim, length):
    """Radians a position for each pair, and the factor on cos and sin."""
    theta = config.get("rope_theta", 10000.0)
    exponents = np.arange(0, head_dim, 2) / head_dim
    plain = theta**-exponents
    scaling = config.get("rope_scaling") or {}
    kind = scaling.get("rope_type", scaling.get("type", "default"))
    context = config["max_position_embeddings"]
    if kind == "default":
        return plain, 1
    factor = scaling["factor"]
    if kind == "linear":
        return plain / factor, 1
    if kind == "dynamic":
        stretch = max(factor * length / context - (factor - 1), 1)
        return (theta * stretch ** (head_dim / (head_dim - 2))) ** -exponents, 1
    original = scaling.get("original_max_position_embeddings") or context
    if kind == "llama3":
        turns = original * plain / (2 * math.pi)
        low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
        kept = np.clip((turns - low) / (high - low), 0, 1)
        return kept * plain + (1 - kept) * plain / factor, 1
    if kind == "yarn":
        # Pair i makes original * theta^(-2i/d) / 2 pi turns; solved for the i where that is beta.
        def pair(turns):
            return head_dim * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(theta))

        low, high = pair(scaling.get("beta_fast") or 32), pair(scaling.get("beta_slow") or 1)
        if scaling.get("truncate", True):
            low, high = math.floor(low), math.ceil(high)
        low, high = max(low, 0), min(high, head_dim - 1)
        divided = np.clip((np.arange(head_dim // 2) - low) / max(high - low, 0.001), 0, 1)
        return divided * plain / factor + (1 - divided) * plain, yarn_attention(scaling)
    raise ValueError(f"rope_type {kind}")


def yarn_attention(scaling):
    """The factor on cos and sin: as given, or from the scaling factor."""

    def of(mscale):
        return 0.1 * mscale * math.log(scaling["factor"]) + 1 if scaling["factor"] > 1 else 1

    if scaling.get("attention_factor") is not None:
        return scaling["attention_factor"]
    if scaling.get("mscale") and scaling.get("mscale_all_dim"):
        return of(scaling["mscale"]) / of(scaling["mscale_all_dim"])
    return of(1)
