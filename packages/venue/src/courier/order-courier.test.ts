import { describe, expect, it } from '@jest/globals'
import { VenueReported } from '@tapedeck/contracts'
import { Carriage, SYMBOL, cancel, order, requestOf, submit } from './carriage.fixture.ts'
import type { Fate } from './model-venue.fixture.ts'

const started = (): Carriage => {
  const carriage = new Carriage()
  carriage.courier.start([])
  return carriage
}

/** Entries wait for the account to be prepared. */
const waiting = (): Carriage => {
  const carriage = new Carriage({ entriesWait: true })
  carriage.courier.start([])
  return carriage
}

/** The nth call of one method meets this, all others are fine. */
const only =
  (method: string, fates: readonly Fate[]) =>
  (called: string, nth: number): Fate =>
    called === method ? (fates[nth] ?? 'ok') : 'ok'

type Row = readonly [
  what: string,
  act: (carriage: Carriage) => Promise<void> | void,
  expected: readonly string[],
]

const ANSWERS: readonly Row[] = [
  [
    'accepted, whether the stream or the answer tells first',
    async (c) => {
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
    },
    ['a accepted'],
  ],
  [
    'refused for good',
    async (c) => {
      c.venue.fate = only('submit', [{ code: '-2019' }])
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
    },
    ['a rejected (refused with -2019)'],
  ],
  [
    'refused for now',
    async (c) => {
      c.venue.fate = only('submit', [{ code: '-1015', retry: true }])
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
    },
    ['a rejected may resend (refused with -1015)'],
  ],
  [
    'placed, and the answer lost: found by its id',
    async (c) => {
      c.venue.tells = false
      c.venue.fate = only('submit', ['after'])
      c.courier.carry(submit('a'))
      await c.clock.pass(1_000)
    },
    ['a unknown (the answer was lost)', 'a accepted'],
  ],
  [
    'an answer that says nothing takes nothing away from what the stream told',
    async (c) => {
      c.venue.fate = only('submit', ['after'])
      c.courier.carry(submit('a'))
      await c.clock.pass(1_000)
    },
    ['a accepted'],
  ],
  [
    'an answer lost, and a fill that only the list of fills tells',
    async (c) => {
      c.venue.tells = false
      c.venue.fate = only('submit', ['after'])
      c.courier.carry(submit('a'))
      await c.clock.pass(20)
      c.venue.fill('a', 10, false)
      await c.clock.pass(3_000)
    },
    ['a unknown (the answer was lost)', 'a filled 10@100'],
  ],
  [
    'not at the venue, once it cannot arrive any more',
    async (c) => {
      c.venue.fate = only('submit', ['before'])
      c.courier.carry(submit('a'))
      await c.clock.pass(30_000)
    },
    ['a unknown (no answer)', 'a rejected may resend (not at the venue)'],
  ],
  [
    'a request that arrives late, just before it would be too late',
    async (c) => {
      c.venue.fate = only('submit', ['before'])
      c.venue.lateMs = 4_990
      c.venue.tells = false
      c.courier.carry(submit('a'))
      await c.clock.pass(30_000)
    },
    ['a unknown (no answer)', 'a accepted'],
  ],
  [
    'an id that is open already is the first attempt',
    async (c) => {
      c.venue.tells = false
      c.venue.fate = only('submit', ['ok', { code: '-4116' }])
      void c.venue.submitOrder(requestOf(submit('a').order))
      c.courier.carry(submit('a'))
      await c.clock.pass(1_000)
    },
    ['a accepted'],
  ],
]

