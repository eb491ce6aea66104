import type { Instrument } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { fromSteps, parseStep, type Step } from '../market/index.ts'
import type { ClosedBar, PositionView } from '../strategy/index.ts'
import type { Sight } from './contexts.ts'
import type { TurtleRules } from './rules.ts'
import { TurtleMarket } from './turtle-market.ts'
import type { ExitReason, PendingUnit, TurtlePosition } from './turtle-position.ts'

type DeskJson = {
  market: Json
  position: TurtlePosition | null
  pending: PendingUnit | null
  exiting: ExitReason | null
  orders: number
}

/** One symbol: its market, its position in units, and what is on its way. */
export class TurtleDesk {
  readonly symbol: string
  readonly group: string
  readonly tick: Step
  readonly lotSize: number
  /** Quote value of one lot at a price of 1. */
  readonly maxLeverage: number
  readonly market: TurtleMarket
  position: TurtlePosition | null
  pending: PendingUnit | null
  exiting: ExitReason | null
  #orders: number

  constructor(instrument: Instrument, group: string, rules: TurtleRules, snapshot?: Json) {
    const saved = snapshot as DeskJson | undefined
    this.symbol = instrument.symbol
    this.group = group
    this.tick = parseStep(instrument.tick_size)
    this.lotSize = fromSteps(1, parseStep(instrument.lot_size))
    this.maxLeverage = instrument.max_leverage
    this.market = new TurtleMarket(rules, saved?.market)
    this.position = saved?.position ?? null
    this.pending = saved?.pending ?? null
    this.exiting = saved?.exiting ?? null
    this.#orders = saved?.orders ?? 0
  }

  /** Units held and on their way. */
  get units(): number {
    const held = this.position?.units.length ?? 0
    const { pending } = this
    const counted = this.position?.units.some(({ level }) => level === pending?.level) === true
    return held + (pending === null || counted ? 0 : 1)
  }

  get direction(): TurtlePosition['direction'] | null {
    return this.position?.direction ?? this.pending?.direction ?? null
  }

  nextId(): string {
    this.#orders++
    return `${this.symbol}-${this.#orders}`
  }

  priceOf(ticks: number): number {
    return fromSteps(ticks, this.tick)
  }

  /** A stop in whole ticks, away from the price: a long's is rounded down. At least one tick. */
  stopTicks(price: number, direction: TurtlePosition['direction']): number {
    const exact = Number(((price * this.tick.pow) / this.tick.mantissa).toPrecision(12))
    return Math.max(1, direction === 'LONG' ? Math.floor(exact) : Math.ceil(exact))
  }

  /** Notional of what is held. */
  exposureOf(view: PositionView): number {
    return Math.abs(view.lots) * this.lotSize * this.priceOf(view.lastTicks)
  }

  sightOf(bar: ClosedBar, latestIsToday: boolean): Sight {
    return {
      symbol: this.symbol,
      at: bar.closeTime,
      price: this.priceOf(bar.close),
      open: this.priceOf(bar.open),
      high: this.priceOf(bar.high),
      low: this.priceOf(bar.low),
      volume: bar.volume * this.lotSize,
      n: this.market.n,
      channels: this.market.channels(latestIsToday),
    }
  }

  snapshot(): Json {
    const json: DeskJson = {
      market: this.market.snapshot(),
      position: this.position,
      pending: this.pending,
      exiting: this.exiting,
      orders: this.#orders,
    }
    return JSON.parse(JSON.stringify(json)) as Json
  }
}
