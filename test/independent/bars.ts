import { scaled } from './scaled.ts'

/** A print as the venue sent it. */
export interface RawTrade {
  readonly t: number
  readonly T: number
  readonly p: string
  readonly q: string
  readonly m: boolean
  readonly X?: string
}

/** Ticks and lots, as the tape counts them; `quote` is the exact sum of price times quantity, in ticks times lots. */
export interface PlainBar {
  open_time: bigint
  open_ticks: bigint
  high_ticks: bigint
  low_ticks: bigint
  close_ticks: bigint
  volume_lots: bigint
  buy_lots: bigint
  sell_lots: bigint
  delta_lots: bigint
  min_delta_lots: bigint
  max_delta_lots: bigint
  trades: bigint
  quote: bigint
}

const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n)
const least = (values: readonly bigint[]): bigint => values.reduce((a, b) => (b < a ? b : a))
const most = (values: readonly bigint[]): bigint => values.reduce((a, b) => (b > a ? b : a))

/** Bars straight from the definition, one look at each print: nothing incremental, nothing shared with the product. */
export const plainBars = (
  trades: readonly RawTrade[],
  lengthMs: number,
  digits: { readonly price: number; readonly quantity: number },
): PlainBar[] => {
  const byTime = Map.groupBy(trades, ({ T }) => T - (T % lengthMs))
  return [...byTime].map(([openTime, inside]) => {
    const prices = inside.map(({ p }) => scaled(p, digits.price))
    const sizes = inside.map(({ q }) => scaled(q, digits.quantity))
    const signed = inside.map(({ m }, i) => (m ? -sizes[i]! : sizes[i]!))
    let delta = 0n
    const running = [0n, ...signed.map((size) => (delta += size))]
    return {
      open_time: BigInt(openTime),
      open_ticks: prices[0]!,
      high_ticks: most(prices),
      low_ticks: least(prices),
      close_ticks: prices.at(-1)!,
      volume_lots: sum(sizes),
      buy_lots: sum(signed.filter((size) => size > 0n)),
      sell_lots: -sum(signed.filter((size) => size < 0n)),
      delta_lots: sum(signed),
      min_delta_lots: least(running),
      max_delta_lots: most(running),
      trades: BigInt(inside.length),
      quote: sum(prices.map((price, i) => price * sizes[i]!)),
    }
  })
}
