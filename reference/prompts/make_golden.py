"""Makes the golden values of the test of prompt lengths.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_golden.py ../../orchestrator/src/test/resources/org/rolescope/orchestrator

Lengths are random numbers of a fixed seed; the p-values are SciPy's. Nothing that builds, tests or
runs Rolescope needs this script.
"""

import json
import sys
from pathlib import Path

import numpy as np
import scipy
from scipy import stats


def case(random, sizes, low, high, ties):
    """Lengths of two categories; without ties all are different."""
    if ties:
        first, second = (random.integers(low, high, size) for size in sizes)
    else:
        first, second = np.split(random.permutation(np.arange(low, high))[: sum(sizes)], [sizes[0]])
    result = stats.mannwhitneyu(first, second, alternative="two-sided", method="asymptotic")
    return {
        "first": first.tolist(),
        "second": second.tolist(),
        "difference": float(first.mean() - second.mean()),
        "p_value": float(result.pvalue),
    }


def main(folder):
    random = np.random.default_rng(20)
    cases = [case(random, sizes, 4, 12, True) for sizes in [(30, 30), (30, 20), (8, 5), (60, 70)]]
    cases += [case(random, sizes, 4, 90, False) for sizes in [(6, 7), (20, 25)]]
    golden = {"made_with": f"numpy {np.__version__}, scipy {scipy.__version__}", "cases": cases}
    file = Path(folder) / "prompt_lengths.json"
    file.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
