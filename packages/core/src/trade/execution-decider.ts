import {
  shortHash,
  type Depth,
  type ExecutionConfig,
  type ExecutionCommandReceived,
  type Instrument,
  type Message,
  type Output,
  type RunStarted,
  type SignalApproved,
  type Trades,
} from '@tapedeck/contracts'
import type { Decider, Json } from '../decider.ts'
import { dec } from '../decimal/index.ts'
import { copyJson, isOneOf } from '../message/index.ts'
import { toDepthChange } from '../matching/index.ts'
import { instrumentKey } from '../order/index.ts'
import type { VenueSnapshot } from '../reconciliation/venue-snapshot.ts'
import { ourAccount, venueBooks } from './account-books.ts'
import { checkApproval } from './check-approval.ts'
import type { DeskContext } from './desk-context.ts'
import { ACCOUNT_INPUTS, MARKET_INPUTS } from './execution-inputs.ts'
import { initialState, remember, type DeciderJson, type ExecutionState } from './execution-state.ts'
import { ExecutionTape } from './execution-tape.ts'
import type { InstrumentDesk } from './instrument-desk.ts'
import { openDesks } from './open-desks.ts'
import { toRefusedTrade } from './trade-record.ts'

/** What execution decides by. Instruments are those of the run; these are used before the first run. */
export type ExecutionDeciderConfig = {
  readonly execution: ExecutionConfig
  readonly instruments?: readonly Instrument[]
}

/** Execution's brain, and what is asked of it beside the tape. */
export interface ExecutionDecider extends Decider {
  /** The paper venue's own books, as a venue would answer. */
  venueSnapshot(): VenueSnapshot
  /** What should not have happened since the last call: refused transitions, refused exits. */
  takeProblems(): string[]
}

const PROBLEMS_MAX = 100
/** While a position is open, unrealized P&L is told at most this often. */
const ACCOUNT_EVERY_MS = 15_000

class PaperExecution implements ExecutionDecider {
  readonly #config: ExecutionConfig
  readonly #context: DeskContext
  #tape: ExecutionTape
  #state: ExecutionState
  #instruments: readonly Instrument[]
  #desks: Map<string, InstrumentDesk>
  #lastDesk: InstrumentDesk | undefined
  #accountTouched = false
  #problems: string[] = []