const CANCELS: readonly Row[] = [
  [
    'canceled while it waits: never sent',
    async (c) => {
      for (const id of ['x', 'y', 'a']) c.courier.carry(submit(id))
      c.courier.carry(cancel('a'))
      await c.clock.pass(100)
    },
    ['a canceled (canceled before it was sent)', 'x accepted', 'y accepted'],
  ],
  [
    'canceled while it is being sent: canceled once it is there',
    async (c) => {
      c.courier.carry(submit('a'))
      c.courier.carry(cancel('a'))
      await c.clock.pass(1_000)
    },
    ['a accepted', 'a canceled'],
  ],
  [
    'canceled without the stream: by a look, with what had filled before',
    async (c) => {
      c.venue.tells = false
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
      c.venue.fill('a', 4, false)
      c.courier.carry(cancel('a'))
      await c.clock.pass(3_000)
    },
    ['a accepted', 'a filled 4@100', 'a canceled'],
  ],
  [
    'gone, because it filled',
    async (c) => {
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
      c.venue.fill('a', 10, false)
      c.courier.carry(cancel('a'))
      await c.clock.pass(1_000)
    },
    ['a accepted', 'a filled 10@100'],
  ],
  [
    'a cancel that is lost is asked again once the order is seen to be open',
    async (c) => {
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
      c.venue.fate = only('cancel', ['before', 'before'])
      c.courier.carry(cancel('a'))
      await c.clock.pass(20_000)
    },
    ['a accepted', 'a canceled'],
  ],
  [
    'a cancel that is refused is asked again',
    async (c) => {
      c.courier.carry(submit('a', 'STOP'))
      await c.clock.pass(100)
      c.venue.fate = only('cancel', [{ code: '-1003' }])
      c.courier.carry(cancel('a', 'STOP'))
      await c.clock.pass(20_000)
    },
    ['a accepted', 'a canceled'],
  ],
  [
    'a cancel of what is stuck is refused, and asked again when execution says so',
    async (c) => {
      c.courier.carry(submit('a', 'STOP'))
      await c.clock.pass(100)
      c.venue.stuck.add('a')
      c.courier.carry(cancel('a', 'STOP'))
      await c.clock.pass(20_000)
      c.venue.stuck.clear()
      c.courier.carry(cancel('a', 'STOP'))
      await c.clock.pass(100)
    },
    [
      'a accepted',
      'a triggering',
      'a cancel_rejected (the venue lists it as open and does not cancel it)',
      'a canceled',
    ],
  ],
  [
    'a cancel of an order whose outcome is not known',
    async (c) => {
      c.venue.tells = false
      c.venue.fate = only('submit', ['after'])
      c.courier.carry(submit('a'))
      c.courier.carry(cancel('a'))
      await c.clock.pass(5_000)
    },
    ['a unknown (the answer was lost)', 'a accepted', 'a canceled'],
  ],
  [
    'a conditional order is over by the answer alone',
    async (c) => {
      c.courier.carry(submit('a', 'STOP'))
      await c.clock.pass(100)
      c.venue.tells = false
      c.courier.carry(cancel('a', 'STOP'))
      await c.clock.pass(20)
    },
    ['a accepted', 'a canceled'],
  ],
]

