import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'
import {
  Instrument,
  eventId,
  isType,
  output,
  type Message,
  type Output,
  type TradingConfig,
} from '@tapedeck/contracts'
import {
  MarketComposer,
  createExecutionDecider,
  createOrderFlowDecider,
  createRiskDecider,
  createSetupDecider,
  type Decider,
} from '@tapedeck/core'
import { loadTradingConfig } from '@tapedeck/runtime'
import { openRecording } from '@tapedeck/recordings'

const inRepository = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url))

const RUN = 'b1f5c3a2-6d0e-5a57-9a53-0c8b8f6f7e12'
const START = Date.UTC(2026, 0, 5, 8)

/** Only what deciders read of an envelope. */
const envelope = (of: Output): Message =>
  ({
    event_id: eventId(RUN, of.type, of.aggregate_id, of.aggregate_version),
    run_id: RUN,
    correlation_id: null,
    ...of,
  }) as unknown as Message

/** The brains of the trading services in one process, each handling all of the tape in its order. */
const brains = (config: TradingConfig): Decider[] => [
  createOrderFlowDecider(config),
  createSetupDecider(config),
  createRiskDecider(config),
  createExecutionDecider(config),
]

const handleAll = (deciders: readonly Decider[], first: Output, tape: Message[]): void => {
  const waiting = [first]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const message = envelope(next)
    tape.push(message)
    for (const decider of deciders) waiting.push(...decider.handle(message))
  }
}

it('the shipped recording is whole, and with the shipped configuration trades are taken and refused', async () => {
  const config = loadTradingConfig(inRepository('config/tapedeck.yaml'))
  const recording = await openRecording({
    files: [inRepository('data/recordings/btcusdt-usdm-20260105.ws.gz')],
    instruments: config.instruments.map((one) => Instrument.parse(one)),
  })
  const { instruments } = recording
  const composer = new MarketComposer({ instruments, ...recording.composer })
  const deciders = brains(config)
  const tape: Message[] = []
  const { account } = config.execution
  handleAll(
    deciders,
    output('market.run.started', {
      aggregate_id: RUN,
      aggregate_version: 1,
      occurred_at: START,
      payload: { kind: 'recording', source: 'test', instruments: [...instruments], lockstep: true },
    }),
    tape,
  )
  handleAll(
    deciders,
    output('reconciler.run.completed', {
      aggregate_id: account,
      aggregate_version: 1,
      occurred_at: START,
      payload: {
        account,
        run_number: 1,
        at: START,
        trigger: 'start',
        clean: true,
        findings: 0,
        orders_compared: 0,
        positions_compared: 0,
        fills_compared: 0,
        seen: null,
      },
    }),
    tape,
  )
  for await (const events of recording.events())
    for (const step of composer.push(events))
      for (const of of step.outputs) handleAll(deciders, of, tape)

  expect(composer.counts()['BTCUSDT']).toMatchObject({
    missing: 0,
    duplicates: 0,
    rejected: 0,
    retimed: 0,
    depthGaps: 0,
  })
  const { quotesCompared, quotesAgreed } = composer.counts()['BTCUSDT']!
  expect(quotesAgreed).toBe(quotesCompared)
  expect(quotesCompared).toBeGreaterThan(10_000)
  const count = (type: Output['type']): number =>
    tape.filter((message) => isType(message, type)).length
  expect({
    approved: count('risk.signal.approved') > 0,
    denied: count('risk.signal.denied') > 0,
    opened: count('execution.trade.opened') > 0,
    closed: count('execution.trade.closed') > 0,
  }).toEqual({ approved: true, denied: true, opened: true, closed: true })
})
