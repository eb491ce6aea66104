import type { Instrument, Side } from '@tapedeck/contracts'
import {
  FLAT,
  applyFill,
  averageEntry,
  dec,
  fromSteps,
  netPnl,
  parseStep,
  sessionOf,
  stepsToDecimal,
  toNumber,
  type ClosedTrade,
  type Position,
} from '@tapedeck/core'

/** Where sessions start, as everywhere (domain §1). */
const SESSION_START_UTC = '08:00'

/** One print of ours as the ledger books it. */
export type LedgerFill = {
  readonly side: Side
  readonly lots: number
  readonly ticks: number
  /** Decimal string, quote asset. */
  readonly fee: string
  readonly at: number
  readonly reason: string
}

type Episode = {
  readonly number: number
  readonly side: 'LONG' | 'SHORT'
  readonly enteredAt: number
  ledger: Position
  entryLots: number
  entryTickLots: number
  exitLots: number
  exitTickLots: number
  /** Entered without a stop that says what is risked; filled in by the first stop that comes. */
  unknownLots: number
  unknownTickLots: number
  riskTickLots: number
  hasRisk: boolean
  highest: number
  lowest: number
}

/**
 * From fills to trades: one trade from flat to flat, average prices, money by the core's decimal ledger.
 * R is net profit over what was to be lost between each entry and the stop that came with it.
 */
export class TradeLedger {
  readonly trades: ClosedTrade[] = []
  readonly #instrument: Instrument
  readonly #strategy: string
  readonly #tick: ReturnType<typeof parseStep>
  readonly #lot: ReturnType<typeof parseStep>
  readonly #tickSize: number
  readonly #tickLot: number
  #episode: Episode | null = null
  #lots = 0
  /** Kept as numbers, so that looking at the account at every bar costs nothing. */
  #average = 0
  #cost = 0
  #wallet = 0
  #realized = 0
  #opened = 0

  constructor(instrument: Instrument, strategy: string) {
    this.#instrument = instrument
    this.#strategy = strategy
    this.#tick = parseStep(instrument.tick_size)
    this.#lot = parseStep(instrument.lot_size)
    this.#tickSize = fromSteps(1, this.#tick)
    this.#tickLot = this.#tickSize * fromSteps(1, this.#lot)
  }

  /** Signed. */
  get lots(): number {
    return this.#lots
  }

  /** Average entry of what is open, in ticks; 0 when flat. */
  get averageTicks(): number {
    return this.#average
  }

  /** What this symbol added to the wallet: realized, fees paid. */
  get walletChange(): number {
    return this.#wallet
  }

  /** Open profit at a price, before the fees of closing. */
  unrealized(ticks: number): number {
    return this.#lots === 0 ? 0 : this.#lots * ticks * this.#tickLot - this.#cost
  }

  /** Books a fill; one that goes through flat closes a trade and opens the next. Returns true when a trade closed. */
  book(fill: LedgerFill, stopTicks: number | null): boolean {
    const closed = this.#book(fill, stopTicks)
    const one = this.#episode
    this.#average = one === null ? 0 : toNumber(averageEntry(one.ledger) ?? dec(0)) / this.#tickSize
    this.#cost = one === null ? 0 : toNumber(one.ledger.cost)
    this.#wallet = this.#realized + (one === null ? 0 : toNumber(netPnl(one.ledger)))
    return closed
  }