const STREAM: readonly Row[] = [
  [
    'fills as they come, each once',
    async (c) => {
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
      const fill = c.venue.fill('a', 3)
      c.venue.tell('a', 'filled', fill)
      c.venue.fill('a', 7)
      await c.clock.pass(100)
    },
    ['a accepted', 'a filled 3@100', 'a filled 7@100'],
  ],
  [
    'a late NEW after the order filled changes nothing',
    async (c) => {
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
      c.venue.fill('a', 10)
      c.venue.tell('a', 'accepted')
      await c.clock.pass(100)
    },
    ['a accepted', 'a filled 10@100'],
  ],
  [
    'a fill that was not told, seen by the count of the next',
    async (c) => {
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
      c.venue.fill('a', 3, false)
      c.venue.fill('a', 2)
      await c.clock.pass(2_000)
    },
    ['a accepted', 'a filled 2@100', 'a filled 3@100'],
  ],
  [
    'an end waits for the fills that it counts',
    async (c) => {
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
      c.venue.fill('a', 3, false)
      c.venue.end('a', 'EXPIRED')
      await c.clock.pass(3_000)
    },
    ['a accepted', 'a filled 3@100', 'a expired'],
  ],
  [
    'the venue makes an exit as small as what is held: the rest of it has ended',
    async (c) => {
      c.courier.carry(submit('x', 'EXIT'))
      await c.clock.pass(100)
      c.venue.fill('x', 4)
      c.venue.orders.get('x')!.status = 'FILLED'
      await c.clock.pass(3_000)
    },
    ['x accepted', 'x filled 4@100', 'x expired (the venue made it as small as what is held)'],
  ],
  [
    'an order that fills without a word is found by the sweep',
    async (c) => {
      c.courier.carry(submit('a'))
      await c.clock.pass(100)
      c.venue.fill('a', 10, false)
      await c.clock.pass(8_000)
    },
    ['a accepted', 'a filled 10@100'],
  ],
  [
    'what happens while the stream is away is asked for when it is back',
    async (c) => {
      c.courier.carry(submit('a'))
      c.courier.carry(submit('s', 'STOP'))
      await c.clock.pass(100)
      c.venue.turnStream(false)
      c.venue.fill('a', 10, false)
      c.venue.pay(SYMBOL, '-0.25', true)
      c.venue.turnStream(true)
      await c.clock.pass(500)
    },
    ['a accepted', 's accepted', 'a filled 10@100', '- funding -0.25'],
  ],
  [
    'what is not answered when the stream is back is asked for again',
    async (c) => {
      await c.clock.pass(100)
      c.venue.turnStream(false)
      c.venue.pay(SYMBOL, '-0.25', true)
      c.venue.fate = only('funding', ['ok', 'before', 'before'])
      c.venue.turnStream(true)
      await c.clock.pass(10_000)
    },
    ['- funding -0.25'],
  ],
  [
    'funding told by the stream and the list is one payment',
    async (c) => {
      c.venue.pay(SYMBOL, '-0.25', true)
      await c.clock.pass(100)
      c.venue.turnStream(true)
      await c.clock.pass(100)
    },
    ['- funding -0.25'],
  ],
  [
    'a fill of the venue’s own order that the stream lost, while an order of ours is in hand',
    async (c) => {
      c.courier.carry(submit('s', 'STOP'))
      void c.venue.submitOrder(requestOf(order('adl_autoclose-1')))
      await c.clock.pass(100)
      c.venue.fill('adl_autoclose-1', 10, false)
      await c.clock.pass(20_000)
    },
    ['s accepted', 'adl_autoclose-1 filled 10@100'],
  ],
  [
    'funding that the stream lost is asked for after the hour, while an order is in hand',
    async (c) => {
      c.courier.carry(submit('s', 'STOP'))
      await c.clock.pass(3_600_000 - 1_000_000 - 20)
      c.venue.pay(SYMBOL, '-0.25', false)
      await c.clock.pass(60_000)
    },
    ['s accepted', '- funding -0.25'],
  ],
  [
    'a change of balance by an unknown cause is looked into',
    async (c) => {
      await c.clock.pass(100)
      c.venue.pay(SYMBOL, '-0.25', false)
      c.venue.payUnknown()
      await c.clock.pass(5_000)
    },
    ['- funding -0.25'],
  ],
  [
    'an event that nobody knows is looked into',
    async (c) => {
      await c.clock.pass(100)
      c.venue.pay(SYMBOL, '-0.25', false)
      c.venue.tellUnknown()
      await c.clock.pass(5_000)
    },
    ['- funding -0.25'],
  ],
  [
    'a stop whose market order is found open has triggered',
    async (c) => {
      c.courier.carry(submit('s', 'STOP'))
      await c.clock.pass(100)
      c.venue.triggered.add('s')
      await c.clock.pass(5_000)
    },
    ['s accepted', 's triggering'],
  ],
  [
    'steps of a conditional order',
    async (c) => {
      c.courier.carry(submit('s', 'STOP'))
      await c.clock.pass(100)
      for (const step of ['triggering', 'triggered'] as const) c.venue.tell('s', step)
      c.venue.fill('s', 10)
      await c.clock.pass(100)
    },
    ['s accepted', 's triggering', 's triggered', 's filled 10@100'],
  ],
  [
    'a conditional order that triggers without a word is seen by the sweep',
    async (c) => {
      c.courier.carry(submit('s', 'STOP'))
      await c.clock.pass(100)
      c.venue.stuck.add('s')
      await c.clock.pass(20_000)
    },
    ['s accepted', 's triggering'],
  ],
  [
    'a fill of an order that is not ours is told as well',
    async (c) => {
      c.venue.tells = false
      void c.venue.submitOrder(requestOf(order('autoclose-1')))
      await c.clock.pass(100)
      c.venue.fill('autoclose-1', 10)
      await c.clock.pass(100)
    },
    ['autoclose-1 filled 10@100'],
  ],
]

