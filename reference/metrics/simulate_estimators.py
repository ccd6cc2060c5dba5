"""Shows why the interval is expanded and the permutation test studentised: docs/decisions/0005.

    venv/bin/python simulate_estimators.py

Set up as make_golden.py says. Takes a few seconds. What the product itself does is
simulated in its own tests.
"""

import numpy as np
from make_golden import expanded_percentiles


def coverage(random, prompts, shared, own, trials=1500, resamples=1000):
    """How often RFC = 0.15 lies in the plain and in the expanded percentile interval."""
    held = np.zeros(2)
    levels = np.arange(8)[:, None] * 0.1 + 0.6
    for _ in range(trials):
        counts = random.integers(6, 13, (2, prompts))
        sums = []
        for share in (0.85, 1.0):
            spread = shared * random.standard_normal(prompts) + own * random.standard_normal((8, prompts))
            sums.append((levels * share * (1 + spread)).sum(axis=0))
        draws = [random.integers(0, prompts, (resamples, prompts)) for _ in range(2)]
        means = [
            (entropy * count)[drawn].sum(axis=1) / count[drawn].sum(axis=1)
            for entropy, count, drawn in zip(sums, counts, draws)
        ]
        for kind, ends in enumerate(([2.5, 97.5], expanded_percentiles(prompts))):
            low, high = np.percentile(1 - means[0] / means[1], ends)
            held[kind] += low <= 0.15 <= high
    return held / trials


def rejections(random, self_level, trials=600, permutations=499, prompts=20):
    """How often p <= 0.05 where two models have the same RFC: bare and studentised difference."""
    rejected = np.zeros(2)
    levels = np.array([[self_level], [1.0]])
    for _ in range(trials):
        counts = random.integers(6, 13, (2, prompts)).astype(float)
        shared = 1 + 0.1 * random.standard_normal((2, prompts))
        changed = shared + 0.05 * random.standard_normal((2, prompts))
        base = levels * (shared + 0.03 * random.standard_normal((2, prompts)))
        instruct = levels * (changed + 0.03 * random.standard_normal((2, prompts)))
        swap = np.concatenate([np.zeros((1, prompts), bool), random.random((permutations, prompts)) < 0.5])
        before, after = (labelled(model * counts, counts, swap) for model in (base, instruct))
        difference = after[0] - before[0]
        error = np.sqrt(sum(((a - b) ** 2).sum(axis=1) for a, b in zip(after[1:], before[1:])))
        for kind, statistic in enumerate((np.abs(difference), np.abs(difference) / error)):
            rejected[kind] += np.mean(statistic >= statistic[0] - 1e-12) <= 0.05
    return rejected / trials


def labelled(sums, counts, swap):
    """RFC under each labelling, and how each self and neutral prompt pulls it."""
    self_sum, neutral_sum = np.where(swap, sums[1], sums[0]), np.where(swap, sums[0], sums[1])
    self_count, neutral_count = np.where(swap, counts[1], counts[0]), np.where(swap, counts[0], counts[1])
    self_mean = (self_sum.sum(axis=1) / self_count.sum(axis=1))[:, None]
    neutral_mean = (neutral_sum.sum(axis=1) / neutral_count.sum(axis=1))[:, None]
    self_pull = -(self_sum - self_mean * self_count) / self_count.sum(axis=1)[:, None] / neutral_mean
    neutral_pull = (neutral_sum - neutral_mean * neutral_count) / neutral_count.sum(axis=1)[:, None]
    return (1 - self_mean / neutral_mean)[:, 0], self_pull, neutral_pull * self_mean / neutral_mean**2


if __name__ == "__main__":
    generator = np.random.default_rng(5)
    for size in (20, 30):
        for spreads in ((0.1, 0.08), (0.14, 0.05)):
            print("coverage, plain and expanded:", size, spreads, coverage(generator, size, *spreads))
    generator = np.random.default_rng(5)
    for level in (1, 0.8, 1.25, 1.5, 0.5):
        print("p <= 0.05, bare and studentised: RFC", 1 - level, rejections(generator, level))
