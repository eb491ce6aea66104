import type { Delivery, VenueRequest, VenueResponse } from '../venue/venue-request.ts'

/** A message as JSON, before it is written to a frame. Never changed in place. */
export type Payload = Readonly<Record<string, unknown>>

/**
 * What is sent instead of a message: a payload, later by so much; or a text that is no message of the
 * venue at all. Those of one answer are sent in order, those with the same delay too.
 */
export type Outgoing =
  | { readonly delayMs: number; readonly payload: Payload }
  | { readonly delayMs: number; readonly raw: string }

/** Which of the three routes of streams a connection was opened on; `ws-fapi`: on the WebSocket API. */
export type Route = 'public' | 'market' | 'private' | 'ws-fapi'

/** A stream connection, as the stream layer knows it. `id` is unique within a run. */
export type ConnectionFacts = {
  readonly id: string
  readonly route: Route
  readonly openedAt: number
}

/** What happens to a connection now. `silent`: it stays open, and nothing is sent on it, not even pings. */
export type ConnectionAct =
  | { readonly kind: 'keep' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'terminate' }

/** A conditional order whose price has been reached. */
export type TriggeredOrder = {
  readonly account: string
  readonly symbol: string
  readonly clientAlgoId: string
}

/** What becomes of it. `stick`: TRIGGERING for ever; `unfilled`: FINISHED with nothing done. */
export type TriggerAct =
  | { readonly kind: 'proceed' }
  | { readonly kind: 'stick' }
  | { readonly kind: 'reject'; readonly reason: string }
  | { readonly kind: 'unfilled' }
  | { readonly kind: 'expire' }

/** An order that was accepted and is about to meet the book. */
export type EnteringOrder = {
  readonly account: string
  readonly symbol: string
  readonly clientOrderId: string
  readonly type: 'LIMIT' | 'MARKET'
}

/**
 * How much of it may fill: `part` is a share of its quantity, in (0, 1). `rest`: what becomes of the
 * remainder: it is never filled and never ended, or it expires with `er` 9.
 */
export type EntryAct =
  | { readonly kind: 'proceed' }
  | { readonly kind: 'part'; readonly part: number; readonly rest: 'stays' | 'expires' }

/** An order that its owner asks to cancel; `fill`: it fills first, and the cancel comes too late. */
export type CancelAct = 'proceed' | 'fill'

/**
 * Something that happens to accounts or symbols without their asking. Null: every account, every listed
 * symbol; for an order of somebody else the first symbol.
 */
export type VenueMove =
  | { readonly kind: 'liquidate'; readonly account: string | null; readonly symbol: string | null }
  | {
      readonly kind: 'deleverage'
      readonly account: string | null
      readonly symbol: string | null
      /** Share of the position that is closed, in (0, 1]. */
      readonly part: number
    }
  | {
      readonly kind: 'foreign_order'
      readonly account: string | null
      readonly symbol: string | null
      readonly side: 'BUY' | 'SELL'
      /** A decimal, in base units. */
      readonly quantity: string
      /** By somebody else's hand, so not one of ours. */
      readonly clientOrderId: string
    }
  | {
      readonly kind: 'set_leverage'
      readonly account: string | null
      readonly symbol: string | null
      readonly leverage: number
    }
  | {
      readonly kind: 'set_margin_type'
      readonly account: string | null
      readonly symbol: string | null
      readonly marginType: 'CROSSED' | 'ISOLATED'
    }
  | {
      readonly kind: 'funding'
      readonly symbol: string | null
      /** As a decimal share of the notional; positive: longs pay. */
      readonly rate: string
    }
  | {
      readonly kind: 'symbol_status'
      readonly symbol: string | null
      /** `SETTLING` ends with positions closed at the mark price by `settlement_autoclose-` orders. */
      readonly status: string
    }
  | {
      readonly kind: 'price_jump'
      readonly symbol: string | null
      /** By which the price jumps, through whatever rests between: 0.02 is up two in a hundred. */
      readonly share: number
    }

/** What of the REST interface is asked for: where faults act on requests. */
export interface RequestFaults {
  /** Before the venue has looked at it. Not null: the venue never does, and this is what arrives. */
  beforeRequest(request: VenueRequest, at: number): Delivery | null
  /** After the venue has done what was asked. */
  afterRequest(request: VenueRequest, response: VenueResponse, at: number): Delivery
  /** By how much the venue's clock runs ahead of the time that it is given; negative: behind. */
  clockOffsetMs(at: number): number
}

/** Where faults act on streams. Each is asked once a message, before it is fanned out to connections. */
export interface StreamFaults {
  /** A message of one account's stream. Nothing: it is lost. */
  accountMessage(account: string, payload: Payload, at: number): readonly Outgoing[]
  /** A message of a market stream, such as `btcusdt@depth@100ms`. Nothing: it is lost. */
  marketMessage(stream: string, payload: Payload, at: number): readonly Outgoing[]
  /** Asked before each frame on a connection and at least once a second of the venue's time. */
  connection(connection: ConnectionFacts, at: number): ConnectionAct
  /** Not null: the HTTP status by which a new stream connection is turned away. */
  refusesConnection(route: Route, at: number): number | null
  /** The listen key is announced as expired and dead from now on, its connections left open. */
  expiresListenKey(account: string, at: number): boolean
}

/** Where faults act on the exchange itself. */
export interface ExchangeFaults {
  orderTriggered(order: TriggeredOrder, at: number): TriggerAct
  orderEntering(order: EnteringOrder, at: number): EntryAct
  orderCancelAsked(order: EnteringOrder, at: number): CancelAct
  /** What happens of itself at or before `at` and was not handed out yet, oldest first. */
  movesDue(at: number): readonly VenueMove[]
  /** Whether the dead man's switch cancels conditional orders too: not documented, assumed not to. */
  countdownCancelsAlgo(at: number): boolean
}

/** Everything that goes wrong at one venue. Deterministic: see `FaultPlan`. */
export interface VenueFaults extends RequestFaults, StreamFaults, ExchangeFaults {
  /** Counts by kind of fault: how often each was injected. Kinds that were not are absent. */
  injected(): Readonly<Record<string, number>>
}