const play = async ([, act]: Row): Promise<Carriage> => {
  const carriage = started()
  const done = act(carriage)
  await carriage.clock.pass(20)
  await done
  return carriage
}

describe('OrderCourier', () => {
  it.each(ANSWERS)('answers: %s', async (...row) => {
    const carriage = await play(row)
    expect(carriage.told).toEqual(row[2])
  })

  it.each(CANCELS)('cancels: %s', async (...row) => {
    expect((await play(row)).told).toEqual(row[2])
  })

  it.each(STREAM)('stream: %s', async (...row) => {
    expect((await play(row)).told).toEqual(row[2])
  })

  it('makes reports that the schema takes, with ids of their content', async () => {
    const ids = await Promise.all(
      [0, 1].map(async () => {
        const carriage = started()
        carriage.courier.carry(submit('a'))
        await carriage.clock.pass(100)
        carriage.venue.fill('a', 10)
        carriage.venue.pay(SYMBOL, '0.1', true)
        await carriage.clock.pass(100)
        for (const report of carriage.reports) VenueReported.parse(report)
        return carriage.reports.map(({ report_id: id }) => id)
      }),
    )
    expect(ids[0]).toEqual(ids[1])
    expect(new Set(ids[0]).size).toBe(3)
  })

  it.each([
    ['the venue is minutes ahead', 180_000],
    ['the venue is minutes behind', -180_000],
  ])('counts absence by the venue clock: %s', async (_, ahead) => {
    const carriage = new Carriage()
    carriage.venue.aheadMs = ahead
    carriage.courier.start([])
    carriage.venue.fate = only('submit', ['before'])
    carriage.courier.carry(submit('a'))
    await carriage.clock.pass(5_400)
    expect(carriage.told).toEqual(['a unknown (no answer)'])
    await carriage.clock.pass(10_000)
    expect(carriage.told.at(-1)).toBe('a rejected may resend (not at the venue)')
  })

  it.each([0, 700, 1_400, 2_100, 2_800])(
    'misses a stop whose end nobody told within 3 s, whenever that is: after %i ms',
    async (afterMs) => {
      const carriage = started()
      carriage.courier.carry(submit('a', 'STOP'))
      await carriage.clock.pass(100 + afterMs)
      carriage.venue.end('a', 'REJECTED', false)
      await carriage.clock.pass(2_600)
      expect(carriage.told).toEqual(['a accepted', 'a rejected'])
    },
  )

  it('says how long a limit keeps an order from being sent', async () => {
    const carriage = started()
    carriage.venue.fate = only('submit', [{ code: 'NOT_SENT', retry: true, retryInMs: 84_210 }])
    carriage.courier.carry(submit('a', 'EXIT'))
    carriage.courier.carry(submit('b', 'EXIT'))
    await carriage.clock.pass(100)
    expect(carriage.reports).toMatchObject([
      { client_order_id: 'a', report: 'rejected', may_resend: true, retry_in_ms: 84_210 },
      { client_order_id: 'b', report: 'accepted', retry_in_ms: null },
    ])
  })

  it('does not believe one look', async () => {
    const carriage = started()
    carriage.venue.tells = false
    carriage.venue.fate = (method, nth) => (method === 'submit' && nth === 0 ? 'after' : 'ok')
    carriage.courier.carry(submit('a'))
    await carriage.clock.pass(15)
    const held = carriage.venue.orders.get('a')!
    carriage.venue.orders.delete('a')
    await carriage.clock.pass(5_850)
    carriage.venue.orders.set('a', held)
    await carriage.clock.pass(10_000)
    expect(carriage.told).toEqual(['a unknown (the answer was lost)', 'a accepted'])
  })
})

