import type { Message, Side } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'

const swapped = (side: Side): Side => (side === 'BUY' ? 'SELL' : 'BUY')

const negated = <K extends string>(by: Record<K, number>): Record<K, number> =>
  Object.fromEntries(Object.entries<number>(by).map(([key, value]) => [key, 0 - value])) as Record<
    K,
    number
  >

/**
 * Prices reflected: `p` becomes `sum - p`. With `sum` one less than a multiple of the width of a profile's
 * bins, whole bins come to lie on whole bins.
 */
export class Mirror {
  readonly sum: number

  constructor(sum: number) {
    this.sum = sum
  }

  ticks<T extends number | null>(ticks: T): T {
    return (ticks === null ? null : this.sum - ticks) as T
  }

  /** The same event in the mirror: buyers are sellers, bids are asks. */
  event(event: MarketEvent): MarketEvent {
    if (event.kind === 'trade')
      return {
        ...event,
        priceTicks: this.ticks(event.priceTicks),
        maker: event.maker === 1 ? 0 : 1,
      }
    if (event.kind !== 'depth') return event
    return {
      ...event,
      bidTicks: event.askTicks.map((ticks) => this.ticks(ticks)),
      bidLots: event.askLots,
      askTicks: event.bidTicks.map((ticks) => this.ticks(ticks)),
      askLots: event.bidLots,
    }
  }

  #bar<B extends Message<'orderflow.features'>['payload']['bars_15s'][number]>(bar: B): B {
    return {
      ...bar,
      open_ticks: this.ticks(bar.open_ticks),
      high_ticks: this.ticks(bar.low_ticks),
      low_ticks: this.ticks(bar.high_ticks),
      close_ticks: this.ticks(bar.close_ticks),
      delta_lots: 0 - bar.delta_lots,
    }
  }

  /** What features say in the mirror of those that do not depend on how high a price is. */
  features(features: Message<'orderflow.features'>['payload']) {
    const state = features.market_state
    return {
      at: features.at,
      price_ticks: this.ticks(features.price_ticks),
      bars_15s: features.bars_15s.map((bar) => this.#bar(bar)),
      bars_15m: features.bars_15m.map((bar) => this.#bar(bar)),
      delta_lots: negated(features.delta_lots),
      delta_ratio: negated(features.delta_ratio),
      volume_lots: features.volume_lots,
      cvd_lots: 0 - features.cvd_lots,
      price_15s_ago_ticks: this.ticks(features.price_15s_ago_ticks),
      aggressive: features.aggressive.map(swapped).toSorted(),
      divergence:
        features.divergence === null
          ? null
          : features.divergence === 'BEARISH'
            ? 'BULLISH'
            : 'BEARISH',
      atr_15s: features.atr_15s,
      atr_15m: features.atr_15m,
      swing_high_ticks: this.ticks(features.swing_low_ticks),
      swing_low_ticks: this.ticks(features.swing_high_ticks),
      swing_high_15s_ticks: this.ticks(features.swing_low_15s_ticks),
      swing_low_15s_ticks: this.ticks(features.swing_high_15s_ticks),
      market_state:
        state === 'IMBALANCE_UP'
          ? 'IMBALANCE_DOWN'
          : state === 'IMBALANCE_DOWN'
            ? 'IMBALANCE_UP'
            : state,
    }
  }

  /** Of features, those that `features` reflects. */
  picked(of: Message<'orderflow.features'>['payload']) {
    const keys = Object.keys(this.features(of)) as (keyof typeof of)[]
    return Object.fromEntries(
      keys.map((key) => [key, key === 'aggressive' ? of.aggressive.toSorted() : of[key]]),
    )
  }

  /** An evaluation by what it says, seen in the mirror when `reflects`. */
  evaluation(
    { at, strategy, side, grade, boxes, reasons }: Message<'setup.evaluated'>['payload'],
    reflects: boolean,
  ): string {
    const seen = reflects ? swapped(side) : side
    const checked = boxes.filter((one) => one.checked).map((one) => one.box)
    return [at, strategy, seen, grade, checked.join('+'), reasons.join('+')].join(' ')
  }
}
