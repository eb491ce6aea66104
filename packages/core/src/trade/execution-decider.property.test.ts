import { describe, expect, it } from '@jest/globals'
import type { Message, OrderStatus, Output, PayloadOf } from '@tapedeck/contracts'
import { MESSAGES } from '@tapedeck/contracts'
import fc from 'fast-check'
import { ZERO, dec } from '../decimal/index.ts'
import { isTerminal, mayFollow } from '../order/index.ts'
import { createReconcilerDecider, type VenueSnapshot } from '../reconciliation/index.ts'
import { createAnalystDecider, createJournalDecider } from '../review/index.ts'
import { rebatched, tellSession, type Happening } from './testing/session.ts'
import { RUN_ID, Scenario, message } from './testing/scenario.ts'

const maker = fc.constantFrom(0 as const, 1 as const)
const moves = fc.array(
  fc.record({
    step: fc.integer({ min: -260, max: 260 }),
    lots: fc.integer({ min: 1, max: 60 }),
    wait: fc.integer({ min: 0, max: 400 }),
    maker,
  }),
  { minLength: 1, maxLength: 12 },
)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('prints' as const), moves }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.integer({ min: 1, max: 9000 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      buy: fc.boolean(),
      lots: fc.integer({ min: 1, max: 90 }),
      stop: fc.integer({ min: 2, max: 900 }),
      target: fc.integer({ min: 2, max: 1500 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('features' as const),
      wall: fc.integer({ min: -900, max: 900 }),
      ratio: fc.constantFrom(-0.5, 0, 0.5),
      swing: fc.integer({ min: -300, max: 300 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('book' as const),
      spread: fc.integer({ min: 1, max: 200 }),
      lots: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('mark' as const),
      rate: fc.constantFrom(0.0001, -0.0002),
      due: fc.integer({ min: 100, max: 6000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('state' as const),
      state: fc.constantFrom('ACTIVE' as const, 'REDUCING' as const, 'ACTIVE' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'flatten' } as const, { do: 'close' } as const) },
)

/** A session of random prints, books, approvals, order flow and wishes. */
const randomSession = fc.array(happening, { minLength: 5, maxLength: 45 }).map(tellSession)

const asMessage = (one: Output): Message => ({
  ...message(one.type, one.occurred_at, one.payload as never),
  aggregate_id: one.aggregate_id,
  aggregate_version: one.aggregate_version,
  run_id: RUN_ID,
})
const timeOf = (one: Message): number =>
  one.type === 'market.trades' ? one.payload.time.at(-1)! : one.occurred_at

/** Reads execution's own events as a service downstream would, and collects every broken promise. */
class Watcher {
  readonly broken: string[] = []
  readonly #statuses = new Map<string, OrderStatus>()
  readonly #versions = new Map<string, number>()
  closed = 0
  position = ZERO
  unprotectedSince: number | null = null
  leaving = false
  wallet = '10000'

  #promise(kept: boolean, what: string): void {
    if (!kept) this.broken.push(what)
  }

  see(one: Output): void {
    const aggregate = `${MESSAGES[one.type].aggregate}|${one.aggregate_id}`
    const version = (this.#versions.get(aggregate) ?? 0) + 1
    this.#promise(one.aggregate_version === version, `${aggregate} skips version ${version}`)
    this.#versions.set(aggregate, one.aggregate_version)
    const problem = MESSAGES[one.type].schema.safeParse(one.payload).error
    this.#promise(problem === undefined, `${one.type}: ${String(problem)}`)
    if (one.type.startsWith('execution.order.')) this.#order(one.payload as never)
    else if (one.type === 'execution.position.changed') this.#position(one.payload, one.occurred_at)
    else if (one.type === 'execution.trade.exit_requested') this.leaving = true
    else if (one.type === 'execution.account.updated') this.wallet = one.payload.wallet_balance
    else if (one.type === 'execution.trade.closed') this.closed += 1
  }

  #order({ order, fill }: PayloadOf<'execution.order.filled'>): void {
    const { client_order_id: id, status, role } = order
    const before = this.#statuses.get(id) ?? 'INITIALIZED'
    this.#promise(mayFollow(before, status), `${id}: ${status} after ${before}`)
    this.#statuses.set(id, status)
    this.#promise(order.reduce_only === (role !== 'ENTRY'), `${id}: reduce-only`)
    // An entry that filled after the position was closed is sold at once; the print it waits for may be late.
    if (role === 'EXIT') this.leaving = true
    if (fill === null) return
    const signed = fill.side === 'BUY' ? dec(fill.last_quantity) : dec(fill.last_quantity).neg()
    const after = this.position.plus(signed)
    const smaller = after.abs().lt(this.position.abs()) && !after.times(this.position).lt(0)
    this.#promise(role === 'ENTRY' || smaller, `${id}: an exit exceeds the position`)
    this.position = after
    if (role !== 'ENTRY') this.leaving = true
  }

  #position(payload: PayloadOf<'execution.position.changed'>, at: number): void {
    const agrees = dec(payload.quantity).eq(this.position.abs())
    this.#promise(agrees, `position ${payload.quantity}, fills ${this.position.toString()}`)
    if (payload.side === 'FLAT' || payload.protected) this.unprotectedSince = null
    else this.unprotectedSince ??= at
    if (payload.side === 'FLAT') this.leaving = false
  }

  /** After each message: the bound on being unprotected, and the venue's books against ours. */
  compare(truth: VenueSnapshot, at: number): void {
    const since = this.unprotectedSince
    const waited = since === null || this.leaving ? 0 : at - since
    // The bound of the test, and the second until the next clock.
    this.#promise(waited <= 1_700, `unprotected for ${waited} ms`)
    const held = truth.positions[0]
    const quantity = this.position.abs().toString()
    this.#promise((held?.quantity ?? '0') === quantity, `the venue holds ${held?.quantity ?? '0'}`)
    const wallet = truth.balances[0]?.wallet
    this.#promise(held !== undefined || wallet === this.wallet, `wallets ${wallet} ${this.wallet}`)
  }

  liveOrders(): string[] {
    return [...this.#statuses].filter(([, status]) => !isTerminal(status)).map(([id]) => id)
  }
}

const checkPromises = (messages: readonly Message[]): void => {
  const scenario = new Scenario({ stop_ack_max_ms: 700 })
  const watcher = new Watcher()
  const journal = createJournalDecider({ account: 'paper' })
  const analyst = createAnalystDecider({ account: 'paper' })
  const records: Output[] = []
  for (const one of messages) {
    records.push(...journal.handle(one))
    for (const told of scenario.play(one)) {
      watcher.see(told)
      records.push(...journal.handle(asMessage(told)), ...analyst.handle(asMessage(told)))
    }
    watcher.compare(scenario.decider.venueSnapshot(), timeOf(one))
  }
  expect(watcher.broken).toEqual([])
  expect(scenario.decider.takeProblems()).toEqual([])
  expect(watcher.position.toString()).toBe('0')
  expect(watcher.liveOrders()).toEqual([])
  expect(scenario.decider.venueSnapshot().orders).toEqual([])
  const types = records.map(({ type }) => type)
  expect(types.filter((type) => type === 'journal.trade.recorded')).toHaveLength(watcher.closed)
  expect(types.filter((type) => type === 'analyst.review.written')).toHaveLength(watcher.closed)
  expect(types).not.toContain('journal.difference.detected')
}
const keepsEveryPromise = fc.property(randomSession, checkPromises)

describe('a random session', () => {
  it('keeps every promise: protection, exits, books, states, versions', () => {
    fc.assert(keepsEveryPromise, { numRuns: Number(process.env['RUNS'] ?? 150) })
  })

  it('leaves at once what its entry bought after the target had closed it', () => {
    // Found by the test above: the exit waits for the next print, and that may be late.
    fc.assert(keepsEveryPromise, { seed: -1_246_534_559, path: '22', endOnFailure: true })
  })

  it('goes on exactly where a snapshot stands', () => {
    fc.assert(
      fc.property(randomSession, fc.nat(200), (messages, cut) => {
        const whole = new Scenario()
        const broken = new Scenario()
        whole.play(...messages)
        broken.play(...messages.slice(0, cut))
        broken.restart()
        broken.play(...messages.slice(cut))
        expect(broken.outputs).toEqual(whole.outputs)
        expect(broken.decider.snapshot()).toEqual(whole.decider.snapshot())
      }),
      { numRuns: Number(process.env['RUNS'] ?? 60) },
    )
  })

  it('does not depend on how prints were batched', () => {
    fc.assert(
      fc.property(randomSession, fc.integer({ min: 1, max: 5 }), (messages, cut) => {
        const batched = new Scenario()
        const cutUp = new Scenario()
        batched.play(...messages)
        cutUp.play(...rebatched(messages, cut))
        expect(cutUp.outputs).toEqual(batched.outputs)
      }),
      { numRuns: Number(process.env['RUNS'] ?? 60) },
    )
  })

  it('is clean for reconciliation at every look, and a crash of it changes nothing', () => {
    fc.assert(
      fc.property(randomSession, fc.nat(200), (messages, cut) => {
        const scenario = new Scenario()
        const config = {
          account: 'paper',
          reconciliation: { interval_ms: 1_000, emergency_stop_percent: 1 },
        }
        let reconciler = createReconcilerDecider(config)
        const looks: Output[] = []
        messages.forEach((one, index) => {
          if (index === cut)
            reconciler = createReconcilerDecider(
              config,
              JSON.parse(JSON.stringify(reconciler.snapshot())) as never,
            )
          for (const told of scenario.play(one)) reconciler.handle(asMessage(told))
          reconciler.handle(one)
          if (reconciler.due() !== null)
            looks.push(...reconciler.compare(scenario.decider.venueSnapshot(), timeOf(one)))
        })
        const kinds = looks
          .filter(({ type }) => type === 'reconciler.finding.detected')
          .map(({ payload }) => payload)
        expect(kinds).toEqual([])
        expect(looks.length).toBeGreaterThan(0)
      }),
      { numRuns: Number(process.env['RUNS'] ?? 60) },
    )
  })
})