  constructor(config: ExecutionDeciderConfig, snapshot?: Json) {
    this.#config = config.execution
    const json = snapshot === undefined ? null : (copyJson(snapshot) as unknown as DeciderJson)
    this.#tape = new ExecutionTape(config.execution.account, json?.versions)
    this.#state = json?.state ?? initialState(null, 0)
    this.#instruments = json?.instruments ?? config.instruments ?? []
    const tape = (): ExecutionTape => this.#tape
    this.#context = {
      config: config.execution,
      get tape() {
        return tape()
      },
      sessionStartEquity: () =>
        dec(this.#state.sessionStartEquity ?? this.#config.starting_balance),
      touchAccount: () => {
        this.#accountTouched = true
      },
      report: (problem) => {
        if (this.#problems.length < PROBLEMS_MAX) this.#problems.push(problem)
      },
    }
    this.#desks = openDesks(this.#instruments, this.#context, new Map(json?.desks))
  }

  snapshot(): Json {
    const json: DeciderJson = {
      state: this.#state,
      versions: this.#tape.versions(),
      instruments: [...this.#instruments],
      desks: [...this.#desks].map(([key, desk]) => [key, desk.snapshot()]),
    }
    return copyJson(json)
  }

  takeProblems(): string[] {
    const problems = this.#problems
    this.#problems = []
    return problems
  }

  venueSnapshot(): VenueSnapshot {
    const asset = this.#instruments[0]?.quote_asset ?? null
    const desks = [...this.#desks.values()]
    return venueBooks(desks, this.#config.starting_balance, asset, this.#state.now)
  }

  handle(message: Message): Output[] {
    if (isOneOf(message, MARKET_INPUTS)) this.#onMarket(message)
    else if (isOneOf(message, ACCOUNT_INPUTS) && message.payload.account === this.#config.account)
      this.#onAccount(message)
    if (this.#accountTouched) this.#tellAccount(this.#state.now)
    return this.#tape.take()
  }

  #onMarket(message: Message<(typeof MARKET_INPUTS)[number]>): void {
    switch (message.type) {
      case 'market.run.started':
        this.#startRun(message.payload, message.run_id, message.occurred_at)
        break
      case 'market.trades':
        this.#onTrades(message.payload)
        break
      case 'market.depth':
        this.#onDepth(message.payload)
        break
      case 'market.mark':
        this.#pass(message.occurred_at)
        this.#deskOf(message.payload)?.onMark(message.payload, message.occurred_at)
        break
      case 'market.clock':
        this.#pass(message.payload.at)
        for (const desk of this.#desks.values()) desk.onTime(message.payload.at)
        this.#afterStep()
        break
      case 'orderflow.features':
        this.#pass(message.payload.at)
        this.#deskOf(message.payload)?.onFeatures(message.payload, message.payload.at)
        break
    }
  }

  #onAccount(message: Message<(typeof ACCOUNT_INPUTS)[number]>): void {
    this.#pass(message.occurred_at)
    switch (message.type) {
      case 'risk.signal.approved':
        this.#onApproval(message.payload)
        break
      case 'risk.trading_state.changed':
        this.#state.tradingState = message.payload.state
        this.#stopEntering(`trading state is ${message.payload.state}`)
        break
      case 'risk.session.updated':
        this.#state.sessionStartEquity = message.payload.start_equity
        break
      case 'risk.flatten.requested':
        for (const desk of this.#desks.values())
          desk.requestExit('FLATTEN', message.payload.reason, this.#state.now)
        break
      case 'reconciler.run.completed':
        this.#state.reconciled = message.payload.clean
        break
      case 'reconciler.correction.requested':
        if (this.#state.corrections.includes(message.payload.correction_id)) return
        remember(this.#state.corrections, message.payload.correction_id)
        this.#deskOf(message.payload)?.correct(message.payload, this.#state.now)
        break
      case 'execution.command.received':
        this.#onCommand(message.payload)
        break
    }
  }

  /** Market time never runs backwards, whatever order symbols arrive in. */
  #pass(time: number): void {
    if (time > this.#state.now) this.#state.now = time
  }

  #deskOf({ venue, symbol }: { venue: string; symbol: string }): InstrumentDesk | undefined {
    // Most often the one of the message before: names are compared before any is made.
    const last = this.#lastDesk
    if (last !== undefined && last.grid.symbol === symbol && last.grid.venue === venue) return last
    this.#lastDesk = this.#desks.get(instrumentKey(venue, symbol))
    return this.#lastDesk
  }

  /** A paper account starts each run with its configured balance; nothing is carried over. */
  #startRun(run: RunStarted, runId: string, at: number): void {
    this.#state = initialState(runId, at)
    this.#tape = new ExecutionTape(this.#config.account)
    this.#instruments = run.instruments
    this.#desks = openDesks(run.instruments, this.#context)
    this.#lastDesk = undefined
    this.#accountTouched = true
  }

  #onTrades(batch: Trades): void {
    const desk = this.#deskOf(batch)
    if (desk === undefined) return
    if (desk.isIdle()) {
      let last = batch.id.length - 1
      while (last >= 0 && batch.excluded.includes(last)) last--
      if (last < 0) return
      desk.skipTo(batch.price_ticks[last]!, batch.time[last]!)
      this.#pass(batch.time[last]!)
      return
    }
    const excluded = new Set(batch.excluded)
    for (let i = 0; i < batch.id.length; i++) {
      if (excluded.has(i)) continue
      const time = batch.time[i]!
      this.#pass(time)
      desk.onPrint(batch.price_ticks[i]!, batch.quantity_lots[i]!, time, batch.maker[i]!)
      this.#afterStep()
    }
  }

  #onDepth(depth: Depth): void {
    const desk = this.#deskOf(depth)
    if (desk === undefined) return
    this.#pass(depth.time)
    desk.onDepth(toDepthChange(depth))
  }

  #onApproval(approval: SignalApproved): void {
    if (this.#state.decisions.includes(approval.decision_id)) return
    remember(this.#state.decisions, approval.decision_id)
    const desk = this.#deskOf(approval)
    if (desk === undefined) {
      this.#context.report(`approval ${approval.decision_id}: ${approval.symbol} is not traded`)
      return
    }
    const { now, tradingState, reconciled } = this.#state
    const tradeId = `trade-${shortHash(`${this.#state.runId}|${approval.decision_id}`)}`
    const check = checkApproval(approval, desk.grid, {
      now,
      tradingState,
      reconciled,
      tradeOpen: desk.tradeId !== null,
      orphanHeld: desk.hasOrphan,
    })
    if (check.ok) {
      desk.start(tradeId, approval, check.steps, now)
      return
    }
    const reason = `refused: ${check.refusal}, ${check.detail}`
    const trade = toRefusedTrade(tradeId, approval)
    this.#tape.trade('execution.trade.abandoned', trade, desk.grid, reason, now)
  }

  /** An entry that rests would make exposure larger: it goes as soon as that is not allowed. */
  #stopEntering(reason: string): void {
    if (this.#state.tradingState === 'ACTIVE') return
    for (const desk of this.#desks.values()) desk.cancelEntry(reason, this.#state.now)
  }

  #onCommand(command: ExecutionCommandReceived): void {
    const { now } = this.#state
    const why = `${command.by}: ${command.reason}`
    for (const desk of this.#desks.values()) {
      const meant = desk.tradeId === command.target || desk.grid.symbol === command.target
      if (command.command === 'cancel_order') {
        if (desk.owns(command.target)) desk.cancelOrder(command.target, why, now)
      } else if (!meant) continue
      else if (command.command === 'close_position') desk.requestExit('MANUAL', why, now)
      else desk.adopt(now)
    }
  }

  /** After each print and each second: the account when it changed, or when it is time to tell it. */
  #afterStep(): void {
    const { now, lastAccountAt } = this.#state
    if (this.#accountTouched) this.#tellAccount(now)
    else if (now - lastAccountAt >= ACCOUNT_EVERY_MS && this.#openPositions() > 0)
      this.#tellAccount(now)
  }

  #openPositions(): number {
    let count = 0
    for (const { isOpen } of this.#desks.values()) if (isOpen) count++
    return count
  }

  #tellAccount(at: number): void {
    this.#accountTouched = false
    this.#state.lastAccountAt = at
    const desks = [...this.#desks.values()]
    this.#tape.accountUpdated({ at, ...ourAccount(desks, this.#config.starting_balance) })
  }
}

/**
 * Execution on paper: trades are carried out on a matching engine inside, so that orders and fills are
 * a function of the tape. The decider's snapshot holds the venue's books as well as ours.
 */
export const createExecutionDecider = (
  config: ExecutionDeciderConfig,
  snapshot?: Json,
): ExecutionDecider => new PaperExecution(config, snapshot)

/** The venue-side truth of a paper execution decider, for reconciliation. */
export const venueSnapshot = (decider: ExecutionDecider): VenueSnapshot => decider.venueSnapshot()
