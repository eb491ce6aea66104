import { expect, it } from '@jest/globals'
import {
  MESSAGES,
  ReconciliationConfig,
  SetupEventsConfig,
  StrategyConfig,
  type Message,
  type Output,
  type SetupOutcomeDecided,
} from '@tapedeck/contracts'
import fc from 'fast-check'
import type { Json } from '../decider.ts'
import { barMessages, restlessBars } from '../setup/setup-bars.fixture.ts'
import { createSetupDecider } from '../setup/index.ts'
import { createReconcilerDecider, type Reconciler } from './index.ts'

const TTL = 12
const config = { account: 'paper', reconciliation: ReconciliationConfig.parse({}) }
const fresh = (snapshot?: Json): Reconciler => createReconcilerDecider(config, snapshot)

/** A tape of bars with the setup events that they cause, each right after its bar. */
const tapeOf = (bars: number): Message[] => {
  const setups = createSetupDecider({
    strategy: StrategyConfig.parse({}),
    setup_events: SetupEventsConfig.parse({ timeframes: ['1m'], outcome_ttl_bars: TTL }),
  })
  const tape: Message[] = []
  for (const bar of barMessages(restlessBars(bars, '1m'))) {
    tape.push(bar)
    for (const event of setups.handle(bar)) tape.push(Object.assign({}, bar, event))
  }
  return tape
}
const TAPE = tapeOf(700)
const runStarted = { type: 'market.run.started', occurred_at: 1, payload: {} } as unknown as Message
const decidedIn = (outputs: readonly Output[]): SetupOutcomeDecided[] =>
  outputs.flatMap((o) => (o.type === 'reconciler.setup_outcome.decided' ? [o.payload] : []))
const attemptsIn = (tape: readonly Message[]): string[] =>
  tape.flatMap((m) =>
    m.type === 'setup.event.recorded' && m.payload.state === 'break_attempt'
      ? [m.payload.setup_event_id]
      : [],
  )

it('labels every break attempt once, though no venue was ever asked', () => {
  const reconciler = fresh()
  const outputs = [runStarted, ...TAPE].flatMap((message) => reconciler.handle(message))
  for (const { type, payload } of outputs) MESSAGES[type].schema.parse(payload)
  const attempts = attemptsIn(TAPE)
  const labeled = decidedIn(outputs).map(({ setup_event_id }) => setup_event_id)
  expect(attempts.length).toBeGreaterThan(10)
  expect(new Set(labeled).size).toBe(labeled.length)
  expect(attempts.filter((id) => !labeled.includes(id))).toHaveLength(reconciler.openAttempts)
  expect(outputs.map((o) => [o.aggregate_id, o.aggregate_version, o.occurred_at])).toEqual(
    decidedIn(outputs).map((decided) => [decided.setup_event_id, 1, decided.outcome_ts]),
  )
  expect(reconciler.due()).toMatchObject({ trigger: 'start' })
})

it('labels the same, wherever the state was saved in between', () => {
  const calm = fresh()
  const straight = TAPE.flatMap((message) => calm.handle(message))
  fc.assert(
    fc.property(fc.array(fc.nat(TAPE.length - 1), { maxLength: 5 }), (cuts) => {
      let reconciler = fresh()
      const outputs = TAPE.flatMap((message, index) => {
        if (cuts.includes(index)) reconciler = fresh(reconciler.snapshot())
        return reconciler.handle(message)
      })
      expect(outputs).toEqual(straight)
    }),
    { numRuns: 20 },
  )
})

it('leaves what is open without a label when another market begins', () => {
  const reconciler = fresh()
  const at = TAPE.findIndex(
    (m) => m.type === 'setup.event.recorded' && m.payload.state === 'break_attempt',
  )
  for (const message of TAPE.slice(0, at + 1)) reconciler.handle(message)
  expect(reconciler.openAttempts).toBe(1)
  reconciler.handle(runStarted)
  expect(reconciler.openAttempts).toBe(0)
  const bars = TAPE.slice(at + 1).filter(({ type }) => type === 'market.bar.closed')
  expect(bars.flatMap((message) => reconciler.handle(message))).toEqual([])
})

it('goes on from a checkpoint that knew no outcomes', () => {
  const { outcomes: _, ...old } = fresh().snapshot() as Record<string, Json>
  const reconciler = fresh(old)
  expect(TAPE.flatMap((message) => reconciler.handle(message)).length).toBeGreaterThan(10)
})
