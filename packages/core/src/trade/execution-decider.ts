import {
  type Depth,
  isRemote,
  type ExecutionConfig,
  type Instrument,
  type Message,
  type Output,
  type ReconciliationCompleted,
  type RunStarted,
  type SignalApproved,
  type Trades,
} from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { dec } from '../decimal/index.ts'
import { copyJson, isOneOf } from '../message/index.ts'
import { toDepthChange } from '../matching/index.ts'
import { instrumentKey } from '../order/index.ts'
import type { VenueSnapshot } from '../reconciliation/venue-snapshot.ts'
import { openPositions, ourAccount, venueBooks } from './account-books.ts'
import { carryOutCommand } from './carry-out-command.ts'
import { continueDesks, continueInstruments } from './continue-run.ts'
import type { DeskContext } from './desk-context.ts'
import type {
  ExecutionDecider,
  ExecutionDeciderConfig,
  OpenIntent,
} from './execution-decider-port.ts'
import { ACCOUNT_INPUTS, MARKET_INPUTS } from './execution-inputs.ts'
import { initialState, remember, type DeciderJson, type ExecutionState } from './execution-state.ts'
import { ExecutionTape } from './execution-tape.ts'
import { feePrice } from './fee-price.ts'
import type { InstrumentDesk } from './instrument-desk.ts'
import { intentsOf, openDesks } from './open-desks.ts'
import { playTrades } from './play-trades.ts'
import { seeLook } from './see-look.ts'
import { startApproved } from './start-approved.ts'
import { VenueWallet } from './venue-wallet.ts'

const PROBLEMS_MAX = 100
/** While a position is open, unrealized P&L is told at most this often. */
const ACCOUNT_EVERY_MS = 15_000

class ExecutionBrain implements ExecutionDecider {
  readonly #config: ExecutionConfig
  readonly #context: DeskContext
  #tape: ExecutionTape
  #state: ExecutionState
  #instruments: readonly Instrument[]
  #desks: Map<string, InstrumentDesk>
  #lastDesk: InstrumentDesk | undefined
  #accountTouched = false
  readonly #problems: string[] = []
  /** Null on paper, whose wallet starts as configured. */
  readonly #wallet: VenueWallet | null

