import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Carriage, cancel, order, submit } from './carriage.fixture.ts'
import type { Fate } from './model-venue.fixture.ts'

const IDS = ['a', 'b', 'c', 'd'] as const
const ROLES = { a: 'ENTRY', b: 'STOP', c: 'TARGET', d: 'EXIT' } as const

const id = fc.constantFrom(...IDS)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('submit' as const), id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), id }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fill' as const),
      id,
      quantity: fc.integer({ min: 1, max: 10 }),
      told: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), id, told: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stream' as const), up: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.integer({ min: 1, max: 4_000 }),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const fates = fc.array(
  fc.constantFrom<Fate[]>('ok', 'ok', 'ok', 'before', 'after', { code: '-1015', retry: true }),
  { minLength: 1, maxLength: 12 },
)

const isOpen = (carriage: Carriage, one: string): boolean => {
  const status = carriage.venue.orders.get(one)?.status
  return status === 'ACCEPTED' || status === 'PARTIALLY_FILLED'
}

const ENDS: ReadonlySet<string> = new Set(['canceled', 'expired', 'rejected'])

/** Plays what happens, with execution's part: a cancel only for what was submitted and is not over. */
class Play {
  readonly carriage = new Carriage()
  readonly submitted = new Set<string>()
  readonly canceled = new Set<string>()

  constructor(list: readonly Fate[]) {
    let next = 0
    this.carriage.venue.lateMs = 3_000
    this.carriage.venue.fate = () => list[next++ % list.length] ?? 'ok'
    this.carriage.courier.start([])
  }

  isOver(one: string): boolean {
    const about = this.carriage.reports.filter((report) => report.client_order_id === one)
    const filled = new Map(about.map(({ fill }) => [fill?.fill_id, Number(fill?.quantity ?? 0)]))
    const total = [...filled.values()].reduce((sum, some) => sum + some, 0)
    return total >= 10 || about.some(({ report }) => ENDS.has(report))
  }

  async take(next: Step): Promise<void> {
    const { venue, clock, courier } = this.carriage
    if (next.do === 'wait') await clock.pass(next.ms)
    else if (next.do === 'stream') venue.turnStream(next.up)
    else if (next.do === 'restart') await this.#restart()
    else if (next.do === 'submit') {
      if (this.submitted.has(next.id)) return
      this.submitted.add(next.id)
      courier.carry(submit(next.id, ROLES[next.id]))
    } else if (next.do === 'cancel') {
      if (!this.submitted.has(next.id) || this.canceled.has(next.id) || this.isOver(next.id)) return
      this.canceled.add(next.id)
      courier.carry(cancel(next.id, ROLES[next.id]))
    } else if (isOpen(this.carriage, next.id)) {
      const held = venue.orders.get(next.id)!
      if (next.do === 'end') venue.end(next.id, 'EXPIRED', next.told)
      else venue.fill(next.id, Math.min(next.quantity, 10 - held.filled), next.told)
    }
  }

  async #restart(): Promise<void> {
    const stopped = this.carriage.courier.stop()
    await this.carriage.clock.pass(50)
    await stopped
    const open = [...this.submitted].filter((one) => !this.isOver(one))
    this.carriage.restart(
      ...open.map((one) =>
        order(one, ROLES[one as 'a'], {
          status: this.canceled.has(one) ? 'PENDING_CANCEL' : 'SUBMITTED',
        }),
      ),
    )
  }

  /** A venue that works again, for long enough that everything becomes known. */
  async rest(): Promise<void> {
    this.carriage.venue.fate = () => 'ok'
    this.carriage.venue.turnStream(true)
    await this.carriage.clock.pass(60_000)
  }
}

/** What is wrong about one order once everything is known; empty when nothing is. */
const problemsOf = ({ carriage, canceled }: Play, one: string): string[] => {
  const { venue, reports } = carriage
  const asked = venue.calls.filter((call) => call.endsWith(` ${one}`))
  const about = reports.filter((report) => report.client_order_id === one)
  const held = venue.orders.get(one)
  const told = new Set(about.flatMap(({ fill }) => (fill === null ? [] : [fill.fill_id])))
  const theirs = (held?.fills ?? []).map(({ fillId }) => fillId)
  const end = about.findIndex(({ report }) => ENDS.has(report))
  const canceledAt = asked.indexOf(`cancel ${one}`)
  const open = isOpen(carriage, one)
  const mustEnd = !open && held?.status !== 'FILLED'
  const checks: [string, boolean][] = [
    ['is sent once', asked.filter((call) => call === `submit ${one}`).length <= 1],
    [
      'is canceled after it is sent',
      canceledAt === -1 || canceledAt > asked.indexOf(`submit ${one}`),
    ],
    ['fills are those of the venue', [...told].toSorted().join() === theirs.toSorted().join()],
    ['ends when it ended at the venue', end >= 0 === mustEnd],
    ['is not open when a cancel was asked for', !(open && canceled.has(one))],
    ['has no fill after its end', end < 0 || about.slice(end).every(({ fill }) => fill === null)],
  ]
  return checks.filter(([, holds]) => !holds).map(([what]) => `${one}: not so: ${what}`)
}

describe('OrderCourier, whatever happens', () => {
  it('sends each order once, cancels after, and ends with everything known', async () => {
    await fc.assert(
      fc.asyncProperty(fates, fc.array(step, { maxLength: 40 }), async (list, steps) => {
        const play = new Play(list)
        for (const next of steps) await play.take(next)
        await play.rest()
        expect([...play.submitted].flatMap((one) => problemsOf(play, one))).toEqual([])
        const open = [...play.submitted].filter((one) => isOpen(play.carriage, one))
        expect(play.carriage.courier.inHand).toBe(open.length)
        await Promise.all([play.carriage.courier.stop(), play.carriage.clock.pass(100)])
        expect(play.carriage.clock.timers).toBe(0)
      }),
      { numRuns: 300 },
    )
  }, 300_000)
})
