import type { RawMessage } from '@tapedeck/bus'
import { type Message, type MessageType, isType } from '@tapedeck/contracts'

/** What the picture is made of. Prints and book changes are asked for when somebody looks. */
export const PICTURE_TYPES = [
  'market.run.started',
  'market.run.ended',
  'market.feed.status',
  'setup.evaluated',
  'risk.signal.approved',
  'risk.signal.denied',
  'risk.session.updated',
  'risk.trading_state.changed',
  'risk.limits.changed',
  'execution.trade.started',
  'execution.trade.opened',
  'execution.trade.protected',
  'execution.trade.stop_moved',
  'execution.trade.exit_requested',
  'execution.trade.abandoned',
  'execution.trade.closed',
  'execution.position.changed',
  'execution.account.updated',
] as const satisfies readonly MessageType[]
type PictureType = (typeof PICTURE_TYPES)[number]

type TradeMessage = Message<
  | 'execution.trade.started'
  | 'execution.trade.opened'
  | 'execution.trade.protected'
  | 'execution.trade.stop_moved'
  | 'execution.trade.exit_requested'
>

type TradeEnd = Message<'execution.trade.closed' | 'execution.trade.abandoned'>

const LISTED_MAX = 10
const DECISIONS_MAX = 200
const OPEN_TRADES_MAX = 1_000

/** What the closed trades of the run made, in R: enough for win rate and payoff. */
export interface TradeRecordSums {
  readonly wins: number
  readonly losses: number
  readonly won: number
  readonly lost: number
}

const NO_TRADES: TradeRecordSums = { wins: 0, losses: 0, won: 0, lost: 0 }

const instrumentOf = ({ venue, symbol }: { venue: string; symbol: string }): string =>
  `${venue} ${symbol}`

const pushNewest = <T>(list: T[], item: T, max: number): void => {
  list.unshift(item)
  if (list.length > max) list.pop()
}

/** What the tape says about the present run, kept while reading it in order. Another run begins it anew. */
export class Picture {
  /** Of the run that all of this is about; known from any message, should the tape have forgotten its start. */
  runId: string | null = null
  run: Message<'market.run.started'> | null = null
  ended: Message<'market.run.ended'> | null = null
  session: Message<'risk.session.updated'> | null = null
  tradingState: Message<'risk.trading_state.changed'> | null = null
  limits: Message<'risk.limits.changed'> | null = null
  account: Message<'execution.account.updated'> | null = null
  record: TradeRecordSums = NO_TRADES
  readonly setups: Message<'setup.evaluated'>[] = []
  readonly refusals: Message<'risk.signal.denied'>[] = []
  readonly closed: Message<'execution.trade.closed'>[] = []
  readonly channels = new Map<string, Message<'market.feed.status'>>()
  readonly positions = new Map<string, Message<'execution.position.changed'>>()
  readonly openTrades = new Map<string, TradeMessage>()
  readonly decisions = new Map<string, 'approved' | 'denied'>()

  /** Takes the next message of the tape. One that cannot be read says nothing. */
  note(raw: RawMessage): void {
    const decoded = raw.decoded()
    if (!decoded.ok) return
    const message = decoded.envelope as Message<PictureType>
    if (isType(message, 'market.run.started')) this.#begin(message)
    this.runId ??= message.run_id
    if (message.run_id === this.runId) this.#apply(message)
  }

  #begin(run: Message<'market.run.started'>): void {
    this.runId = run.run_id
    this.run = run
    this.ended = null
    this.session = null
    this.tradingState = null
    this.limits = null
    this.account = null
    this.record = NO_TRADES
    for (const list of [this.setups, this.refusals, this.closed]) list.length = 0
    for (const map of [this.channels, this.positions, this.openTrades, this.decisions]) map.clear()
  }

  #apply(message: Message<PictureType>): void {
    switch (message.type) {
      case 'market.run.started':
        break
      case 'market.run.ended':
        this.ended = message
        break
      case 'market.feed.status':
        this.channels.set(`${instrumentOf(message.payload)} ${message.payload.channel}`, message)
        break
      case 'setup.evaluated':
        pushNewest(this.setups, message, LISTED_MAX)
        break
      case 'risk.signal.approved':
        this.#decide(message.payload.setup_id, 'approved')
        break
      case 'risk.signal.denied':
        this.#decide(message.payload.setup_id, 'denied')
        pushNewest(this.refusals, message, LISTED_MAX)
        break
      case 'risk.session.updated':
        this.session = message
        break
      case 'risk.trading_state.changed':
        this.tradingState = message
        break
      case 'risk.limits.changed':
        this.limits = message
        break
      case 'execution.account.updated':
        this.account = message
        break
      case 'execution.position.changed':
        this.positions.set(instrumentOf(message.payload), message)
        break
      case 'execution.trade.started':
      case 'execution.trade.opened':
      case 'execution.trade.protected':
      case 'execution.trade.stop_moved':
      case 'execution.trade.exit_requested':
      case 'execution.trade.abandoned':
      case 'execution.trade.closed':
        this.#applyTrade(message)
    }
  }

  #applyTrade(message: TradeMessage | TradeEnd): void {
    const { trade_id: tradeId } = message.payload.trade
    if (isType(message, 'execution.trade.closed')) {
      pushNewest(this.closed, message, LISTED_MAX)
      this.#count(message.payload.r_multiple)
    }
    if (isType(message, 'execution.trade.closed') || isType(message, 'execution.trade.abandoned')) {
      this.openTrades.delete(tradeId)
      return
    }
    this.openTrades.set(tradeId, message)
    if (this.openTrades.size > OPEN_TRADES_MAX)
      this.openTrades.delete(this.openTrades.keys().next().value!)
  }

  #decide(setupId: string, decision: 'approved' | 'denied'): void {
    this.decisions.set(setupId, decision)
    if (this.decisions.size > DECISIONS_MAX)
      this.decisions.delete(this.decisions.keys().next().value!)
  }

  #count(r: number): void {
    const { wins, losses, won, lost } = this.record
    if (r > 0) this.record = { wins: wins + 1, losses, won: won + r, lost }
    else if (r < 0) this.record = { wins, losses: losses + 1, won, lost: lost - r }
  }
}
