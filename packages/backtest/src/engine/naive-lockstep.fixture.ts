import {
  DECIDES,
  LOCKSTEP_ORDER,
  READS,
  TAPEDECK_VERSION,
  configHash,
  sealMessage,
  type Message,
  type Output,
  type Producer,
  type TradingConfig,
} from '@tapedeck/contracts'
import {
  LOCKSTEP_STEP_EVENTS,
  MarketComposer,
  createAnalystDecider,
  createExecutionDecider,
  createJournalDecider,
  createOrderFlowDecider,
  createReconcilerDecider,
  createRiskDecider,
  createSetupDecider,
  reconcileWith,
  runEnded,
  runStarted,
  symbolsByVenue,
  type MarketEvent,
} from '@tapedeck/core'
import type { PlayOptions } from './play.ts'

type Service = 'ingest' | (typeof LOCKSTEP_ORDER)[number]

const decidersOf = (trading: TradingConfig, instruments: PlayOptions['instruments']) => {
  const execution = createExecutionDecider({ execution: trading.execution })
  const reconciler = createReconcilerDecider(DECIDES.reconciler(trading))
  const symbols = symbolsByVenue({ instruments: [...instruments] })
  return {
    orderflow: createOrderFlowDecider(DECIDES.orderflow(trading)),
    'setup-generator': createSetupDecider(DECIDES['setup-generator'](trading)),
    risk: createRiskDecider(DECIDES.risk(trading)),
    execution,
    reconciler: {
      handle: (message: Message) =>
        reconcileWith(reconciler, message, symbols, () => execution.venueSnapshot()),
    },
    journal: createJournalDecider({ account: trading.execution.account }),
    analyst: createAnalystDecider(DECIDES.analyst(trading)),
  } satisfies Record<(typeof LOCKSTEP_ORDER)[number], { handle(message: Message): Output[] }>
}

/**
 * Lockstep as the baton passes it, written down again as plainly as it can be: one list of sealed
 * envelopes, and for each service how far it has read. What the brain makes has to be the same.
 */
export const naiveLockstep = (
  events: readonly MarketEvent[],
  { trading, instruments, runId, source, kind = 'recording' }: PlayOptions,
): Message[] => {
  const tape: Message[] = []
  const seqs = new Map<Service, number>()
  const read = new Map<Service, number>()
  const deciders = decidersOf(trading, instruments)
  const producers = Object.fromEntries(
    (['ingest', ...LOCKSTEP_ORDER] as const).map((service) => [
      service,
      { service, version: TAPEDECK_VERSION, config_hash: configHash(DECIDES[service](trading)) },
    ]),
  ) as Record<Service, Producer>
  const append = (service: Service, output: Output, cause: Message | null): void => {
    const seq = (seqs.get(service) ?? 0) + 1
    seqs.set(service, seq)
    const producer = producers[service]
    tape.push(sealMessage(output, { seq, runId, cause, producer, recordedAt: output.occurred_at }))
  }
  const settle = (): void => {
    for (let busy = true; busy;) {
      busy = false
      for (const service of LOCKSTEP_ORDER) {
        const from = read.get(service) ?? 0
        const reads: readonly string[] = READS[service]
        const waiting = tape.slice(from).filter(({ type }) => reads.includes(type))
        read.set(service, tape.length)
        if (waiting.length === 0) continue
        busy = true
        for (const message of waiting)
          for (const output of deciders[service].handle(message)) append(service, output, message)
      }
    }
  }
  const composer = new MarketComposer({ stepEvents: LOCKSTEP_STEP_EVENTS, instruments })
  append(
    'ingest',
    runStarted(runId, { kind, source, instruments: [...instruments], lockstep: true }),
    null,
  )
  settle()
  for (const { outputs, stepEnd } of composer.push(events)) {
    for (const output of outputs) append('ingest', output, null)
    if (stepEnd) settle()
  }
  for (const { outputs } of composer.flush())
    for (const output of outputs) append('ingest', output, null)
  append('ingest', runEnded(runId, composer, null), null)
  settle()
  return tape
}
