"""Makes the golden values of interventions and activation patching.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_golden.py ../../metrics-service/src/test/resources/golden

Everything is computed from random numbers of a fixed seed, and from the entropies of roles.json in
the same folder, by NumPy and SciPy in the most direct way there is. Nothing that builds, tests or
runs Rolescope needs this script.
"""

import json
import sys
from pathlib import Path

import numpy as np
import scipy
from scipy import stats
from scipy.special import log_softmax, rel_entr

MADE_WITH = f"numpy {np.__version__}, scipy {scipy.__version__}"
LEAST_GAP = 1e-6


def short(values):
    """Nested lists of floats with as few digits as give the same number back; NaN becomes null."""
    if isinstance(values, (list, tuple, np.ndarray)):
        return [short(value) for value in values]
    value = float(str(values)) if isinstance(values, np.float32) else values
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and np.isnan(value) else value


def expanded_percentiles(count):
    """Hesterberg 2015: percentiles of a bootstrap interval over this many prompts."""
    reach = stats.t.ppf(0.975, count - 1) * np.sqrt(count / (count - 1))
    return 100 * stats.norm.cdf([-reach, reach])


def logits_golden(random):
    """float32 logits: usual ones, nearly equal ones, ones with hardly a second token, huge ones."""
    usual = random.normal(0, 3, (2, 40))
    near = random.normal(0, 1, 30)
    extreme = np.array([[3e38, -3e38, 0, 3e38], [3e38, -3e38, 1e38, 3e38]])
    pairs = [usual, [near, near + random.normal(0, 1e-4, 30)], random.normal(0, 200, (2, 12)),
             random.normal(1e4, 2, (2, 12)), extreme, [[5], [-7]]]
    golden = []
    for clean, other in pairs:
        clean, other = np.array(clean, np.float32), np.array(other, np.float32)
        log_p, log_q = (log_softmax(logits.astype(np.float64)) for logits in (clean, other))
        p, q = np.exp(log_p), np.exp(log_q)
        by_logarithms = np.sum(p * (log_p - log_q))
        if np.all(q > 0):
            assert np.isclose(by_logarithms, rel_entr(p, q).sum(), rtol=1e-6, atol=1e-12)
        golden.append({"clean": short(clean), "other": short(other),
                       "log_softmax": short(log_p), "kl_nats": short(by_logarithms)})
    return golden


def recovery(source, target, patched):
    """Recovery of each prompt, and their mean weighted by the gap."""
    gap = source - target
    defined = np.abs(gap) >= LEAST_GAP
    each = np.full(len(gap), np.nan)
    each[defined] = (patched[defined] - target[defined]) / gap[defined]
    return each, np.average(each[defined], weights=np.abs(gap[defined]))


def excess(source, target, candidate, nulls, resamples):
    """Share of resamples in which the candidate stays within the 95th percentile of the nulls of its size."""
    within = 0
    for r in resamples:
        chance = [recovery(source[r], target[r], null["patched"][r])[1]
                  for null in nulls if null["size"] == candidate["size"]]
        value = recovery(source[r], target[r], candidate["patched"][r])[1]
        within += abs(value) <= np.percentile(np.abs(chance), 95)
    return (1 + within) / (1 + len(resamples))


def direction_golden(random, prompts, sizes, effects, null_count):
    """One direction: candidates that bring back these shares, and random sets that bring back little."""
    source, target = random.normal(2, 2, prompts), random.normal(-1, 2, prompts)
    source[3] = target[3] + 1e-9
    defined = np.flatnonzero(np.abs(source - target) >= LEAST_GAP)
    resamples = [random.choice(defined, len(defined)) for _ in range(80)]
    runs = {"source": source, "target": target}

    def patched(effect):
        return target + (effect + random.normal(0, 0.02, prompts)) * (source - target)

    candidates = [{"size": size, "patched": patched(effect)} for size, effect in zip(sizes, effects)]
    nulls = [{"size": 1 + index % 2, "patched": patched(random.normal(0, 0.1))} for index in range(null_count)]
    for candidate in candidates:
        each, value = recovery(source, target, candidate["patched"])
        drawn = [recovery(source[r], target[r], candidate["patched"][r])[1] for r in resamples]
        chance = np.array([recovery(source, target, null["patched"])[1]
                           for null in nulls if null["size"] == candidate["size"]])
        candidate |= {
            "recovery": value, "by_prompt": each,
            "interval": np.percentile(drawn, expanded_percentiles(len(defined))),
            "p_value": (1 + int(np.sum(np.abs(chance) >= abs(value)))) / (1 + len(chance)),
            "null_quantile": np.percentile(np.abs(chance), 95),
            "excess_p_value": excess(source, target, candidate, nulls, resamples),
        }
    q_values = stats.false_discovery_control([c["p_value"] for c in candidates], method="bh")
    for candidate, q_value in zip(candidates, q_values):
        candidate["q_value"] = q_value
    tidy = [{key: short(value) for key, value in each.items()} for each in candidates]
    return {**{key: short(value) for key, value in runs.items()}, "resamples": short(resamples),
            "candidates": tidy, "nulls": [{k: short(v) for k, v in null.items()} for null in nulls]}


def intervention_golden(roles):
    """Layers of roles.json, the instruct model standing for the intervened run."""
    counts, heads = np.array(roles["query_counts"]), roles["heads"]
    categories = np.array(roles["categories"])
    names = {"self": "self_referent", "neutral": "neutral", "confounder": "confounder"}
    observed = {role: np.flatnonzero(categories == name) for role, name in names.items()}

    def changes(layer, drawn):
        pooled = {}
        for model in ("base", "instruct"):
            table = np.array(layer[model]["exact"]).reshape(heads, -1)
            pooled[model] = {role: np.repeat(table[:, which], counts[which], axis=1).mean()
                             for role, which in drawn.items()}
        clean, other = pooled["base"], pooled["instruct"]
        values = {f"{role}_nats": other[role] - clean[role] for role in names}
        values["rfc"] = clean["self"] / clean["neutral"] - other["self"] / other["neutral"]
        values["rsi"] = ((other["confounder"] - other["self"]) / other["neutral"]
                         - (clean["confounder"] - clean["self"]) / clean["neutral"])
        return values

    golden = []
    size = min(len(which) for which in observed.values())
    assert all(len(which) == size for which in observed.values())
    for layer in roles["layers"][:2]:
        drawn = [changes(layer, {role: np.array(which) for role, which in resample.items()})
                 for resample in roles["resamples"]]
        golden.append({
            name: {"value": short(value),
                   "interval": short(np.percentile([d[name] for d in drawn], expanded_percentiles(size)))}
            for name, value in changes(layer, observed).items()
        })
    return golden


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    random = np.random.default_rng(20256)
    content = {
        "made_with": MADE_WITH,
        "logits": logits_golden(random),
        "direction": direction_golden(random, 12, [1, 1, 2, 1, 2], [0.6, 0.01, -0.3, 0.12, 0.002], 60),
        "intervention": intervention_golden(json.loads((folder / "roles.json").read_text())),
    }
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    (folder / "patching.json").write_text(text + "\n")
