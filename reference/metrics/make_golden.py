"""Makes the golden values of the metrics service's tests.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_golden.py ../../metrics-service/src/test/resources/golden

Everything is computed from random numbers of a fixed seed by NumPy, SciPy and pandas in the most
direct way there is. Nothing that builds, tests or runs Rolescope needs this script.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
from scipy import stats
from scipy.special import xlogy

MADE_WITH = f"numpy {np.__version__}, scipy {scipy.__version__}, pandas {pd.__version__}"
ROLES = {"self": "self_referent", "neutral": "neutral", "confounder": "confounder"}


def short(values):
    """Nested lists of floats with as few digits as give the same number back."""
    if isinstance(values, np.ndarray) and values.dtype == np.float32:
        return [short(value) for value in values] if values.ndim else float(str(values))
    if isinstance(values, np.float32):
        return float(str(values))
    if isinstance(values, (list, tuple, np.ndarray)):
        return [short(value) for value in values]
    return values.item() if isinstance(values, np.generic) else values


def write(folder, name, content):
    text = json.dumps({"made_with": MADE_WITH, **content}, separators=(",", ":"))
    (folder / name).write_text(text + "\n")


# --- entropy -------------------------------------------------------------------------------------


def published_entropy(pattern):
    """The published study's: float32 on the whole row, last axis."""
    assert pattern.dtype == np.float32
    shifted = pattern + 1e-8
    shares = shifted / shifted.sum(axis=-1, keepdims=True)
    return -np.sum(shares * np.log(shares), axis=-1)


def exact_entropy(pattern):
    wide = pattern.astype(np.float64)
    return -xlogy(wide, wide).sum(axis=-1)


def random_pattern(random, heads, tokens):
    """[head, query_pos, key_pos], causal, from flat (head 0) to near one-hot (last head)."""
    sharpness = np.linspace(0.3, 30, heads)[:, None, None]
    scores = (random.standard_normal((heads, tokens, tokens)) * sharpness).astype(np.float32)
    scores[:, np.triu(np.ones((tokens, tokens), bool), 1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)


def renormalised(rows):
    """Exact entropy of rows that need not sum to 1; NaN for rows of zeros."""
    with np.errstate(invalid="ignore"):
        return stats.entropy(rows, axis=-1)


def kind_rows(pattern, norms, matched):
    """Entropy of every row by the other kinds, [head, query_pos]; NaN where the kind leaves it out."""
    wide = pattern.astype(np.float64)
    visible = np.arange(1, wide.shape[1] + 1)
    exact = exact_entropy(pattern)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "length_normalised": np.where(visible >= 2, exact / np.log(visible), np.nan),
            "sink_excluded": np.where(visible >= 3, renormalised(wide[..., 1:]), np.nan),
            "position_matched": np.where(visible <= matched, exact, np.nan),
            "norm_weighted": renormalised(wide * norms.astype(np.float64)[:, None, :]),
        }


def key_attention(pattern):
    """Mean attention to the first and last three keys over queries from 1 on, [head, 3] each."""
    heads, tokens, _ = pattern.shape
    if tokens == 1:
        nothing = np.full((heads, 3), np.nan)
        return nothing, nothing
    mean = pattern[:, 1:].mean(axis=1, dtype=np.float64)
    missing = np.full((heads, max(0, 3 - tokens)), np.nan)
    return np.hstack([mean[:, :3], missing]), np.hstack([missing, mean[:, -3:]])


def with_edges(patterns):
    """Rows that attend to the sink alone: all of a head, and one row of another."""
    patterns[4][2] = 0
    patterns[4][2, :, 0] = 1
    patterns[0][1, 2] = [1, 0, 0]
    return patterns


