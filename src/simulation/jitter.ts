// How latency varies. Tables and + - * / only: other functions of numbers differ between engines, and a run must not.

/** The shape of the spread of latency. */
export type JitterShape = 'uniform' | 'normal' | 'pareto'

/** Values at 0/64, 1/64 … 64/64 of a distribution with mean 0; the ends stand for its outermost thousandths. */
type Quantiles = readonly number[]

const normal: Quantiles = [
  -3.0902, -2.1539, -1.8627, -1.6759, -1.5341, -1.4178, -1.318, -1.2299, -1.1503, -1.0775, -1.01,
  -0.9468, -0.8871, -0.8305, -0.7764, -0.7245, -0.6745, -0.6261, -0.5791, -0.5334, -0.4888, -0.4451,
  -0.4023, -0.3601, -0.3186, -0.2777, -0.2372, -0.1971, -0.1573, -0.1178, -0.0784, -0.0392, 0.0,
  0.0392, 0.0784, 0.1178, 0.1573, 0.1971, 0.2372, 0.2777, 0.3186, 0.3601, 0.4023, 0.4451, 0.4888,
  0.5334, 0.5791, 0.6261, 0.6745, 0.7245, 0.7764, 0.8305, 0.8871, 0.9468, 1.01, 1.0775, 1.1503,
  1.2299, 1.318, 1.4178, 1.5341, 1.6759, 1.8627, 2.1539, 3.0902,
]

/** Pareto with the shape 3, of deviation 1: most are a little early, few very late. */
const pareto: Quantiles = [
  -0.5774, -0.5713, -0.5651, -0.5587, -0.5522, -0.5456, -0.5388, -0.5319, -0.5248, -0.5175, -0.5101,
  -0.5024, -0.4946, -0.4866, -0.4783, -0.4698, -0.4611, -0.4522, -0.443, -0.4335, -0.4237, -0.4137,
  -0.4033, -0.3926, -0.3815, -0.3701, -0.3582, -0.3459, -0.3332, -0.32, -0.3063, -0.2921, -0.2772,
  -0.2617, -0.2456, -0.2287, -0.211, -0.1925, -0.173, -0.1524, -0.1308, -0.1079, -0.0837, -0.0579,
  -0.0305, -0.0011, 0.0304, 0.0643, 0.1009, 0.1408, 0.1844, 0.2323, 0.2854, 0.3448, 0.4118, 0.4884,
  0.5774, 0.6825, 0.8098, 0.969, 1.1776, 1.4704, 1.9339, 2.8868, 9.815,
]

/**
 * Draws by how many times the jitter latency differs from its mean: -1 to 1 for `uniform`, with the deviation 1 for the other
 * two, at most 3.1 for `normal` and 9.9 for `pareto`.
 *
 * @param unit a random number, at least 0 and less than 1
 */
export function drawJitter(shape: JitterShape, unit: number): number {
  if (shape === 'uniform') return unit * 2 - 1
  const table = shape === 'normal' ? normal : pareto
  const place = unit * (table.length - 1)
  const index = Math.floor(place)
  const low = table[index]!
  return low + (table[index + 1]! - low) * (place - index)
}
