"""Writes dashboard/test/fixtures/density.json: SciPy's Gaussian kernel density, which the violins must give too.

Run from the root of the repository: python reference/charts/make_density_golden.py
"""

import json
import pathlib

import numpy as np
import scipy
from scipy.stats import gaussian_kde

generator = np.random.default_rng(7)
cases = []
for sample in ([0.5, 1.0], [0.1, 0.1, 0.4, 0.9, 0.2], generator.gamma(2.0, 0.3, 30).round(6).tolist()):
    kde = gaussian_kde(sample, bw_method="scott")
    y = np.linspace(min(sample), max(sample), 64)
    cases.append(
        {
            "sample": sample,
            "bandwidth": float(np.sqrt(kde.covariance[0, 0])),
            "y": y.tolist(),
            "density": kde(y).tolist(),
        }
    )
target = pathlib.Path("dashboard/test/fixtures/density.json")
target.write_text(json.dumps({"made_with": f"scipy {scipy.__version__}", "cases": cases}) + "\n")