describe('OrderCourier, under load and over restarts', () => {
  it('sends exits before entries, and never lets entries take every lane', async () => {
    const carriage = started()
    carriage.venue.latencyMs = 1_000
    for (const id of ['e1', 'e2', 'e3']) carriage.courier.carry(submit(id))
    for (const id of ['x1', 'x2', 'x3'])
      carriage.courier.carry(submit(id, id === 'x2' ? 'STOP' : 'EXIT'))
    await carriage.clock.pass(10)
    const exits = ['submit x1', 'submit x2', 'submit x3']
    expect(carriage.asked('submit')).toEqual(['submit e1', 'submit e2', ...exits])
    await carriage.clock.pass(1_000)
    expect(carriage.asked('submit').slice(5)).toEqual(['submit e3'])
  })

  it('lets no exit wait behind requests that nobody answers', async () => {
    const carriage = started()
    carriage.venue.latencyMs = 8_000
    for (let id = 0; id < 4; id++) carriage.courier.carry(submit(`t${id}`, 'TARGET'))
    for (let id = 0; id < 6; id++) carriage.courier.carry(submit(`s${id}`, 'STOP'))
    carriage.courier.carry(submit('x', 'EXIT'))
    await carriage.clock.pass(10)
    expect(carriage.asked('submit').at(-1)).toBe('submit x')
    expect(carriage.asked('submit')).toHaveLength(11)
  })

  it('asks about everything that is open by the tape before it does anything', async () => {
    const carriage = new Carriage()
    carriage.venue.tells = false
    carriage.courier.start([])
    for (const id of ['sent', 'open', 'leaving']) carriage.courier.carry(submit(id))
    await carriage.clock.pass(100)
    await carriage.courier.stop()
    carriage.reports.length = 0
    carriage.venue.calls.length = 0
    carriage.restart(
      order('sent'),
      order('open', 'ENTRY', { status: 'ACCEPTED', venue_order_id: '2' }),
      order('leaving', 'ENTRY', { status: 'PENDING_CANCEL', venue_order_id: '3' }),
      order('lost', 'STOP'),
    )
    await carriage.clock.pass(20_000)
    expect(carriage.asked('submit')).toEqual([])
    expect(carriage.venue.calls.slice(0, 4)).toEqual(
      ['sent', 'open', 'leaving', 'lost'].map((id) => `find ${id}`),
    )
    expect(carriage.told.toSorted()).toEqual([
      'leaving accepted',
      'leaving canceled',
      'lost rejected may resend (not at the venue)',
      'lost unknown (restarted)',
      'sent accepted',
      'sent unknown (restarted)',
    ])
    expect(carriage.courier.inHand).toBe(2)
  })

  it('never takes an id twice', async () => {
    const carriage = started()
    carriage.courier.carry(submit('a'))
    carriage.courier.carry(submit('a'))
    await carriage.clock.pass(100)
    carriage.venue.fill('a', 10)
    carriage.courier.carry(submit('a'))
    await carriage.clock.pass(5_000)
    expect(carriage.asked('submit')).toEqual(['submit a'])
  })

  it('tells again how an order ended that execution believes to be left over', async () => {
    const carriage = started()
    carriage.courier.carry(submit('a'))
    await carriage.clock.pass(100)
    carriage.venue.end('a', 'EXPIRED')
    carriage.courier.carry(cancel('a'))
    await carriage.clock.pass(5_000)
    expect(carriage.told).toEqual(['a accepted', 'a expired', 'a expired'])
    expect(new Set(carriage.reports.map(({ report_id: id }) => id)).size).toBe(3)
    expect(carriage.asked('cancel')).toEqual([])
  })

  it('tries a report again until it is taken, and keeps the order', async () => {
    let failures = 3
    const taken: string[] = []
    const carriage = new Carriage({
      report: ({ report }) => {
        if (failures-- > 0) return Promise.reject(new Error('no database'))
        taken.push(report)
        return Promise.resolve()
      },
    })
    carriage.courier.start([])
    carriage.courier.carry(submit('a'))
    await carriage.clock.pass(100)
    carriage.venue.fill('a', 10)
    await carriage.clock.pass(10_000)
    expect(taken).toEqual(['accepted', 'filled'])
  })

  it('reports what was under way before it stops, and asks nothing afterwards', async () => {
    const carriage = started()
    await carriage.clock.pass(100)
    carriage.venue.latencyMs = 500
    carriage.courier.carry(submit('a'))
    const stopped = carriage.courier.stop()
    await carriage.clock.pass(1_000)
    await stopped
    expect(carriage.told).toEqual(['a accepted'])
    const asked = carriage.venue.calls.length
    carriage.courier.carry(submit('b'))
    await carriage.clock.pass(60_000)
    expect(carriage.venue.calls).toHaveLength(asked)
    expect(carriage.clock.timers).toBe(0)
  })

  it('rests when nothing is in hand', async () => {
    const carriage = started()
    carriage.courier.carry(submit('a'))
    await carriage.clock.pass(100)
    carriage.venue.fill('a', 10)
    await carriage.clock.pass(10_000)
    const asked = carriage.venue.calls.length
    await carriage.clock.pass(600_000)
    expect(carriage.venue.calls).toHaveLength(asked)
  })
})

