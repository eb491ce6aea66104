import { describe, expect, it } from '@jest/globals'
import type { Output } from '@tapedeck/contracts'
import { hastenExit, slowExits } from './exit-pace.ts'
import { RemoteScenario, fillOf, report, seenWallet } from './testing/remote.ts'
import { START, approved, clock, last } from './testing/scenario.ts'
import type { TradeRecord } from './trade-record.ts'

const T = START
const DAY = 86_400_000

type Refused = {
  readonly code?: string
  readonly reason: string
  readonly may_resend: boolean
  readonly retry_in_ms?: number
}
const LIMITED: Refused = { code: '-1003', reason: 'too many requests', may_resend: true }
const DENIED: Refused = { code: '-4140', reason: 'invalid symbol status', may_resend: false }

/** By our own limiter: the venue never had it. */
const UNSENT: Refused = { code: 'NOT_SENT', reason: 'the limits allow it in 9 s', may_resend: true }
const BUSY: Refused = { code: 'HTTP 503', reason: 'internal error', may_resend: true }

const trade = (): TradeRecord => ({ exitRetryAt: null }) as TradeRecord

/** A long whose stop is gone and whose exit is on its way. */
const leaving = (): RemoteScenario => {
  const one = RemoteScenario.live()
  one.play(approved(T + 100))
  one.tell(T + 200, 'ENTRY', { report: 'filled', side: 'BUY', fill: fillOf('1', '0.1', '50000') })
  one.tell(T + 300, 'STOP', { report: 'accepted' })
  one.tell(T + 300, 'TARGET', { report: 'accepted' })
  one.tell(T + 900, 'STOP', { report: 'expired' })
  return one
}

const sizeOf = (one: RemoteScenario): number => JSON.stringify(one.decider.snapshot()).length
const tradeOf = (one: RemoteScenario): TradeRecord => {
  const { desks } = one.decider.snapshot() as unknown as {
    desks: [string, { keeper: { trade: TradeRecord } }][]
  }
  return desks[0]![1].keeper.trade
}

/** Every exit is refused 40 ms after it was sent, until then. Returns when each was sent, from the first. */
const refuseUntil = (
  one: RemoteScenario,
  until: number,
  how: Refused,
  step = 1_000,
  sizes: number[] = [],
) => {
  const sent: number[] = []
  let known = one.sentAll('EXIT').length - 1
  for (let at = T + 1_000; at < until; at += step) {
    one.play(clock(at))
    if (one.sentAll('EXIT').length > known) {
      known = one.sentAll('EXIT').length
      sent.push(at)
      one.tell(at + 40, 'EXIT', { report: 'rejected', ...how })
    }
    if (at % 3_600_000 < step) sizes.push(sizeOf(one))
    // What it said is on the tape; a test need not keep a day of it.
    if (one.outputs.length > 400) {
      const kept = one.outputs.length
      const exits = one.sentAll('EXIT').length
      one.outputs.splice(40, kept - 100)
      known -= exits - one.sentAll('EXIT').length
    }
  }
  return sent
}
const gaps = (times: readonly number[]): number[] => times.slice(1).map((at, i) => at - times[i]!)

