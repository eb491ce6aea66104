import type { AccountEvent, OrderEvent, VenuePort } from '@tapedeck/venue'
import type { Exchange, PlannedFaultInput } from '../../src/index.ts'

/** What a wire does to requests and streams; only where there is one. */
export interface Wire {
  /** Something goes wrong from now on. */
  fault(planned: PlannedFaultInput): void
  /** Everything works again. */
  repair(): void
  /** Requests that the venue has seen, such as `POST /fapi/v1/order`, since the stage was opened. */
  readonly requests: readonly string[]
  /** Ends all stream connections: politely, without a word, or by nothing more being said. */
  cut(how: 'close' | 'terminate'): void
  expireListenKey(): void
  /**
   * The same account through an adapter of its own, whose key signs in that way, or is not the one that the
   * venue knows. Its calls complete in the stage's time.
   */
  adapterWith(kind: 'Ed25519' | 'RSA' | 'another Ed25519'): Promise<VenuePort>
  /** The venue forgets the keys of those adapters. */
  deleteKeys(): void
  /** Venue time that a lost request may take to arrive. */
  readonly lateArrivalMs: number
}

/** A venue with one account of 100000 USDT on it, a market that does what a case says, and a clock of its own. */
export interface VenueStage {
  /** Its calls complete in the stage's time. */
  readonly venue: VenuePort
  /** The same without waiting: for calls that are under way together. Wait with `during`. */
  readonly raw: VenuePort
  during<T>(work: Promise<T>): Promise<T>
  /** Everything that the account stream has told, oldest first. It is open from the beginning. */
  readonly heard: AccountEvent[]
  /** Venue time, ms. */
  readonly time: number
  /** Mark, last price and book: ten levels on each side, 0.1 apart, of `lots` thousandths each. */
  quote(middle: number, lots?: number): Promise<void>
  /** One print of the outside market. */
  print(price: number, lots: number, aggressor: 'BUY' | 'SELL'): Promise<void>
  /** Time passes. */
  pass(ms: number): Promise<void>
  /** Something happens at the exchange that the account did not ask for. */
  happen(act: (exchange: Exchange) => void): Promise<void>
  /** What becomes of conditional orders whose price is reached from now on. */
  onTrigger(outcome: 'trigger' | 'stick' | 'reject' | 'finish_empty'): void
  /** Null where requests cannot be lost. */
  readonly wire: Wire | null
  close(): Promise<void>
}

export const SYMBOL = 'BTCUSDT'
export const ACCOUNT = 'main'

export type AcceptanceCase = {
  /** `V-01` and on; never given again. */
  readonly id: string
  readonly title: string
  /** `wire`: about requests and streams that go wrong, which takes a wire. */
  readonly over: 'port' | 'wire'
  readonly run: (stage: VenueStage) => Promise<void>
}

export const onPort = (id: string, title: string, run: AcceptanceCase['run']): AcceptanceCase => ({
  id,
  title,
  over: 'port',
  run,
})

export const onWire = (
  id: string,
  title: string,
  run: (stage: VenueStage, wire: Wire) => Promise<void>,
): AcceptanceCase => ({
  id,
  title,
  over: 'wire',
  run: (stage) => {
    if (stage.wire === null) throw new Error(`${id} takes a venue with a wire`)
    return run(stage, stage.wire)
  },
})

/** What the stream has told of an order, in order. */
export const toldOf = ({ heard }: VenueStage, clientOrderId: string): OrderEvent[] =>
  heard.filter(
    (event): event is OrderEvent => event.kind === 'order' && event.clientOrderId === clientOrderId,
  )

export const stepsOf = (stage: VenueStage, clientOrderId: string): string[] =>
  toldOf(stage, clientOrderId).map(({ step }) => step)