  constructor(config: ExecutionDeciderConfig, snapshot?: Json) {
    this.#config = config.execution
    const json = snapshot === undefined ? null : (copyJson(snapshot) as unknown as DeciderJson)
    this.#tape = new ExecutionTape(config.execution.account, json?.versions)
    this.#state = json?.state ?? initialState(null, 0, false)
    this.#instruments = json?.instruments ?? config.instruments ?? []
    const tape = (): ExecutionTape => this.#tape
    this.#context = {
      config: config.execution,
      get tape() {
        return tape()
      },
      sessionStartEquity: () =>
        dec(this.#state.sessionStartEquity ?? this.#config.starting_balance),
      priceOf: (...pair) => feePrice(this.#desks, this.#config, ...pair),
      touchAccount: () => {
        this.#accountTouched = true
      },
      report: (problem) => {
        if (this.#problems.length < PROBLEMS_MAX) this.#problems.push(problem)
      },
    }
    this.#wallet = isRemote(config.execution) ? new VenueWallet(json?.wallet) : null
    // What was held on paper is not held at a live venue, and the other way round.
    const isSame = json === null || (json.wallet !== undefined) === (this.#wallet !== null)
    if (!isSame)
      this.#problems.push('orders go to another venue than before: what was open is left there')
    this.#desks = openDesks(this.#instruments, this.#context, new Map(isSame ? json?.desks : []))
  }

  snapshot(): Json {
    const json: DeciderJson = {
      state: this.#state,
      versions: this.#tape.versions(),
      instruments: [...this.#instruments],
      desks: [...this.#desks].map(([key, desk]) => [key, desk.snapshot()]),
      ...(this.#wallet === null ? {} : { wallet: this.#wallet.snapshot() }),
    }
    return copyJson(json)
  }

  takeProblems(): string[] {
    return this.#problems.splice(0)
  }

  venueSnapshot(): VenueSnapshot {
    const asset = this.#wallet === null ? this.#quoteAsset : null
    const desks = [...this.#desks.values()]
    return venueBooks(desks, this.#config.starting_balance, asset, this.#state.now)
  }

  openIntents(): OpenIntent[] {
    return [...this.#desks.values()].flatMap(intentsOf)
  }

  timeAtStake(): number | null {
    return [...this.#desks.values()].every(({ isFlat }) => isFlat) ? null : this.#state.now
  }

  get #quoteAsset(): string | null {
    return this.#instruments[0]?.quote_asset ?? null
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
        if (this.#wallet === null)
          this.#startRun(message.payload, message.run_id, message.occurred_at)
        else this.#continueRun(message.payload, message.run_id, message.occurred_at)
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
        this.#onTime(message.payload.at, false)
        break
      case 'orderflow.features':
        this.#pass(message.payload.at)
        this.#deskOf(message.payload)?.onFeatures(message.payload, message.payload.at)
        break
    }
  }

  #onAccount(message: Message<(typeof ACCOUNT_INPUTS)[number]>): void {
    // What a venue reports comes by its own clock, which moves no time of ours.
    if (message.type !== 'execution.venue.reported') this.#pass(message.occurred_at)
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
        this.#seeLook(message.payload)
        break
      case 'reconciler.correction.requested':
        if (this.#state.corrections.includes(message.payload.correction_id)) return
        remember(this.#state.corrections, message.payload.correction_id)
        this.#deskOf(message.payload)?.correct(message.payload, this.#state.now)
        break
      case 'execution.command.received':
        carryOutCommand(message.payload, this.#desks.values(), this.#state.now)
        break
      case 'execution.venue.reported':
        if (message.payload.report === 'time_passed') this.#onTime(message.payload.at, true)
        else this.#deskOf(message.payload)?.onReport(message.payload, this.#state.now)
        break
    }
  }

  #onTime(at: number, isSilent: boolean): void {
    this.#pass(at)
    for (const desk of this.#desks.values())
      if (isSilent) desk.onSilence(at)
      else desk.onTime(at)
    this.#afterStep()
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
    this.#state = initialState(runId, at, run.kind === 'live')
    this.#tape = new ExecutionTape(this.#config.account)
    this.#instruments = run.instruments
    this.#desks = openDesks(run.instruments, this.#context)
    this.#lastDesk = undefined
    this.#accountTouched = true
  }

  /** On a live venue everything that is open there goes on; who may trade has to be said anew. */
  #continueRun(run: RunStarted, runId: string, at: number): void {
    const { decisions, corrections, now } = this.#state
    const fresh = initialState(runId, Math.max(now, at), run.kind === 'live')
    this.#state = { ...fresh, decisions, corrections }
    const { report } = this.#context
    this.#instruments = continueInstruments(this.#desks, this.#instruments, run.instruments, report)
    this.#desks = continueDesks(this.#desks, this.#instruments, this.#context)
    this.#lastDesk = undefined
    for (const desk of this.#desks.values()) desk.tellAgain(this.#state.now)
    this.#accountTouched = true
  }

  #seeLook(look: ReconciliationCompleted): void {
    const [wallet, desks, { now }] = [this.#wallet, [...this.#desks.values()], this.#state]
    if (wallet === null) return
    if (seeLook(look, wallet, desks, this.#quoteAsset, this.#context.report, now))
      this.#accountTouched = true
  }

  #onTrades(batch: Trades): void {
    const desk = this.#deskOf(batch)
    if (desk === undefined) return
    const pass = (time: number): void => this.#pass(time)
    playTrades(desk, batch, pass, () => this.#afterStep())
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
    const marketIsLive = this.#wallet === null || this.#state.liveMarket
    startApproved(approval, desk, { ...this.#state, marketIsLive }, this.#tape)
  }

  /** An entry that rests would make exposure larger: it goes as soon as that is not allowed. */
  #stopEntering(reason: string): void {
    if (this.#state.tradingState === 'ACTIVE') return
    for (const desk of this.#desks.values()) desk.cancelEntry(reason, this.#state.now)
  }

  /** After each print and each second: the account when it changed, or when it is time to tell it. */
  #afterStep(): void {
    const { now, lastAccountAt } = this.#state
    const isDue = now - lastAccountAt >= ACCOUNT_EVERY_MS
    if (this.#accountTouched || (isDue && openPositions(this.#desks.values()) > 0))
      this.#tellAccount(now)
  }

  #tellAccount(at: number): void {
    const start = this.#wallet === null ? this.#config.starting_balance : this.#wallet.base
    // Before a live venue told of its wallet nobody knows what the account holds.
    if (start === null) return
    this.#accountTouched = false
    this.#state.lastAccountAt = at
    this.#tape.accountUpdated({ at, ...ourAccount([...this.#desks.values()], start) })
  }
}

/**
 * Execution. On paper trades are carried out on a matching engine inside, whose books are in the snapshot as
 * well as ours. For a live venue the order events are the intents, and what came of them is read from
 * `execution.venue.reported`. Either way orders and fills are a function of the tape.
 */
export const createExecutionDecider = (
  config: ExecutionDeciderConfig,
  snapshot?: Json,
): ExecutionDecider => new ExecutionBrain(config, snapshot)
