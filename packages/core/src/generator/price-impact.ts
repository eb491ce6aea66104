/** Impact of one order grows with this power of its size. */
const SIZE_POWER = 0.5
/** Half-life of the strain that stops and forced flow leave, ms. */
const STRAIN_HALF_LIFE_MS = 12_000
/**
 * How long what outsiders took weighs on the price (impact halves in twice that), ms, and by how much: at
 * once, while the book refills, and for minutes.
 */
const OUTSIDE: readonly { readonly halfLifeMs: number; readonly weight: number }[] = [
  { halfLifeMs: 1000, weight: 0.5 },
  { halfLifeMs: 60_000, weight: 1 },
]
/** What outsiders took stays in the price by this share of one mean order's impact, for each of its lots. */
const OUTSIDE_LASTING = 0.012

export type PriceImpactOptions = {
  readonly startTicks: number
  /** Of the logarithm of sizes. */
  readonly sizeSigma: number
  readonly meanLots: number
  /** What an order of mean size that nobody expected does to the price, as a fraction of it. */
  readonly perOrder: number
  readonly stepMs: number
}

/**
 * What orders do to the price. Liquidity answers what is not expected of the flow: an order moves the price
 * by its side less the side that was to be expected, so flow persists for hours while price does not (Lillo
 * and Farmer, 2004; Bouchaud and others, 2004; Madhavan, Richardson and Roomans, 1997). Impact is concave in
 * size. What clients from outside took moves it by the square root of their sum, however they cut it, and
 * most of that comes back (Toth and others, 2011; Bucci and others, 2018).
 */
export class PriceImpact {
  readonly #perOrder: number
  readonly #meanLots: number
  readonly #meanPower: number
  readonly #keepStrain: number
  readonly #keepOutside: readonly number[]
  #fair: number
  #strain = 0
  readonly #outside = OUTSIDE.map(() => 0)

  constructor(options: PriceImpactOptions) {
    const { sizeSigma, stepMs } = options
    this.#fair = options.startTicks
    this.#perOrder = options.perOrder
    this.#meanLots = options.meanLots
    // Mean of size^power for lognormal sizes of mean 1.
    this.#meanPower = Math.exp((sizeSigma * sizeSigma * SIZE_POWER * (SIZE_POWER - 1)) / 2)
    this.#keepStrain = 0.5 ** (stepMs / STRAIN_HALF_LIFE_MS)
    this.#keepOutside = OUTSIDE.map(({ halfLifeMs }) => 0.5 ** (stepMs / halfLifeMs))
  }

  /** Ticks that an unexpected order of mean size moves the price. */
  get unit(): number {
    return this.#perOrder * this.#fair
  }

  /** Where the market values it, in ticks. */
  get price(): number {
    return Math.max(100, this.#fair + this.#strain + this.#outsideTicks)
  }

  get #outsideTicks(): number {
    let impact = 0
    for (const [i, lots] of this.#outside.entries())
      impact += OUTSIDE[i]!.weight * Math.sign(lots) * Math.sqrt(Math.abs(lots) / this.#meanLots)
    return impact * this.unit
  }

  /**
   * An order of the market's own: `expected` is the side that providers had priced, `scale` how much they
   * answer. `forced` is flow that tells nothing of value: its part comes back.
   */
  push(sign: 1 | -1, lots: number, expected: number, scale: number, forced: number): void {
    const size = (lots / this.#meanLots) ** SIZE_POWER
    const unit = scale * this.unit
    this.#fair += unit * (sign * size - expected * this.#meanPower)
    this.#fair -= unit * forced * this.#meanPower
    this.#strain += unit * forced * this.#meanPower
  }

  /** A client from outside took `lots`. */
  take(sign: 1 | -1, lots: number): void {
    for (let i = 0; i < OUTSIDE.length; i++) this.#outside[i]! += sign * lots
    this.#fair += (sign * lots * OUTSIDE_LASTING * this.unit) / this.#meanLots
  }

  /** Value moves without a trade: what providers learn elsewhere. In ticks. */
  move(ticks: number): void {
    this.#fair += ticks
  }

  /** Time goes on by a step. */
  step(): void {
    this.#strain *= this.#keepStrain
    for (const [i, keep] of this.#keepOutside.entries()) this.#outside[i]! *= keep
  }
}
