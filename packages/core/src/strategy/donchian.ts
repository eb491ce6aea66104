import type { Json } from '../decider.ts'
import { WilderAtr } from '../indicators/index.ts'
import { parseStep } from '../market/index.ts'
import type { BarStrategy, ClosedBar, PortfolioView, StrategyDefinition } from './bar-strategy.ts'
import type { ParameterValues } from './parameters.ts'
import { RollingChannel } from './rolling-channel.ts'
import type { OrderSizing, StrategyOrder } from './strategy-order.ts'

type Settings = {
  readonly entry: number
  readonly exit: number
  readonly atr: number
  readonly stopAtr: number
  readonly riskPercent: number
  readonly allocationPercent: number
  readonly longs: boolean
  readonly shorts: boolean
}

const NOTHING: readonly StrategyOrder[] = []

const settingsOf = (values: ParameterValues): Settings => ({
  entry: Number(values['entry']),
  exit: Number(values['exit']),
  atr: Number(values['atr']),
  stopAtr: Number(values['stop_atr']),
  riskPercent: Number(values['risk_percent']),
  allocationPercent: Number(values['allocation_percent']),
  longs: values['direction'] !== 'short',
  shorts: values['direction'] !== 'long',
})

/** One symbol: its channels, its range, and what the orders are named by. */
class Lane {
  readonly symbol: string
  readonly #settings: Settings
  /** Quote value of one lot at a price of one tick. */
  readonly #tickLot: number
  readonly #entry: RollingChannel
  readonly #exit: RollingChannel
  readonly #atr: WilderAtr
  #entries: number

  constructor(symbol: string, tickLot: number, settings: Settings, snapshot?: LaneJson) {
    this.symbol = symbol
    this.#settings = settings
    this.#tickLot = tickLot
    this.#entry = new RollingChannel(settings.entry, snapshot?.entry)
    this.#exit = new RollingChannel(settings.exit, snapshot?.exit)
    this.#atr = new WilderAtr(settings.atr)
    if (snapshot !== undefined) this.#atr.restore(snapshot.atr)
    this.#entries = snapshot?.entries ?? 0
  }

  onBar(bar: ClosedBar, portfolio: PortfolioView): readonly StrategyOrder[] {
    const orders = this.#decide(bar, portfolio)
    this.#entry.push(bar.high, bar.low)
    this.#exit.push(bar.high, bar.low)
    this.#atr.update(bar.high, bar.low, bar.close)
    return orders
  }

