import { describe, expect, it } from '@jest/globals'
import type { OrderEvent } from '../../port/account-event.ts'
import { algoUpdate, fillUpdate, orderUpdate } from './account-messages.fixture.ts'
import { decodeAccountMessage } from './decode-account-message.ts'
import { OrderGuard } from './order-guard.ts'

type Fields = Record<string, unknown>

const decoded = (message: Fields): OrderEvent => {
  const result = decodeAccountMessage(message, 'binance-usdm')
  if (result.kind !== 'events') throw new Error(`no event: ${result.kind}`)
  return result.events[0] as OrderEvent
}

const NEW = orderUpdate()
const FILL_1 = fillUpdate(1, '0.004')
const FILL_2 = fillUpdate(2, '0.010')
const CANCELED = orderUpdate({ x: 'CANCELED', X: 'CANCELED', z: '0.004' })
const AMENDED = orderUpdate({ x: 'AMENDMENT', X: 'NEW', p: '60001' })
const ARMED = algoUpdate()
const TRIGGERING = algoUpdate({ X: 'TRIGGERING' })
const TRIGGERED = algoUpdate({ X: 'TRIGGERED', ai: '99' })
const ENDED = algoUpdate({ X: 'FINISHED', ai: '99', aq: '0.010' })
const CHILD = orderUpdate({ c: 'td-stop', i: 99, o: 'MARKET', ot: 'STOP_MARKET', S: 'SELL' })
const CHILD_FILL = fillUpdate(3, '0.010', { c: 'td-stop', i: 99, o: 'MARKET', S: 'SELL' })
const ARMED_AGAIN = algoUpdate({ aid: 2_148_720 })

describe('steps of an order', () => {
  it.each<[string, Fields[], string[]]>([
    ['in order', [NEW, AMENDED, FILL_1, FILL_2], ['accepted', 'amended', 'filled', 'filled']],
    ['a late NEW after a part', [FILL_1, NEW], ['filled']],
    ['a late NEW after the whole', [FILL_2, NEW], ['filled']],
    ['a late NEW after the end', [CANCELED, NEW], ['canceled']],
    ['NEW twice', [NEW, NEW], ['accepted']],
    ['an end twice', [CANCELED, CANCELED], ['canceled']],
    ['a cancel after the whole', [FILL_2, CANCELED], ['filled']],
    ['a fill twice', [FILL_1, FILL_1], ['filled']],
    ['a fill after the end', [CANCELED, FILL_1], ['canceled', 'filled']],
    ['an amendment after the end', [CANCELED, AMENDED], ['canceled']],
    ['amended twice', [NEW, AMENDED, AMENDED], ['accepted', 'amended', 'amended']],
    [
      'a stop in order',
      [ARMED, TRIGGERING, TRIGGERED, CHILD, CHILD_FILL, ENDED],
      ['accepted', 'triggering', 'triggered', 'accepted', 'filled', 'filled'],
    ],
    ['a stop twice armed (trailing)', [ARMED, ARMED], ['accepted']],
    ['TRIGGERING after TRIGGERED', [ARMED, TRIGGERED, TRIGGERING], ['accepted', 'triggered']],
    ['TRIGGERED after its order', [ARMED, CHILD, TRIGGERED], ['accepted', 'accepted', 'triggered']],
    ['TRIGGERED after its order filled', [CHILD_FILL, TRIGGERED, TRIGGERING, ARMED], ['filled']],
    ['an id used again by others', [ENDED, ARMED_AGAIN], ['filled', 'accepted']],
  ])('%s', (_name, messages, steps) => {
    const guard = new OrderGuard()
    const told = messages.flatMap((message) => guard.admit(decoded(message)) ?? [])
    expect(told.map(({ step }) => step)).toEqual(steps)
    expect(guard.dropped).toBe(messages.length - steps.length)
  })

  it('fills in the wrong order keep the higher count', () => {
    const guard = new OrderGuard()
    const told = [fillUpdate(2, '0.008'), FILL_1].map((one) => guard.admit(decoded(one)))
    expect(told.map((event) => event?.filledQuantity)).toEqual(['0.008', '0.008'])
  })

  it('forgets the orders of long ago, and stays small', () => {
    const guard = new OrderGuard()
    for (let i = 1; i <= 6000; i++) guard.admit(decoded(orderUpdate({ i, c: `c${i}` })))
    expect(guard.admit(decoded(orderUpdate({ i: 6000, c: 'c6000' })))).toBeNull()
    expect(guard.admit(decoded(orderUpdate({ i: 1, c: 'c1' })))).not.toBeNull()
  })
})
