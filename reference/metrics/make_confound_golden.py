"""Makes the golden values of effect sizes, length balance and controls.

    venv/bin/python make_confound_golden.py ../../metrics-service/src/test/resources/golden

Set up as make_golden.py says. Everything is computed from random numbers of a fixed seed by NumPy
and SciPy. Nothing that builds, tests or runs Rolescope needs this script.
"""

import sys
from pathlib import Path

import numpy as np
from make_golden import INDICES, ROLES, expanded_percentiles, short, write
from scipy import stats
from scipy.special import gammaln

KINDS = ["reference", "exact", "length_normalised", "sink_excluded", "position_matched", "norm_weighted"]


def cohens_d(first, second):
    return (first.mean() - second.mean()) / np.sqrt((first.std() ** 2 + second.std() ** 2) / 2)


def hedges_g(first, second):
    degrees = len(first) + len(second) - 2
    squares = ((first - first.mean()) ** 2).sum() + ((second - second.mean()) ** 2).sum()
    correction = np.exp(gammaln(degrees / 2) - gammaln((degrees - 1) / 2)) / np.sqrt(degrees / 2)
    return correction * (first.mean() - second.mean()) / np.sqrt(squares / degrees)


def effect_golden(random):
    effects = []
    for first, second in ((2, 2), (3, 7), (20, 20), (30, 25), (200, 400)):
        one, other = random.normal(1.1, 0.2, first), random.normal(1, 0.3, second)
        effects.append({
            "first": short(one), "second": short(other),
            "cohens_d": cohens_d(one, other), "hedges_g": hedges_g(one, other),
        })
    return effects


def mann_whitney_golden(random):
    """Lengths of prompts: small integers, many of them equal."""
    tests = []
    for first, second, shift in ((1, 1, 0), (2, 3, 1), (8, 8, 0), (20, 20, 1), (30, 30, 3), (50, 12, 0)):
        one, other = random.integers(5, 12, first), random.integers(5, 12, second) + shift
        p_value = stats.mannwhitneyu(one, other, alternative="two-sided", method="asymptotic").pvalue
        tests.append({"first": short(one), "second": short(other), "p": p_value})
    return tests


def pooled(table, counts, prompts):
    """Every query position that has an entropy counts the same."""
    return np.repeat(table[:, prompts], counts[prompts], axis=1).mean(axis=1).sum()


def control_golden(random):
    heads, each = 3, 7
    categories = np.repeat(list(ROLES.values()), each)
    prompts = {role: np.flatnonzero(categories == name) for role, name in ROLES.items()}
    tokens = random.integers(1, 9, len(categories))
    counts = {
        "reference": tokens, "exact": tokens, "length_normalised": tokens - 1,
        "sink_excluded": np.maximum(tokens - 2, 0), "position_matched": np.minimum(tokens, 3),
        "norm_weighted": tokens,
    }
    resamples = [
        {role: random.choice(indices, len(indices)) for role, indices in prompts.items()} for _ in range(60)
    ]
    golden = {
        "heads": heads, "categories": categories.tolist(), "tokens": short(tokens),
        "resamples": [{role: short(drawn) for role, drawn in r.items()} for r in resamples], "kinds": {},
    }
    for kind in KINDS:
        table = random.uniform(0.2, 1.2, (heads, len(categories)))
        table[:, counts[kind] == 0] = np.nan

        def ratio(index, roles):
            return index(*(pooled(table, counts[kind], roles[role]) for role in ROLES))

        golden["kinds"][kind] = {
            "counts": short(counts[kind]),
            "nats": [None if np.isnan(value) else value for value in short(table.ravel())],
        }
        for name, index in INDICES.items():
            drawn = [ratio(index, resample) for resample in resamples]
            golden["kinds"][kind][name] = {
                "value": ratio(index, prompts),
                "interval": short(np.percentile(drawn, expanded_percentiles(each))),
            }
    return golden


if __name__ == "__main__":
    random = np.random.default_rng(20254)
    write(Path(sys.argv[1]), "confounds.json", {
        "effects": effect_golden(random),
        "mann_whitney": mann_whitney_golden(random),
        "controls": control_golden(random),
    })
