const horner = (x: number, coefficients: readonly number[]): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0)

/**
 * Standard normal distribution function. By its power series near the center and Lentz's continued fraction in
 * the tails; absolute error below 1e-15, relative error of a tail below 1e-12.
 */
export const normalCdf = (x: number): number => {
  if (x === 0) return 0.5
  const size = Math.abs(x)
  const upper = size < 3 ? 0.5 - centerOf(size) : tailOf(size)
  return x < 0 ? upper : 1 - upper
}

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/** P(0 < Z < x) = density(x) * (x + x^3/3 + x^5/(3*5) + ...). */
const centerOf = (x: number): number => {
  let term = x
  let sum = x
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return density(x) * sum
}

/** P(Z > x) = density(x) / (x + 1/(x + 2/(x + 3/(x + ...)))). */
const tailOf = (x: number): number => {
  let below = x
  for (let step = 100; step >= 1; step--) below = x + step / below
  return density(x) / below
}

/** Coefficients of algorithm AS 241 (Wichura, 1988), PPND16: numerator and denominator by region. */
const CENTER = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.693765509461,
    45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597,
    39307.89580009271, 28729.085735721943, 5226.495278852854,
  ],
] as const
const MIDDLE = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
    1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 7.745450142783414e-4,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
    0.015198666563616457, 5.475938084995345e-4, 1.0507500716444169e-9,
  ],
] as const
const FAR = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
    0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 7.868691311456133e-4,
    1.8463183175100548e-5, 1.4215117583164459e-7, 2.0442631033899397e-15,
  ],
] as const

/** The x below which a standard normal falls with probability `p`, 0 < p < 1; relative error about 1e-16. */
export const normalQuantile = (p: number): number => {
  if (!(p > 0 && p < 1)) throw new RangeError(`p ${p}: expected a probability between 0 and 1`)
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * horner(r, CENTER[0])) / horner(r, CENTER[1])
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  const [over, under] = r <= 5 ? MIDDLE : FAR
  const shifted = r <= 5 ? r - 1.6 : r - 5
  const size = horner(shifted, over) / horner(shifted, under)
  return q < 0 ? -size : size
}
