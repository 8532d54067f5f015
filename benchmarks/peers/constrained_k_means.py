"""k-means-constrained (PyPI): points in kilometres, bounds and a seed as JSON; answers the group of each."""

import json
import sys

import numpy as np
from k_means_constrained import KMeansConstrained


def main() -> None:
    asked = json.load(sys.stdin)
    bounds = {"size_min": asked["least"], "size_max": asked["most"]}
    groups = KMeansConstrained(n_clusters=asked["groups"], n_init=10, random_state=asked["seed"], n_jobs=1, **bounds)
    json.dump([int(group) for group in groups.fit_predict(np.array(asked["points"]))], sys.stdout)


if __name__ == "__main__":
    main()
