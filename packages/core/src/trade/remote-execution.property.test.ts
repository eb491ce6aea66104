import { describe, expect, it } from '@jest/globals'
import type { Output } from '@tapedeck/contracts'
import fc from 'fast-check'
import { openIntents } from './execution-decider-port.ts'
import { RemoteScenario, report } from './testing/remote.ts'
import { START, approved, clock, message } from './testing/scenario.ts'
import { TinyVenue } from './testing/tiny-venue.ts'

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('accept' as const), at: fc.nat(5) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fill' as const),
      at: fc.nat(5),
      lots: fc.integer({ min: 1, max: 120 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), at: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), at: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trigger' as const), at: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('refuse' as const),
      at: fc.nat(5),
      code: fc.constantFrom('-2021', '-2022', '-2019'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      at: fc.nat(5),
      how: fc.constantFrom('canceled' as const, 'expired' as const),
      counted: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('reduce' as const),
      lots: fc.integer({ min: 1, max: 120 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('tell' as const), at: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('again' as const), at: fc.nat(50) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.integer({ min: 1, max: 3_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flatten' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A trade on a venue that does as it is told, with news in any order, and what has to hold all the time. */
class Session {
  readonly execution = RemoteScenario.live()
  readonly venue = new TinyVenue()
  /** What must never be: exits beyond the position, positions without a stop beyond the bound. */
  readonly broken: string[] = []
  #at = START + 100
  #told = 0
  #nakedSince: number | null = null
  #open = 0
  #leaving = false
  #approvals = 0

  #heed(outputs: readonly Output[]): void {
    this.venue.hear(outputs)
    for (const one of outputs) {
      if (one.type === 'execution.position.changed') {
        const { side, protected: held, quantity } = one.payload
        const before = this.#open
        this.#open = side === 'FLAT' ? 0 : Number(quantity)
        // What was added has the bound to itself: the rest may be covered already.
        if (this.#open > before) this.#nakedSince = null
        const naked = side !== 'FLAT' && !held && !this.#leaving
        this.#nakedSince = naked ? (this.#nakedSince ?? this.#at) : null
      } else if (one.type === 'execution.order.submitted') {
        const { role, reduce_only: reduces, quantity } = one.payload.order
        if (reduces && Number(quantity) > this.#open) this.broken.push(`${role} of ${quantity}`)
        if (role === 'EXIT') this.#leave()
      } else if (one.type === 'execution.order.partially_filled') {
        if (one.payload.order.reduce_only) this.#leave()
      } else if (one.type === 'execution.trade.started') this.#leaving = false
    }
  }

  /** An exit is under way: whether it comes to an end is the venue's. */
  #leave(): void {
    this.#leaving = true
    this.#nakedSince = null
  }

  approve(): void {
    this.#approvals += 1
    this.#heed(this.execution.play(approved(this.#at, { id: `a${this.#approvals}` })))
  }

  flatten(): void {
    const asked = { account: 'paper', at: this.#at, reason: 'enough' }
    this.#heed(this.execution.play(message('risk.flatten.requested', this.#at, asked)))
  }

  wait(ms: number): void {
    this.#at += ms
    this.#heed(this.execution.play(clock(this.#at)))
    if (this.#nakedSince !== null && this.#at - this.#nakedSince >= 3_000)
      this.broken.push(`unprotected at ${this.#at}`)
  }

  tell(index: number): void {
    const news = this.venue.news.at(index)
    if (news !== undefined) this.#heed(this.execution.play(report(this.#at, news)))
  }

  #waiting: number[] = []
  tellAnyOf(index: number): void {
    for (; this.#told < this.venue.news.length; this.#told++) this.#waiting.push(this.#told)
    if (this.#waiting.length === 0) return
    const [next] = this.#waiting.splice(index % this.#waiting.length, 1)
    this.tell(next!)
  }

  tellAll(): void {
    do this.tellAnyOf(0)
    while (this.#waiting.length > 0 || this.#told < this.venue.news.length)
  }

  play(one: Step): void {
    const { venue } = this
    const open = venue.open
    const held = 'at' in one ? open[one.at % Math.max(1, open.length)] : undefined
    if (one.do === 'tell') this.tellAnyOf(one.at)
    else if (one.do === 'again') {
      if (one.at < this.#told && !this.#waiting.includes(one.at)) this.tell(one.at)
    } else if (one.do === 'wait') this.wait(one.ms)
    else if (one.do === 'restart') this.execution.restart()
    else if (one.do === 'flatten') this.flatten()
    else if (one.do === 'reduce') venue.reduce(one.lots)
    else if (held === undefined) this.approve()
    else if (one.do === 'fill') venue.fill(held, one.lots)
    else if (one.do === 'refuse') venue.refuse(held, one.code)
    else if (one.do === 'end') venue.end(held, one.how, one.counted)
    else venue[one.do](held)
  }

  /** From here on the venue does all that is asked of it. */
  finish(): void {
    for (let i = 0; i < 60; i++) {
      this.tellAll()
      this.flatten()
      for (const held of this.venue.open) {
        if (held.order.role !== 'EXIT') this.venue.accept(held)
        else if (this.venue.position === 0) this.venue.refuse(held, '-2022')
        else {
          this.venue.fill(held, held.lots)
          this.venue.end(held, 'expired', true)
        }
      }
      this.tellAll()
      this.wait(1_000)
    }
  }
}

const filledOnTape = (outputs: readonly Output[]): Map<string, number> => {
  const lots = new Map<string, number>()
  for (const one of outputs) {
    if (one.type !== 'execution.order.filled' && one.type !== 'execution.order.partially_filled')
      continue
    const { fill } = one.payload
    const id = fill?.fill_id.replaceAll('-rest', '') ?? 'none'
    lots.set(id, (lots.get(id) ?? 0) + Math.round(Number(fill?.last_quantity) * 1000))
  }
  return lots
}

/** Exits told before the entry that they close, and the venue's own closing in between. */
const EXITS_FIRST: Step[] = [
  { do: 'fill', at: 0, lots: 14 },
  { do: 'tell', at: 0 },
  { do: 'fill', at: 0, lots: 2 },
  { do: 'end', at: 0, how: 'canceled', counted: true },
  { do: 'refuse', at: 0, code: '-2021' },
  { do: 'tell', at: 1 },
  { do: 'tell', at: 1 },
  { do: 'fill', at: 0, lots: 2 },
  { do: 'reduce', lots: 13 },
  { do: 'tell', at: 7 },
  { do: 'tell', at: 1 },
  { do: 'wait', ms: 1 },
  { do: 'tell', at: 7 },
  { do: 'reduce', lots: 1 },
  { do: 'tell', at: 1 },
  { do: 'fill', at: 0, lots: 1 },
]

describe('execution on a live venue', () => {
  it('books every fill once, ends flat with the venue, and leaves nothing unprotected', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const session = new Session()
        session.approve()
        for (const one of steps) session.play(one)
        session.finish()
        const { execution, venue } = session
        expect(session.broken).toEqual([])
        expect(venue.position).toBe(0)
        expect(openIntents(execution.decider)).toEqual([])
        const onTape = filledOnTape(execution.outputs)
        expect(onTape).toEqual(new Map(venue.fills.map(({ id, lots }) => [id, lots])))
        const wallet = execution.outputs.findLast(
          ({ type }) => type === 'execution.account.updated',
        ) as Output & { payload: { wallet_balance: string; open_positions: number } }
        expect(wallet.payload.open_positions).toBe(0)
        expect(Number(wallet.payload.wallet_balance)).toBeCloseTo(
          5_000 - 0.01 * venue.fills.length,
          9,
        )
        const wrong = execution.decider.takeProblems().filter((one) => /may not|is over/.test(one))
        expect(wrong).toEqual([])
      }),
      { numRuns: 1_000, examples: [[EXITS_FIRST]] },
    )
  })
})
