import { BoolBuffer, Int64Buffer, type ColumnBuffer } from '@tapedeck/columnar'
import { TapedeckError } from '@tapedeck/contracts'
import { FileLane, type LaneTarget } from './file-lane.ts'

/** Prints in columns on their way into a tape. Row `i` of every column belongs together. */
export type TradeRows = {
  readonly id: Float64Array
  readonly priceTicks: Float64Array
  readonly quantityLots: Float64Array
  readonly time: Float64Array
  readonly maker: Uint8Array
  readonly excluded: Uint8Array | null
}

/** The prints of one symbol. */
export class TradeLane extends FileLane {
  readonly #order = new Int64Buffer('int64')
  readonly #id = new Int64Buffer('int64')
  readonly #price = new Int64Buffer('int64')
  readonly #quantity = new Int64Buffer('int64')
  readonly #time = new Int64Buffer('timestamp_ms')
  readonly #maker = new BoolBuffer()
  readonly #excluded = new BoolBuffer()
  protected readonly columns: readonly ColumnBuffer[] = [
    this.#order,
    this.#id,
    this.#price,
    this.#quantity,
    this.#time,
    this.#maker,
    this.#excluded,
  ]
  #timeMin = 0
  #timeMax = 0

  constructor(target: LaneTarget) {
    super(target, 'trades')
  }

  /** Adds rows `from <= i < to`, which stand at `firstOrder` and on in the source. */
  async add(rows: TradeRows, from: number, to: number, firstOrder: number): Promise<void> {
    let at = from
    while (at < to) {
      if (rows.time[at]! >= this.periodEnd) await this.turn(rows.time[at]!)
      const end = this.#count(rows, at, Math.min(to, at + this.room))
      const order = firstOrder + (at - from)
      this.#order.pushRange(order, end - at)
      this.#id.pushAll(rows.id, at, end)
      this.#price.pushAll(rows.priceTicks, at, end)
      this.#quantity.pushAll(rows.quantityLots, at, end)
      this.#time.pushAll(rows.time, at, end)
      this.#maker.pushAll(rows.maker, at, end)
      this.#excluded.pushAll(rows.excluded, at, end)
      this.took(end - at, order, this.#timeMin, this.#timeMax)
      this.tookIds(rows.id[at]!, rows.id[end - 1]!)
      if (this.isFull) await this.flush()
      at = end
    }
  }

  /** Looks at rows up to `to`, or to where another file begins; returns where it stopped. */
  #count({ id, time, priceTicks, quantityLots }: TradeRows, from: number, to: number): number {
    const { register, periodEnd } = this
    let timeMin = Infinity
    let timeMax = -1
    let i = from
    for (; i < to; i++) {
      const at = time[i]!
      if (at >= periodEnd) break
      if (
        !isWhole(id[i]!) ||
        !isWhole(at) ||
        !isWhole(priceTicks[i]!) ||
        !isWhole(quantityLots[i]!)
      )
        throw notWhole(id[i]!, at, priceTicks[i]!, quantityLots[i]!)
      register.sequenced(id[i]!, at)
      if (at < timeMin) timeMin = at
      if (at > timeMax) timeMax = at
    }
    this.#timeMin = timeMin
    this.#timeMax = timeMax
    return i
  }
}

const isWhole = (value: number): boolean => value >= 0 && Number.isSafeInteger(value)

const notWhole = (id: number, time: number, priceTicks: number, quantityLots: number): Error =>
  new TapedeckError(
    'RECORDING_INVALID',
    `print ${JSON.stringify({ id, time, priceTicks, quantityLots })}: expected whole numbers, 0 or more`,
    { details: { id, time, priceTicks, quantityLots } },
  )