describe('exits that a live venue does not carry out', () => {
  it('held back: are sent after 1 s, 2 s, 4 s ... and every 30 s in the end', () => {
    const sent = refuseUntil(leaving(), T + 200_000, LIMITED)
    expect(gaps(sent).slice(0, 8)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ])
  })

  it('not sent: are tried every two seconds for a little more than a minute, as long as a limit lasts', () => {
    const sent = gaps(refuseUntil(leaving(), T + 300_000, UNSENT))
    expect(sent.slice(0, 40)).toEqual([1_000, ...Array.from({ length: 39 }, () => 2_000)])
    expect(sent.slice(40, 46)).toEqual([4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  it.each([61_000, 100_000, 130_500, 200_000, 259_200_000])(
    'not sent by a limit that is over in %i ms: the next goes out then, and none before more often',
    (lastsMs) => {
      const one = leaving()
      const end = T + 1_000 + lastsMs
      let at = T + 1_000
      let sent = one.sentAll('EXIT').length
      let refused = 0
      const refuse = (): Output[] =>
        one.tell(at, 'EXIT', { report: 'rejected', ...UNSENT, retry_in_ms: end - at })
      for (refuse(); at < end; at += 250) {
        one.play(clock(at))
        if (one.sentAll('EXIT').length === sent) continue
        sent = one.sentAll('EXIT').length
        refused += 1
        refuse()
        if (refused === 60) at = end - 20_000
      }
      expect(refused).toBeLessThan(62)
      while (one.sentAll('EXIT').length === sent) one.play(clock((at += 250)))
      expect(at - end).toBeLessThan(2_000)
    },
  )

  it('denied: are tried soon ten times, then ever more slowly', () => {
    const sent = gaps(refuseUntil(leaving(), T + 900_000, DENIED))
    expect(sent.slice(0, 12)).toEqual([
      1_000, 2_000, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000, 5_000, 6_000,
    ])
    expect(sent.at(-1)).toBe(30_000)
  })

  it.each([
    ['held back', LIMITED],
    ['not sent', UNSENT],
    ['denied', DENIED],
  ] as const)('%s for a day: state does not grow, and the exit goes out once it may', (_, how) => {
    const one = leaving()
    const sizes: number[] = []
    const sent = refuseUntil(one, T + DAY, how, 5_000, sizes)
    expect(sent.length).toBeGreaterThan(2_500)
    expect(sent.length).toBeLessThan(3_000)
    expect(Math.max(...sizes.slice(1)) - Math.min(...sizes.slice(1))).toBeLessThan(200)
    expect(Math.max(...sizes)).toBeLessThan(24_000)
    expect(tradeOf(one).refusedExits).toMatchObject({
      count: sent.length,
      lastReason: `${how.code} ${how.reason}`,
    })
    expect(one.decider.takeProblems().length).toBeLessThan(15)
    one.restart()
    const before = one.sentAll('EXIT').length
    for (let at = T + DAY; one.sentAll('EXIT').length === before; at += 1_000) {
      expect(at).toBeLessThan(T + DAY + 31_000)
      one.play(clock(at))
    }
    const fill = fillOf('9', '0.1', '49000')
    one.tell(T + DAY + 32_000, 'EXIT', { report: 'filled', side: 'SELL', fill })
    one.tell(T + DAY + 32_100, 'TARGET', { report: 'canceled' })
    expect(last(one.outputs, 'execution.trade.closed')).toMatchObject({
      exit_reason: 'UNPROTECTED',
    })
  })

  it('lost on the way for a day: few are sent, none is forgotten, and the first that can is filled', () => {
    const one = leaving()
    for (let at = T + 1_000; at < T + DAY; at += 5_000) {
      const known = one.sentAll('EXIT').length
      one.play(clock(at))
      if (one.sentAll('EXIT').length > known) one.tell(at, 'EXIT', { report: 'unknown' })
      // News of other orders comes and goes.
      if (at % 3_600_000 < 5_000) one.tell(at, 'TARGET', { report: 'accepted' })
    }
    expect(one.sentAll('EXIT').length).toBeLessThan(9)
    expect(sizeOf(one)).toBeLessThan(24_000)
    // The line is back: none of them is there, nor can be any more.
    const lost = one.sentAll('EXIT')
    for (const id of lost)
      one.play(
        report(T + DAY, {
          report: 'rejected',
          may_resend: true,
          learned_by: 'query',
          client_order_id: id,
        }),
      )
    one.play(clock(T + DAY), clock(T + DAY + 1_000))
    expect(one.sentAll('EXIT').length).toBe(lost.length + 1)
  })

  it.each([
    ['a look that it answers', seenWallet(T + 101_000, '4999.9')],
    ['news of an order of ours', report(T + 101_000, { report: 'accepted' })],
    ['funding', report(T + 101_000, { report: 'funding', amount: '1' })],
  ])('held back: %s brings the next forward', (_, sign) => {
    const one = leaving()
    const sent = refuseUntil(one, T + 100_000, LIMITED)
    expect(sent.at(-1)! + 30_000).toBeGreaterThan(T + 102_000)
    const before = one.sentAll('EXIT').length
    one.play(sign)
    expect(one.sentAll('EXIT')).toHaveLength(before + 1)
  })

  it.each([
    ['nobody knows', report(T + 101_000, { report: 'unknown' })],
    ['another refusal', report(T + 101_000, { report: 'rejected', may_resend: true })],
  ])('held back: %s is no sign of life', (_, sign) => {
    const one = leaving()
    refuseUntil(one, T + 100_000, LIMITED)
    const before = one.sentAll('EXIT').length
    one.play(sign)
    expect(one.sentAll('EXIT')).toHaveLength(before)
  })

  it('held back by our own limiter: what the venue then answers begins a row of its own', () => {
    const one = leaving()
    refuseUntil(one, T + 40_000, UNSENT)
    one.play(seenWallet(T + 41_000, '4999.9'))
    one.tell(T + 41_100, 'EXIT', { report: 'rejected', ...BUSY })
    const before = one.sentAll('EXIT').length
    one.play(clock(T + 41_900))
    expect(one.sentAll('EXIT')).toHaveLength(before)
    one.play(clock(T + 42_000))
    expect(one.sentAll('EXIT')).toHaveLength(before + 1)
  })

  it('held back by limiter and venue in turn for an hour: few more of them than by one', () => {
    const one = leaving()
    let sent = 0
    for (let at = T + 1_000; at < T + DAY / 24; at += 1_000) {
      const before = one.sentAll('EXIT').length
      one.play(clock(at))
      if (one.sentAll('EXIT').length === before) continue
      one.tell(at + 40, 'EXIT', { report: 'rejected', ...(sent % 2 === 0 ? UNSENT : BUSY) })
      sent += 1
    }
    expect(sent).toBeLessThan(180)
  })

  it('a late fill of an exit that was forgotten is booked all the same', () => {
    const one = leaving()
    const first = one.sent('EXIT')
    refuseUntil(one, T + 2_000_000, LIMITED)
    const fill = fillOf('9', '0.1', '49000')
    one.play(
      report(T + 2_000_100, { report: 'filled', client_order_id: first, side: 'SELL', fill }),
    )
    expect(last(one.outputs, 'execution.position.changed')).toMatchObject({ side: 'FLAT' })
  })
})

describe('the pace', () => {
  it('is no faster than one in two seconds by what a limit promises, and only where nothing was sent', () => {
    const one = trade()
    const unsent = { reason: 'no', mayResend: true, code: 'NOT_SENT' }
    for (let i = 0; i < 60; i++) {
      one.exitRetryAt = null
      slowExits(one, unsent, 1_000)
    }
    expect(one.exitRetryAt).toBe(31_000)
    for (const [retryInMs, next] of [
      [12_345, 13_345],
      [5, 3_000],
      [90_000, 31_000],
    ] as const) {
      one.exitRetryAt = null
      slowExits(one, { ...unsent, retryInMs }, 1_000)
      expect(one.exitRetryAt).toBe(next)
    }
    one.exitRetryAt = null
    slowExits(one, { ...unsent, code: '-1015', retryInMs: 9_000 }, 1_000)
    expect(one.exitRetryAt).toBe(2_000)
  })

  it('begins anew after a sign of life, and is never faster than one a second', () => {
    const one = trade()
    for (let i = 0; i < 8; i++) {
      one.exitRetryAt = null
      slowExits(one, { reason: 'no', mayResend: true }, 1_000)
    }
    hastenExit(one, false, 1_200)
    expect(one).toMatchObject({ exitRetryAt: 2_000, refusedExits: { heldBack: 8, count: 8 } })
    hastenExit(one, true, 1_300)
    expect(one.refusedExits).toMatchObject({ heldBack: 0, count: 8 })
    slowExits(one, { reason: 'no', mayResend: true }, 5_000)
    expect(one.exitRetryAt).toBe(6_000)
  })

  it('takes several that were under way at once for one', () => {
    const one = trade()
    for (let i = 0; i < 5; i++) slowExits(one, { reason: 'no', mayResend: true }, 1_000 + i)
    expect(one).toMatchObject({ exitRetryAt: 2_000, refusedExits: { heldBack: 1, count: 5 } })
  })

  it('leaves what the venue itself refused at its own pace', () => {
    const one = trade()
    slowExits(one, { reason: 'no', mayResend: false }, 1_000)
    one.exitRetryAt = null
    slowExits(one, { reason: 'no', mayResend: false }, 2_000)
    hastenExit(one, true, 2_100)
    expect(one.exitRetryAt).toBe(4_000)
  })
})
