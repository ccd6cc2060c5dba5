"""Golden values for the intervals of the dashboard's views: Student's for a mean, Welch's for a difference of means.

    pip install -r requirements.txt
    python make_samples_golden.py > ../../orchestrator/src/test/resources/org/rolescope/orchestrator/view/samples_golden.json
"""

import json

import numpy
import pandas
import scipy
from scipy import stats

SEED = 20261123
SIZES = [(2, 2), (2, 30), (30, 30), (5, 120), (120, 7)]


def case(generator, first_size, second_size):
    first = generator.gamma(2.0, 0.4, first_size)
    second = generator.gamma(3.0, 0.3, second_size)
    series = pandas.Series(first)
    student = stats.t.interval(0.95, first_size - 1, loc=series.mean(), scale=series.sem())
    welch = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
    return {
        "first": first.tolist(),
        "second": second.tolist(),
        "mean": [series.mean(), *student],
        "difference": [first.mean() - second.mean(), welch.low, welch.high],
    }


generator = numpy.random.default_rng(SEED)
print(
    json.dumps(
        {
            "made_with": f"scipy {scipy.__version__}, pandas {pandas.__version__}, numpy {numpy.__version__}, seed {SEED}",
            "cases": [case(generator, *sizes) for sizes in SIZES],
        },
        indent=1,
    )
)
