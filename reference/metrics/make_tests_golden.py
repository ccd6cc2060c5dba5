"""Makes the golden values of tests, correlations, percentiles and z-scores (golden/tests.json).

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_tests_golden.py ../../metrics-service/src/test/resources/golden

Like make_golden.py, whose helpers it uses: random numbers of a fixed seed, and NumPy, SciPy and
pandas asked in the most direct way.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from make_golden import short, write


def percentiles(random):
    percents = [0, 2.5, 25, 50, 75, 90, 100]
    golden = []
    for count in (1, 2, 3, 4, 7, 30, 101):
        values = random.normal(0.3, 2, count)
        golden.append({
            "values": short(values),
            "percents": percents,
            "percentiles": short(np.percentile(values, percents)),
            "iqr": float(np.percentile(values, 75) - np.percentile(values, 25)),
        })
    return golden


def wilcoxon(random):
    samples = [random.normal(0.3, 1, count) for count in (1, 2, 3, 5, 10, 30, 50, 51, 80)]
    samples.append(random.normal(1.5, 1, 30))
    # Zeros, ties, and both; small and large.
    samples.append(np.array([0.0, 1.0, -2.0, 3.0, 4.0]))
    samples.append(np.array([1.0, 1.0, -2.0, 3.0, 4.0, 4.0]))
    samples += [random.normal(0.4, 2, count).round(0) for count in (8, 30, 70)]
    samples.append(np.append(random.normal(0.4, 2, 20), [0.0, 0.0, 0.0]))
    golden = []
    for values in samples:
        nonzero = np.abs(values[values != 0])
        ties = len(np.unique(nonzero)) < len(nonzero)
        # For up to 50 differences with ties SciPy 1.14 keeps the exact distribution, which is none.
        method = "approx" if ties else "auto"
        golden.append({
            "values": short(values),
            "method": method,
            "p": float(stats.wilcoxon(values, method=method, correction=False).pvalue),
        })
    return golden


def correlations(random):
    golden = []
    for count in (3, 4, 5, 10, 28, 32, 200):
        x = random.standard_normal(count)
        for slope in (0.0, 0.4, 3.0):
            golden.append(correlation(x, slope * x + random.standard_normal(count)))
    # Ties in one sample, in both, and a sample of truth values.
    x = random.standard_normal(30)
    golden.append(correlation(x.round(0), x + random.standard_normal(30)))
    golden.append(correlation(x.round(0), (x + random.standard_normal(30)).round(0)))
    golden.append(correlation((x > 0).astype(float), (x + random.standard_normal(30)).round(1)))
    golden.append(correlation(np.array([1.0, 1.0, 2.0]), np.array([3.0, 5.0, 4.0])))
    golden.append(correlation(1e-9 * x, 1e9 + x))
    return golden


def correlation(x, y):
    pearson, spearman = stats.pearsonr(x, y), stats.spearmanr(x, y)
    return {
        "x": short(x), "y": short(y),
        "pearson_r": float(pearson.statistic), "pearson_p": float(pearson.pvalue),
        "spearman_r": float(spearman.statistic), "spearman_p": float(spearman.pvalue),
    }


def z_scores(random):
    golden = []
    for count in (2, 3, 10, 48):
        series = pd.Series(random.normal(3, 0.5, count))
        golden.append({"values": short(series.to_numpy()),
                       "z": short(((series - series.mean()) / series.std()).to_numpy())})
    return golden


def interpolations(random):
    """The longer series at the relative depths of the shorter."""
    golden = []
    for long, count in ((32, 28), (5, 3), (48, 6), (7, 4), (33, 32)):
        values = random.standard_normal(long)
        at = np.linspace(0, 1, count)
        golden.append({"values": short(values), "count": count,
                       "interpolated": short(np.interp(at, np.linspace(0, 1, long), values))})
    return golden


if __name__ == "__main__":
    target = Path(sys.argv[1])
    random = np.random.default_rng(20254)
    write(target, "tests.json", {
        "percentiles": percentiles(random),
        "wilcoxon": wilcoxon(random),
        "correlations": correlations(random),
        "z_scores": z_scores(random),
        "interpolations": interpolations(random),
    })
