import {
  DECIDES,
  LOCKSTEP_ORDER,
  READS,
  TAPEDECK_VERSION,
  configHash,
  isType,
  type Message,
  type MessageType,
  type Output,
  type TradingConfig,
} from '@tapedeck/contracts'
import {
  createAnalystDecider,
  createExecutionDecider,
  createJournalDecider,
  createOrderFlowDecider,
  createReconcilerDecider,
  createRiskDecider,
  createSetupDecider,
  reconcileWith,
  symbolsByVenue,
  type ExecutionDecider,
  type Json,
  type SymbolsByVenue,
} from '@tapedeck/core'
import type { Publisher, TapeMessage } from './tape-message.ts'

export type SeatName = (typeof LOCKSTEP_ORDER)[number]

/** A decider at the table: what it reads, what waits for it, how far its own sequence has come. */
export type Seat = {
  readonly name: SeatName
  readonly reads: readonly MessageType[]
  readonly from: Publisher
  readonly handle: (message: Message) => Output[]
  readonly snapshot: () => Json
  waiting: TapeMessage[]
  /** The other of two lists that take turns, so that a round allocates none. */
  spare: TapeMessage[]
  nextSeq: number
}

export type SeatsJson = {
  readonly [name: string]: { readonly nextSeq: number; readonly brain: Json }
}

type Deciding = Pick<Seat, 'handle' | 'snapshot'>

/** What a service of the run would write into its envelopes. */
export const publisherOf = (
  service: SeatName | 'ingest',
  trading: TradingConfig,
  runId: string,
): Publisher => ({
  runId,
  producer: {
    service,
    version: TAPEDECK_VERSION,
    config_hash: configHash(DECIDES[service](trading)),
  },
})

/** The reconciler with the paper venue's books at hand, as its service has them by request. */
const reconciler = (
  trading: TradingConfig,
  execution: ExecutionDecider,
  saved: Json | undefined,
): Deciding => {
  const { brain, symbols: known } = (saved ?? {}) as { brain?: Json; symbols?: SymbolsByVenue }
  const decider = createReconcilerDecider(DECIDES.reconciler(trading), brain)
  let symbols = known ?? {}
  return {
    handle: (message) => {
      if (isType(message, 'market.run.started')) symbols = symbolsByVenue(message.payload)
      return reconcileWith(decider, message, symbols, () => execution.venueSnapshot())
    },
    snapshot: () => ({ brain: decider.snapshot(), symbols: symbols as unknown as Json }),
  }
}

export type SeatOptions = {
  readonly trading: TradingConfig
  readonly runId: string
  /** With the journal and the analyst, whose messages nobody decides by. */
  readonly fullTape: boolean
  /** False when nobody is told of `orderflow.measures`: then they are counted, not made. */
  readonly measures: boolean
}

/**
 * The services' own deciders in the order of lockstep, each with what it reads by the table of
 * subscriptions.
 */
export const takeSeats = (
  { trading, runId, fullTape, measures }: SeatOptions,
  saved?: SeatsJson,
): { readonly seats: readonly Seat[]; readonly execution: ExecutionDecider } => {
  const json = (name: SeatName): Json | undefined => saved?.[name]?.brain
  const execution = createExecutionDecider({ execution: trading.execution }, json('execution'))
  const deciders: Record<SeatName, () => Deciding> = {
    orderflow: () =>
      createOrderFlowDecider(DECIDES.orderflow(trading), json('orderflow'), {
        measures: measures ? 'told' : 'counted',
      }),
    'setup-generator': () =>
      createSetupDecider(DECIDES['setup-generator'](trading), json('setup-generator')),
    risk: () => createRiskDecider(DECIDES.risk(trading), json('risk')),
    execution: () => execution,
    reconciler: () => reconciler(trading, execution, json('reconciler')),
    journal: () => createJournalDecider({ account: trading.execution.account }, json('journal')),
    analyst: () => createAnalystDecider(DECIDES.analyst(trading), json('analyst')),
  }
  const names = LOCKSTEP_ORDER.filter(
    (name) => fullTape || (name !== 'journal' && name !== 'analyst'),
  )
  const seats = names.map((name): Seat => {
    const decider = deciders[name]()
    return {
      name,
      reads: [...new Set<MessageType>([...READS[name], 'market.run.started'])],
      from: publisherOf(name, trading, runId),
      handle: (message) => decider.handle(message),
      snapshot: () => decider.snapshot(),
      waiting: [],
      spare: [],
      nextSeq: saved?.[name]?.nextSeq ?? 1,
    }
  })
  return { seats, execution }
}
