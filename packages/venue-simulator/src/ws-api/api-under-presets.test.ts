import { describe, expect, it } from '@jest/globals'
import { FAULT_PRESETS, presetPlan } from '../faults/index.ts'
import { KEYS, START, stillVenue } from '../venue/testing/still-market.ts'
import { ApiClient, hmacSigner } from './api-client.fixture.ts'

const STEPS = 200
const STEP_MS = 2_000
const LIMIT = {
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.01',
  price: '59000',
}

type Answer = { id?: unknown; status?: number; result?: { clientOrderId?: string } }
const parsed = (text: string): Answer | null => {
  try {
    return JSON.parse(text) as Answer
  } catch {
    return null
  }
}

/** Ten minutes of a client that places and cancels, and dials again when its connection is over. */
const play = (preset: string, seed: number) => {
  const { venue } = stillVenue({ faultPlan: presetPlan(preset, seed) })
  const given = { apiKey: KEYS.apiKey, signer: hmacSigner(KEYS.secret) }
  let api = new ApiClient(venue, given)
  const story: string[] = []
  for (let step = 0; step < STEPS; step++) {
    const isOver = api.signs.some((sign) => sign !== 'ping')
    if (isOver && venue.refusesConnection('/ws-fapi/v1', '', '10.0.0.1') === null) {
      story.push(...api.heard, ...api.signs)
      api = new ApiClient(venue, given)
    }
    for (const sign of api.signs) if (sign === 'ping') api.connection.pong()
    const origClientOrderId = `order-${step - 1}`
    const place = { ...LIMIT, newClientOrderId: `order-${step}` }
    api.say({ id: step, method: 'order.place', params: api.signed(place) })
    api.say({
      id: `cancel ${step}`,
      method: 'order.cancel',
      params: api.signed({ symbol: 'BTCUSDT', origClientOrderId }),
    })
    venue.advanceTo(venue.time + STEP_MS)
  }
  story.push(...api.heard, ...api.signs)
  return { venue, story }
}

describe.each(FAULT_PRESETS.map(({ name }) => [name]))('the WebSocket API under %s', (preset) => {
  it('answers no request twice, and nothing that did not happen', () => {
    const { venue, story } = play(preset, 7)
    const answers = story.flatMap((text) => parsed(text) ?? [])
    const ids = answers.flatMap(({ id }) =>
      id === null || id === undefined ? [] : [JSON.stringify(id)],
    )
    expect(ids.length).toBeGreaterThan(STEPS)
    expect(new Set(ids).size).toBe(ids.length)
    const placed = answers.flatMap(({ id, status, result }) =>
      typeof id === 'number' && status === 200 ? (result?.clientOrderId ?? []) : [],
    )
    expect(placed.length).toBeGreaterThan(50)
    const known = placed.filter(
      (clientOrderId) => venue.exchange.order('main', 'BTCUSDT', { clientOrderId }) !== null,
    )
    expect(known).toEqual(placed)
    expect(venue.time).toBe(START + STEPS * STEP_MS)
  })

  it('tells the same story by the same seed', () => {
    expect(play(preset, 3).story).toEqual(play(preset, 3).story)
  })
})
