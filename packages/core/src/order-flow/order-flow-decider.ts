import { isType, type Message, type Output, type Trades } from '@tapedeck/contracts'
import type { Decider, Json } from '../decider.ts'
import type { OrderFlowEngine } from './order-flow-engine.ts'
import { SymbolFlow, type OrderFlowDeciderConfig } from './symbol-flow.ts'

/** The decider, with its engines to be read for views. Nothing may be changed through them. */
export type OrderFlowDecider = Decider & {
  /** The engine of an instrument that the run has named, or null. */
  engine(venue: string, symbol: string): OrderFlowEngine | null
}

/** What the host of the decider does with its outputs. */
export type OrderFlowHost = {
  /** `counted`: nobody is told of `orderflow.measures`; `UNHEARD_MEASURES` holds the place of each. */
  readonly measures?: 'told' | 'counted'
}

type Grid = { readonly tick_size: string; readonly lot_size: string }
type On = { readonly venue: string; readonly symbol: string }
type Saved = {
  symbols: (On & Grid & { marketStateVersion: number; engine: Json })[]
}

const keyOf = ({ venue, symbol }: On): string => `${venue} ${symbol}`

class OrderFlow implements OrderFlowDecider {
  readonly #config: OrderFlowDeciderConfig
  readonly #host: OrderFlowHost
  readonly #symbols = new Map<string, SymbolFlow>()
  #outputs: Output[] = []

  constructor(config: OrderFlowDeciderConfig, snapshot: Json | undefined, host: OrderFlowHost) {
    this.#config = config
    this.#host = host
    if (snapshot !== undefined) this.#restore(snapshot as unknown as Saved)
  }

  handle(message: Message): Output[] {
    this.#dispatch(message)
    const outputs = this.#outputs
    if (outputs.length > 0) this.#outputs = []
    return outputs
  }

  #dispatch(message: Message): void {
    if (isType(message, 'market.trades')) this.#onTrades(message.payload)
    else if (isType(message, 'market.depth'))
      this.#on(message.payload, message.payload)?.onDepth(message.payload)
    else if (isType(message, 'market.bar.closed'))
      this.#on(message.payload, message.payload)?.onBar(message.payload)
    else if (isType(message, 'market.clock'))
      for (const { engine } of this.#symbols.values())
        engine.onClock(message.payload.at, message.payload.jump)
    else if (isType(message, 'market.mark'))
      this.#find(message.payload)?.onMark(message.payload.funding_rate, message.occurred_at)
    else if (isType(message, 'market.feed.status')) {
      const { channel, status } = message.payload
      this.#find(message.payload)?.onFeed(channel, status, message.occurred_at)
    } else if (isType(message, 'market.run.started')) {
      this.#symbols.clear()
      for (const instrument of message.payload.instruments) this.#on(instrument, instrument)
    }
  }

  #onTrades(batch: Trades): void {
    const engine = this.#on(batch, batch)
    if (engine === null) return
    if (batch.gap > 0) engine.onGap(batch.time[0]!)
    if (batch.excluded.length === 0) {
      engine.onTrades(batch, 0, batch.id.length)
      return
    }
    let from = 0
    for (const row of batch.excluded) {
      engine.onTrades(batch, from, row)
      from = row + 1
    }
    engine.onTrades(batch, from, batch.id.length)
  }

  /**
   * The engine of a configured instrument; null for any other. A new grid is a new market: what was
   * measured in other ticks or lots is dropped.
   */
  #on(on: On, grid: Grid): OrderFlowEngine | null {
    const known = this.#find(on)
    if (
      known !== null &&
      known.instrument.tick_size === grid.tick_size &&
      known.instrument.lot_size === grid.lot_size
    )
      return known
    return this.#start(on, grid)?.engine ?? null
  }

  #start(on: On, { tick_size, lot_size }: Grid): SymbolFlow | null {
    const configured = this.#config.instruments.find((other) => keyOf(other) === keyOf(on))
    if (configured === undefined) return null
    const flow = new SymbolFlow(
      { ...configured, tick_size, lot_size },
      this.#config,
      (output) => {
        this.#outputs.push(output)
      },
      this.#host.measures ?? 'told',
    )
    // The aggregate goes on counting within its run, whatever its engine is.
    flow.marketStateVersion = this.#symbols.get(keyOf(on))?.marketStateVersion ?? 0
    this.#symbols.set(keyOf(on), flow)
    return flow
  }

  engine(venue: string, symbol: string): OrderFlowEngine | null {
    return this.#find({ venue, symbol })
  }

  #find({ venue, symbol }: On): OrderFlowEngine | null {
    // A few at most: comparing names makes none.
    for (const { engine } of this.#symbols.values())
      if (engine.instrument.symbol === symbol && engine.instrument.venue === venue) return engine
    return null
  }

  snapshot(): Json {
    return {
      symbols: [...this.#symbols.values()].map(({ engine, marketStateVersion }) => ({
        venue: engine.instrument.venue,
        symbol: engine.instrument.symbol,
        tick_size: engine.instrument.tick_size,
        lot_size: engine.instrument.lot_size,
        marketStateVersion,
        engine: engine.snapshot(),
      })),
    }
  }

  #restore(saved: Saved): void {
    for (const symbol of saved.symbols) {
      const flow = this.#start(symbol, symbol)
      if (flow === null) continue
      flow.marketStateVersion = symbol.marketStateVersion
      flow.engine.restore(symbol.engine)
    }
  }
}

/**
 * The order-flow service's brain: market messages in, measures, detections and features out. Symbols are
 * independent of each other; instruments that are not configured are ignored.
 */
export const createOrderFlowDecider = (
  config: OrderFlowDeciderConfig,
  snapshot?: Json,
  host: OrderFlowHost = {},
): OrderFlowDecider => new OrderFlow(config, snapshot, host)
