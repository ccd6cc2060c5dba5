/**
 * Kernel density of a sample, for violins.
 *
 * @module
 */

/**
 * Density with a Gaussian kernel: f(y) = 1/(n h √2π) · Σ_i exp(−(y − y_i)²/(2h²)), bandwidth by Scott's rule in one dimension,
 * h = s · n^(−1/5), s the standard deviation of the sample (ddof 1). D. W. Scott, Multivariate Density Estimation, 1992. The same as
 * SciPy's `gaussian_kde` with its defaults.
 * @param {number[]} sample finite
 * @param {number} [points] how many the curve has
 * @returns {{y: number[], density: number[], bandwidth: number}} over the sample's range and no further, since entropies end at 0; without
 *   points where the sample has fewer than two different values, since it has no bandwidth then
 */
export function kernelDensity(sample, points = 64) {
  const n = sample.length;
  const mean = sample.reduce((a, b) => a + b, 0) / n;
  const bandwidth = n < 2 ? 0 : Math.sqrt(sample.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1)) * n ** -0.2;
  if (!(bandwidth > 0)) return { y: [], density: [], bandwidth: 0 };
  const low = Math.min(...sample);
  const high = Math.max(...sample);
  const y = Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
  const scale = 1 / (n * bandwidth * Math.sqrt(2 * Math.PI));
  const density = y.map((at) => scale * sample.reduce((sum, v) => sum + Math.exp(-((at - v) ** 2) / (2 * bandwidth ** 2)), 0));
  return { y, density, bandwidth };
}

/** Middle of a sample; NaN where it is empty. @param {number[]} sample */
export function median(sample) {
  const sorted = [...sample].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Mean of a sample; NaN where it is empty. @param {number[]} sample */
export function mean(sample) {
  return sample.length === 0 ? NaN : sample.reduce((a, b) => a + b, 0) / sample.length;
}