  #decide(bar: ClosedBar, portfolio: PortfolioView): readonly StrategyOrder[] {
    const position = portfolio.position(this.symbol)
    const { close } = bar
    if (position.lots > 0)
      return this.#exit.isFull && close < this.#exit.low ? this.#leave('exit_channel') : NOTHING
    if (position.lots < 0)
      return this.#exit.isFull && close > this.#exit.high ? this.#leave('exit_channel') : NOTHING
    if (!this.#entry.isFull || position.pendingEntries > 0) return NOTHING
    if (close > this.#entry.high && this.#settings.longs) return this.#enter('BUY', bar, portfolio)
    if (close < this.#entry.low && this.#settings.shorts) return this.#enter('SELL', bar, portfolio)
    return NOTHING
  }

  #leave(reason: string): readonly StrategyOrder[] {
    return [{ action: 'exit', symbol: this.symbol, lots: null, reason }]
  }

  #enter(side: 'BUY' | 'SELL', bar: ClosedBar, portfolio: PortfolioView): readonly StrategyOrder[] {
    const { stopAtr, riskPercent } = this.#settings
    const atr = this.#atr.value
    if (stopAtr > 0 && atr === null) return NOTHING
    const away = stopAtr * (atr ?? 0)
    const stopTicks =
      stopAtr === 0
        ? null
        : side === 'BUY'
          ? Math.floor(bar.close - away)
          : Math.ceil(bar.close + away)
    if (stopTicks !== null && (stopTicks <= 0 || stopTicks === bar.close)) return NOTHING
    const size: OrderSizing =
      stopTicks === null ? { lots: this.#lotsFor(portfolio.equity, bar.close) } : { riskPercent }
    if ('lots' in size && size.lots === 0) return NOTHING
    this.#entries++
    return [
      {
        action: 'enter',
        id: `${this.symbol}-${this.#entries}`,
        symbol: this.symbol,
        side,
        type: 'market',
        ticks: null,
        size,
        stopTicks,
        targetTicks: null,
        reason: side === 'BUY' ? 'breakout_high' : 'breakout_low',
      },
    ]
  }

  #lotsFor(equity: number, ticks: number): number {
    const money = (equity * this.#settings.allocationPercent) / 100
    return Math.max(0, Math.floor(money / (ticks * this.#tickLot)))
  }

  snapshot(): LaneJson {
    return {
      entry: this.#entry.snapshot(),
      exit: this.#exit.snapshot(),
      atr: this.#atr.snapshot(),
      entries: this.#entries,
    }
  }
}

type LaneJson = { entry: Json; exit: Json; atr: Json; entries: number }

/**
 * Channel breakout (Donchian): in at a close beyond the extremes of the `entry` bars before it, out at a
 * close beyond the opposite extreme of the `exit` bars before it, or at a stop of `stop_atr` ATRs.
 */
export const donchian: StrategyDefinition = {
  name: 'donchian',
  about:
    'channel breakout: in beyond the last `entry` bars, out beyond the last `exit` or at a stop',
  timeframes: null,
  parameters: {
    entry: {
      kind: 'integer',
      default: 20,
      min: 2,
      max: 5000,
      step: 5,
      about: 'bars of the entry channel, the bar at hand excluded',
    },
    exit: {
      kind: 'integer',
      default: 10,
      min: 1,
      max: 5000,
      step: 5,
      about: 'bars of the exit channel, the bar at hand excluded',
    },
    atr: {
      kind: 'integer',
      default: 20,
      min: 2,
      max: 500,
      step: 2,
      about: 'period of the average true range (Wilder)',
    },
    stop_atr: {
      kind: 'number',
      default: 2,
      min: 0,
      max: 20,
      step: 0.5,
      about: 'distance of the stop in ATRs; 0 for no stop, and size by allocation_percent',
    },
    risk_percent: {
      kind: 'number',
      default: 0.5,
      min: 0.01,
      max: 10,
      step: 0.25,
      about: 'percent of equity lost at the stop',
    },
    allocation_percent: {
      kind: 'number',
      default: 100,
      min: 0.1,
      max: 100,
      step: 10,
      about: 'percent of equity bought where there is no stop',
    },
    direction: {
      kind: 'choice',
      default: 'both',
      choices: ['both', 'long', 'short'],
      about: 'sides that are traded',
    },
  },
  warmupBars: (values) =>
    Math.max(Number(values['entry']), Number(values['exit']), Number(values['atr']) + 1),
  create: (values, context, snapshot) => {
    const settings = settingsOf(values)
    const saved = (snapshot ?? {}) as Record<string, LaneJson>
    const lanes = new Map(
      context.instruments.map(({ symbol, tick_size, lot_size }) => {
        const tick = parseStep(tick_size)
        const lot = parseStep(lot_size)
        const tickLot = (tick.mantissa * lot.mantissa) / (tick.pow * lot.pow)
        return [symbol, new Lane(symbol, tickLot, settings, saved[symbol])]
      }),
    )
    const strategy: BarStrategy = {
      onBar: (bar, portfolio) => lanes.get(bar.symbol)!.onBar(bar, portfolio),
      snapshot: () =>
        Object.fromEntries([...lanes].map(([symbol, lane]) => [symbol, lane.snapshot()])),
    }
    return strategy
  },
}