it('asks about events that nobody knows twice a minute at most, and once after the last', async () => {
  const { venue, clock } = started()
  await clock.pass(5_000)
  venue.calls.length = 0
  for (let i = 0; i < 120; i++) {
    venue.tellUnknown()
    await clock.pass(500)
  }
  expect(venue.calls.filter((call) => call === 'funding').length).toBeLessThanOrEqual(3)
  venue.pay(SYMBOL, '-0.25', false)
  venue.tellUnknown()
  venue.calls.length = 0
  await clock.pass(60_000)
  expect(venue.calls.filter((call) => call === 'funding')).toHaveLength(1)
})

describe('while the account is not prepared', () => {
  it('entries wait, what protects and closes does not', async () => {
    const carriage = waiting()
    for (const role of ['ENTRY', 'STOP', 'TARGET', 'EXIT'] as const)
      carriage.courier.carry(submit(role.toLowerCase(), role))
    await carriage.clock.pass(30_000)
    expect(carriage.told).toEqual(['stop accepted', 'target accepted', 'exit accepted'])
    carriage.courier.admitEntries()
    await carriage.clock.pass(100)
    expect(carriage.told.at(-1)).toBe('entry accepted')
    carriage.courier.carry(submit('next'))
    await carriage.clock.pass(100)
    expect(carriage.told.at(-1)).toBe('next accepted')
  })

  it('an entry that is canceled meanwhile is never sent', async () => {
    const carriage = waiting()
    carriage.courier.carry(submit('a'))
    carriage.courier.carry(cancel('a'))
    await carriage.clock.pass(100)
    carriage.courier.admitEntries()
    await carriage.clock.pass(10_000)
    expect(carriage.told).toEqual(['a canceled (canceled before it was sent)'])
    expect(carriage.venue.calls.filter((call) => call.startsWith('submit'))).toEqual([])
  })
})