def controls_golden(random, tokens, patterns):
    """The kinds beyond reference and exact, [head, prompt]; null where nothing is averaged."""
    patterns = with_edges([pattern.copy() for pattern in patterns])
    norms = [random.uniform(0.01, 4, pattern.shape[:2]).astype(np.float32) for pattern in patterns]
    norms[2][0] = 0
    norms[3][1, :2] = 0
    shortest = 3  # position_matched is over the prompts that have as many tokens
    rows = [kind_rows(p, n, shortest) for p, n in zip(patterns, norms)]
    golden = {"patterns": [short(p.ravel()) for p in patterns], "norms": [short(n.ravel()) for n in norms]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing is NaN, as it should be
        for kind in rows[0]:
            golden[kind] = or_null(np.array([np.nanmean(r[kind], axis=1) for r in rows]).T.ravel())
    golden["matched_prompts"] = [prompt for prompt, count in enumerate(tokens) if count >= shortest]
    first, last = zip(*(key_attention(pattern) for pattern in patterns))
    golden["first"], golden["last"] = (or_null(np.stack(part, axis=1).ravel()) for part in (first, last))
    return golden


def or_null(values):
    return [or_null(v) if isinstance(v, np.ndarray) else None if np.isnan(v) else v.item() for v in values]


def entropy_golden(random):
    categories = ["self_referent", "neutral", "confounder", "third_person"] * 3
    tokens = [3, 5, 4, 6, 9, 8, 5, 7, 12, 1, 10, 2]
    patterns = [random_pattern(random, 3, count) for count in tokens]
    golden = {"categories": categories, "tokens": tokens, "patterns": [short(p.ravel()) for p in patterns]}
    for kind, measure in (("reference", published_entropy), ("exact", exact_entropy)):
        rows = [measure(pattern) for pattern in patterns]
        pooled = {
            category: np.mean(
                np.concatenate([r for r, c in zip(rows, categories) if c == category], axis=1), axis=1
            )
            for category in ROLES.values()
        }
        golden[kind] = {
            "rows": [short(r.ravel()) for r in rows],
            "prompt_means": short(np.array([r.mean(axis=1) for r in rows]).T),
            "pooled": {category: short(values) for category, values in pooled.items()},
        }
    golden["long_rows"] = []
    for count in (7, 8, 128, 129, 300, 1025):
        row = random_pattern(random, 1, count)[0, -1]
        golden["long_rows"].append(
            {"row": short(row), "reference": short(published_entropy(row)), "exact": float(exact_entropy(row))}
        )
    golden["controls"] = controls_golden(random, tokens, patterns)
    return golden


def expanded_percentiles(count):
    """Hesterberg 2015: percentiles of a bootstrap interval over categories of this size."""
    reach = stats.t.ppf(0.975, count - 1) * np.sqrt(count / (count - 1))
    return 100 * stats.norm.cdf([-reach, reach])


# --- roles and contrasts -------------------------------------------------------------------------


def rfc(self, neutral, confounder):
    return 1 - self / neutral


def rsi(self, neutral, confounder):
    return (confounder - self) / neutral


INDICES = {"rfc": rfc, "rsi": rsi}


class Model:
    """Entropy tables of one layer of one model, [head, prompt], with the prompts of each role."""

    def __init__(self, reference, exact, query_counts):
        self.tables = {"reference": reference, "exact": exact}
        self.query_counts = query_counts

    def pooled(self, kind, prompts):
        """Every query position counts the same, so repeat each prompt's mean that often."""
        table = self.tables[kind]
        return np.repeat(table[:, prompts], self.query_counts[prompts], axis=1).mean(axis=1)

    def head_values(self, kind, index, roles):
        return index(*(self.pooled(kind, roles[role]) for role in ROLES))

    def ratio_of_sums(self, index, roles):
        return index(*(self.pooled("exact", roles[role]).sum() for role in ROLES))

    def prompt_index(self, index, roles):
        per_prompt = self.tables["reference"].mean(axis=0)
        values = [per_prompt[roles[role]] for role in ROLES]
        center = index(*(v.mean() for v in values))
        low, high = stats.t.interval(
            0.95, len(values[0]) - 1, loc=center, scale=stats.sem(index(*values))
        )
        return {"value": center, "low": low, "high": high}

    def golden(self, roles, resamples):
        golden = {"reference": self.tables["reference"].ravel(), "exact": self.tables["exact"].ravel()}
        for name, index in INDICES.items():
            heads = pd.Series(self.head_values("reference", index, roles))
            low, high = stats.t.interval(0.95, len(heads) - 1, loc=heads.mean(), scale=stats.sem(heads))
            drawn = [self.ratio_of_sums(index, resample) for resample in resamples]
            exact_heads = self.head_values("exact", index, roles)
            golden[name] = {
                "heads_reference": heads.to_numpy(),
                "heads_exact": exact_heads,
                "mean": heads.mean(),
                "std": heads.std(ddof=1),
                "low": low,
                "high": high,
                "prompt_index": self.prompt_index(index, roles),
                "ratio_of_sums": self.ratio_of_sums(index, roles),
                "ratio_interval": np.percentile(drawn, expanded_percentiles(len(roles["self"]))),
                "head_median": np.median(exact_heads),
            }
        return {key: {k: short(v) for k, v in value.items()} if isinstance(value, dict) else short(value)
                for key, value in golden.items()}


def studentised(base, instruct, name, labelled):
    """The difference of an index over its standard error by the delta method, prompt by prompt."""
    contributions = []
    for model in (base, instruct):
        sums = model.tables["exact"].sum(axis=0)
        counts = model.query_counts
        means = {role: np.average(sums[labelled[role]], weights=counts[labelled[role]]) for role in ROLES}
        s, n, c = (means[role] for role in ROLES)
        slopes = {
            "rfc": {"self": -1 / n, "neutral": s / n**2, "confounder": 0},
            "rsi": {"self": -1 / n, "neutral": -(c - s) / n**2, "confounder": 1 / n},
        }[name]
        contributions.append(np.concatenate([
            slopes[role] * counts[prompts] * (sums[prompts] - means[role]) / counts[prompts].sum()
            for role, prompts in labelled.items()
        ]))
    error = np.sqrt(((contributions[1] - contributions[0]) ** 2).sum())
    index = INDICES[name]
    return (instruct.ratio_of_sums(index, labelled) - base.ratio_of_sums(index, labelled)) / error


def swapped(roles, partner, coins):
    changed = dict(roles)
    changed["self"] = np.where(coins, roles[partner], roles["self"])
    changed[partner] = np.where(coins, roles["self"], roles[partner])
    return changed


def difference(base, instruct, name, roles, resamples, swaps):
    index = INDICES[name]
    before, after = (pd.Series(m.head_values("reference", index, roles)) for m in (base, instruct))
    delta = after.mean() - before.mean()
    error = np.sqrt(before.std(ddof=1) ** 2 / len(before) + after.std(ddof=1) ** 2 / len(after))
    reach = stats.t.ppf(0.975, min(len(before), len(after)) - 1) * error

    def statistic(labelled):
        return instruct.ratio_of_sums(index, labelled) - base.ratio_of_sums(index, labelled)

    observed = abs(studentised(base, instruct, name, roles))
    partner = "neutral" if name == "rfc" else "confounder"
    permuted = np.array(
        [abs(studentised(base, instruct, name, swapped(roles, partner, coins))) for coins in swaps]
    )
    return {
        "reference": delta,
        "reference_low": delta - reach,
        "reference_high": delta + reach,
        "ratio_of_sums": statistic(roles),
        "ratio_interval": short(
            np.percentile([statistic(r) for r in resamples], expanded_percentiles(len(roles["self"])))
        ),
        "studentised": studentised(base, instruct, name, roles),
        "p_value": (1 + int(np.sum(permuted >= observed - 1e-12))) / (1 + len(permuted)),
    }


def series(values):
    values = np.array(values)
    return {
        "mean": values.mean(), "median": np.median(values), "std": values.std(), "min": values.min(),
        "max": values.max(), "above": int((values > 0.01).sum()), "below": int((values < -0.01).sum()),
        "within": int((np.abs(values) <= 0.01).sum()),
    }


def random_model(random, heads, query_counts, spread, degenerate):
    level = random.uniform(0.4, 1.6, (heads, 1))
    exact = level * (1 + spread * random.standard_normal((heads, len(query_counts))))
    if degenerate:
        exact[0] = np.abs(random.normal(0, 0.004, len(query_counts))) + 1e-4
    exact = np.abs(exact)
    reference = exact * (1 + 1e-6 * random.standard_normal(exact.shape))
    return Model(reference, exact, query_counts)


def role_golden(random):
    heads, pairs = 5, 8
    categories = random.permutation(list(ROLES.values()) * pairs + ["third_person"] * 4)
    roles = {role: np.flatnonzero(categories == name) for role, name in ROLES.items()}
    query_counts = random.integers(3, 13, len(categories))
    resamples = [
        {role: random.choice(prompts, len(prompts)) for role, prompts in roles.items()} for _ in range(60)
    ]
    swaps = random.random((60, pairs)) < 0.5
    golden = {
        "heads": heads,
        "categories": categories.tolist(),
        "query_counts": short(query_counts),
        "resamples": [{role: short(prompts) for role, prompts in r.items()} for r in resamples],
        "swaps": short(swaps),
        "layers": [],
    }
    for layer in range(4):
        base, instruct = (
            random_model(random, heads, query_counts, 0.05 + 0.1 * layer, degenerate=layer == 3)
            for _ in range(2)
        )
        golden["layers"].append({
            "base": base.golden(roles, resamples),
            "instruct": instruct.golden(roles, resamples),
            **{name: difference(base, instruct, name, roles, resamples, swaps) for name in INDICES},
        })
    for name in INDICES:
        layers = [layer[name] for layer in golden["layers"]]
        golden[name] = {
            "reference": series([layer["reference"] for layer in layers]),
            "ratio_of_sums": series([layer["ratio_of_sums"] for layer in layers]),
            "q_values": short(stats.false_discovery_control([layer["p_value"] for layer in layers])),
        }
    return golden


# --- statistics ----------------------------------------------------------------------------------


def statistics_golden(random):
    degrees = [1, 2, 3, 5, 11, 19, 27, 29, 31, 63, 127, 1000]
    golden = {
        "t": {"degrees": degrees, "critical": short(stats.t.ppf(0.975, degrees))},
        "samples": [],
        "benjamini_hochberg": [],
    }
    for count in (2, 3, 8, 28, 101):
        values = random.normal(0.3, 2, count)
        low, high = stats.t.interval(0.95, count - 1, loc=values.mean(), scale=stats.sem(values))
        golden["samples"].append({
            "values": short(values), "mean": values.mean(), "median": np.median(values),
            "std": values.std(ddof=1), "population_std": values.std(), "sem": stats.sem(values),
            "t_low": low, "t_high": high, "percentiles": short(np.percentile(values, [2.5, 97.5])),
        })
    for p_values in (
        [0.03], [0.01, 0.04, 0.03, 0.005, 0.55], [0.2, 0.2, 0.2], [1.0, 0.001, 0.001, 0.5],
        random.random(32).round(4).tolist(),
    ):
        golden["benjamini_hochberg"].append(
            {"p": p_values, "q": short(stats.false_discovery_control(p_values))}
        )
    return golden


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    write(target, "entropy.json", entropy_golden(np.random.default_rng(20251)))
    write(target, "roles.json", role_golden(np.random.default_rng(20252)))
    write(target, "statistics.json", statistics_golden(np.random.default_rng(20253)))