  #book(fill: LedgerFill, stopTicks: number | null): boolean {
    const signed = fill.side === 'BUY' ? fill.lots : -fill.lots
    const opens = this.#lots === 0 || this.#lots > 0 === signed > 0
    if (opens) {
      this.#open(fill, stopTicks)
      return false
    }
    const closing = Math.min(fill.lots, Math.abs(this.#lots))
    const rest = fill.lots - closing
    if (rest === 0) return this.#close(fill)
    // Fees of a fill that turns the position around are shared by quantity, at 8 decimals.
    const share = dec(fill.fee).times(closing).div(fill.lots).toDecimalPlaces(8)
    this.#close({ ...fill, lots: closing, fee: share.toString() })
    this.#open({ ...fill, lots: rest, fee: dec(fill.fee).minus(share).toString() }, stopTicks)
    return true
  }

  #apply(position: Position, fill: LedgerFill): Position {
    return applyFill(position, {
      side: fill.side,
      quantity: dec(stepsToDecimal(fill.lots, this.#lot)),
      price: dec(stepsToDecimal(fill.ticks, this.#tick)),
      fee: dec(fill.fee),
    })
  }

  #open(fill: LedgerFill, stopTicks: number | null): void {
    this.#episode ??= {
      number: ++this.#opened,
      side: fill.side === 'BUY' ? 'LONG' : 'SHORT',
      enteredAt: fill.at,
      ledger: FLAT,
      entryLots: 0,
      entryTickLots: 0,
      exitLots: 0,
      exitTickLots: 0,
      unknownLots: 0,
      unknownTickLots: 0,
      riskTickLots: 0,
      hasRisk: false,
      highest: fill.ticks,
      lowest: fill.ticks,
    }
    const one = this.#episode
    one.ledger = this.#apply(one.ledger, fill)
    one.entryLots += fill.lots
    one.entryTickLots += fill.lots * fill.ticks
    one.unknownLots += fill.lots
    one.unknownTickLots += fill.lots * fill.ticks
    this.#lots += fill.side === 'BUY' ? fill.lots : -fill.lots
    this.onPrice(fill.ticks)
    if (stopTicks !== null) this.onStop(stopTicks)
  }

  /** A stop came into force: what it risks of entries that had none is now known. */
  onStop(stopTicks: number): void {
    const one = this.#episode
    if (one === null || one.unknownLots === 0) return
    one.riskTickLots += Math.abs(one.unknownTickLots - one.unknownLots * stopTicks)
    one.hasRisk = true
    one.unknownLots = 0
    one.unknownTickLots = 0
  }

  /** A price that was there while the position was open: for excursions. */
  onPrice(ticks: number): void {
    const one = this.#episode
    if (one === null) return
    if (ticks > one.highest) one.highest = ticks
    if (ticks < one.lowest) one.lowest = ticks
  }

  #close(fill: LedgerFill): boolean {
    const one = this.#episode!
    one.ledger = this.#apply(one.ledger, fill)
    one.exitLots += fill.lots
    one.exitTickLots += fill.lots * fill.ticks
    this.#lots += fill.side === 'BUY' ? fill.lots : -fill.lots
    this.onPrice(fill.ticks)
    if (this.#lots !== 0) return false
    this.#realized += toNumber(netPnl(one.ledger))
    this.trades.push(this.#toTrade(one, fill))
    this.#episode = null
    return true
  }

  #toTrade(one: Episode, last: LedgerFill): ClosedTrade {
    const net = toNumber(netPnl(one.ledger))
    const entry = one.entryTickLots / one.entryLots
    const risked = one.hasRisk && one.unknownLots === 0 && one.riskTickLots > 0
    const riskQuote = one.riskTickLots * this.#tickLot
    const away = one.riskTickLots / one.entryLots
    const up = risked ? (one.highest - entry) / away : null
    const down = risked ? (entry - one.lowest) / away : null
    const [best, worst] = one.side === 'LONG' ? [up, down] : [down, up]
    return {
      trade_id: `${this.#instrument.symbol}-${one.number}`,
      symbol: this.#instrument.symbol,
      strategy: this.#strategy,
      side: one.side,
      grade: null,
      exit_reason: last.reason,
      session: sessionOf(one.enteredAt, SESSION_START_UTC).id,
      entered_at: one.enteredAt,
      exited_at: last.at,
      quantity: fromSteps(one.entryLots, this.#lot),
      entry_price: fromSteps(entry, this.#tick),
      exit_price: fromSteps(one.exitTickLots / one.exitLots, this.#tick),
      fees: toNumber(one.ledger.fees),
      funding: 0,
      net_pnl: net,
      r: risked ? net / riskQuote : null,
      mae_r: worst === null ? null : Math.min(0, -worst),
      mfe_r: best === null ? null : Math.max(0, best),
    }
  }
}
