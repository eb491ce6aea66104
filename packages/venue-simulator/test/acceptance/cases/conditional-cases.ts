import { expect } from '@jest/globals'
import { accepted, cancel, found, market, position, stop, takeProfit, valueOf } from '../orders.ts'
import {
  SYMBOL,
  onPort,
  stepsOf,
  toldOf,
  type AcceptanceCase,
  type VenueStage,
} from '../venue-stage.ts'

/** A long position of 0.01 with an armed stop at 59900. */
const withStop = async (stage: VenueStage): Promise<void> => {
  await accepted(stage, market('entry', 'BUY', '0.01'))
  await accepted(stage, stop('s', 'SELL', '0.01', '59900'))
}

export const CONDITIONAL_CASES: readonly AcceptanceCase[] = [
  onPort('V-39', 'a stop arms: it is open, conditional, and nothing else', async (stage) => {
    await withStop(stage)
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toMatchObject([
      {
        clientOrderId: 's',
        side: 'SELL',
        type: 'STOP_MARKET',
        conditional: true,
        quantity: '0.01',
        filledQuantity: '0',
        price: null,
        stopPrice: '59900',
        reduceOnly: true,
      },
    ])
    expect(toldOf(stage, 's')).toMatchObject([{ step: 'accepted', conditional: true, fill: null }])
    expect(await found(stage, 's')).toMatchObject({ status: 'ACCEPTED', conditional: true })
  }),

  onPort('V-40', 'a stop triggers, becomes a market order and closes', async (stage) => {
    await withStop(stage)
    await stage.quote(59_899)
    const told = toldOf(stage, 's')
    const steps = told.map(({ step, conditional }) => `${conditional ? 'c' : 'p'}:${step}`)
    expect(steps.indexOf('c:triggering')).toBeGreaterThan(steps.indexOf('c:accepted'))
    expect(steps.indexOf('c:triggered')).toBeGreaterThan(steps.indexOf('c:triggering'))
    expect(told.filter(({ fill }) => fill !== null)).toMatchObject([
      { step: 'filled', conditional: false, fill: { side: 'SELL', quantity: '0.01' } },
    ])
    expect(await position(stage)).toBe('0')
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toEqual([])
  }),

  onPort('V-41', 'a triggered stop is found as the market order that it became', async (stage) => {
    await withStop(stage)
    const armed = await found(stage, 's')
    await stage.quote(59_899)
    const became = await found(stage, 's')
    expect(became).toMatchObject({ status: 'FILLED', conditional: false, type: 'MARKET' })
    expect(became?.venueOrderId).not.toBe(armed?.venueOrderId)
  }),

  onPort('V-42', 'a take-profit triggers the other way', async (stage) => {
    await accepted(stage, market('entry', 'BUY', '0.01'))
    await accepted(stage, takeProfit('t', 'SELL', '0.01', '60100'))
    await stage.quote(59_950)
    expect(await position(stage)).toBe('0.01')
    await stage.quote(60_101)
    expect(await position(stage)).toBe('0')
  }),

  onPort('V-43', 'a stop does not trigger before its price', async (stage) => {
    await withStop(stage)
    await stage.quote(59_901)
    expect(stepsOf(stage, 's')).toEqual(['accepted'])
  }),

  onPort('V-44', 'a conditional order is canceled in its own list', async (stage) => {
    await withStop(stage)
    expect(valueOf(await stage.venue.cancelOrder(cancel('s', true)))).toMatchObject({
      canceled: true,
    })
    expect(stepsOf(stage, 's')).toEqual(['accepted', 'canceled'])
    expect(await found(stage, 's')).toMatchObject({ status: 'CANCELED' })
    expect(await position(stage)).toBe('0.01')
  }),

  onPort('V-45', 'a cancel after the trigger finds it gone', async (stage) => {
    await withStop(stage)
    await stage.quote(59_899)
    expect(valueOf(await stage.venue.cancelOrder(cancel('s', true)))).toMatchObject({
      canceled: false,
      gone: true,
    })
  }),

  onPort('V-46', 'a gap through the stop fills behind it', async (stage) => {
    await withStop(stage)
    await stage.quote(59_000)
    const fill = toldOf(stage, 's').find((event) => event.fill !== null)?.fill
    expect(Number(fill?.price)).toBeLessThan(59_001)
    expect(await position(stage)).toBe('0')
  }),

  onPort('V-47', 'a stop that is stuck in TRIGGERING is told and stays open', async (stage) => {
    await withStop(stage)
    stage.onTrigger('stick')
    await stage.quote(59_899)
    expect(stepsOf(stage, 's')).toEqual(['accepted', 'triggering'])
    expect(await found(stage, 's')).toMatchObject({ status: 'ACCEPTED', conditional: true })
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toMatchObject([
      { clientOrderId: 's', triggering: true },
    ])
    expect(await position(stage)).toBe('0.01')
  }),

  onPort('V-48', 'a stop that the engine rejects says why, and protects nothing', async (stage) => {
    await withStop(stage)
    stage.onTrigger('reject')
    await stage.quote(59_899)
    const last = toldOf(stage, 's').at(-1)
    expect(last).toMatchObject({ step: 'rejected', conditional: true })
    expect(last?.reason ?? '').not.toBe('')
    expect(await found(stage, 's')).toMatchObject({ status: 'REJECTED' })
    expect(await position(stage)).toBe('0.01')
  }),

  onPort('V-49', 'a stop whose order the engine cancels is no fill', async (stage) => {
    await withStop(stage)
    stage.onTrigger('finish_empty')
    await stage.quote(59_899)
    expect(toldOf(stage, 's').filter(({ fill }) => fill !== null)).toEqual([])
    expect(toldOf(stage, 's').some(({ step }) => step === 'filled')).toBe(false)
    const last = await found(stage, 's')
    expect(['CANCELED', 'EXPIRED']).toContain(last?.status)
    expect(last?.filledQuantity).toBe('0')
    expect(await position(stage)).toBe('0.01')
  }),

  onPort('V-50', 'a reduce-only stop never turns the position around', async (stage) => {
    await withStop(stage)
    await accepted(stage, market('exit', 'SELL', '0.01', { reduceOnly: true }))
    await stage.quote(59_899)
    expect(await position(stage)).toBe('0')
    expect(toldOf(stage, 's').filter(({ fill }) => fill !== null)).toEqual([])
  }),
]
