import { describe, expect, it } from '@jest/globals'
import { GET, DELETE, GET_ALGO, DELETE_ALGO, open } from '../open-venue.fixture.ts'
import { algoJson, orderJson, refusal, type Reply } from '../scripted-fapi.fixture.ts'

describe('finding and canceling', () => {
  it('finds a plain order, a conditional one, the child of one that triggered, and none', async () => {
    const { fapi, venue } = await open()
    const none = refusal(-2013)
    fapi.on(GET, { json: orderJson({ status: 'PARTIALLY_FILLED', executedQty: '0.004' }) })
    expect(await venue.findOrder('BTCUSDT', 'td-1')).toMatchObject({
      value: {
        status: 'PARTIALLY_FILLED',
        filledQuantity: '0.004',
        conditional: false,
        price: '60000',
      },
    })
    fapi.on(GET, none).on(GET_ALGO, { json: algoJson() })
    expect(await venue.findOrder('BTCUSDT', 'td-1')).toMatchObject({
      value: { status: 'ACCEPTED', conditional: true, stopPrice: '58000', venueOrderId: '3000001' },
    })
    const child = orderJson({ orderId: 77, type: 'MARKET', status: 'FILLED', executedQty: '0.010' })
    fapi.on(GET, none, { json: child }).on(GET_ALGO, {
      json: algoJson({ algoStatus: 'TRIGGERED', actualOrderId: '77' }),
    })
    expect(await venue.findOrder('BTCUSDT', 'td-1')).toMatchObject({
      value: { status: 'FILLED', conditional: false, venueOrderId: '77', type: 'MARKET' },
    })
    fapi.on(GET, none).on(GET_ALGO, none)
    expect(await venue.findOrder('BTCUSDT', 'td-1')).toEqual({ outcome: 'known', value: null })
  })

  it.each([
    ['FINISHED with all of it', { algoStatus: 'FINISHED', actualQty: '0.010' }, 'FILLED'],
    ['FINISHED with nothing', { algoStatus: 'FINISHED', actualQty: '0' }, 'CANCELED'],
    ['REJECTED at the trigger', { algoStatus: 'REJECTED' }, 'REJECTED'],
    ['EXPIRED', { algoStatus: 'EXPIRED' }, 'EXPIRED'],
    ['stuck in TRIGGERING', { algoStatus: 'TRIGGERING' }, 'ACCEPTED'],
  ])('a conditional order that is %s', async (_name, given, status) => {
    const { fapi, venue } = await open()
    fapi.on(GET, refusal(-2013)).on(GET_ALGO, { json: algoJson(given) })
    expect(await venue.findOrder('BTCUSDT', 'td-1')).toMatchObject({ value: { status } })
  })

  it('a status that no table has is unknown, never guessed', async () => {
    const { fapi, venue } = await open()
    fapi.on(GET, { json: orderJson({ status: 'PAUSED' }) })
    expect(await venue.findOrder('BTCUSDT', 'td-1')).toMatchObject({
      outcome: 'unknown',
      detail: expect.stringContaining('order.status is "PAUSED", expected one of NEW'),
    })
    fapi.on(GET, refusal(-2013)).on(GET_ALGO, { json: algoJson({ algoStatus: 'WAITING' }) })
    expect(await venue.findOrder('BTCUSDT', 'td-1')).toMatchObject({ outcome: 'unknown' })
  })

  const cancel = { symbol: 'BTCUSDT', clientOrderId: 'td-1', conditional: false }
  it('cancels in the list where the order is', async () => {
    const { fapi, venue } = await open()
    fapi.on(DELETE, { json: orderJson({ status: 'CANCELED' }) })
    fapi.on(DELETE_ALGO, { json: { algoId: 1, clientAlgoId: 'td-1', code: '200', msg: 'success' } })
    expect(await venue.cancelOrder(cancel)).toMatchObject({ value: { canceled: true } })
    expect(await venue.cancelOrder({ ...cancel, conditional: true })).toMatchObject({
      value: { canceled: true },
    })
    expect(fapi.calls()).toEqual([DELETE, DELETE_ALGO])
    expect(fapi.last(DELETE_ALGO).parameters).toMatchObject({ clientAlgoId: 'td-1' })
  })

  it('-2011 is gone; of a conditional order the child is tried', async () => {
    const { fapi, venue } = await open()
    fapi.on(DELETE, refusal(-2011)).on(DELETE_ALGO, refusal(-2011))
    expect(await venue.cancelOrder(cancel)).toMatchObject({
      value: { canceled: false, gone: true },
    })
    fapi.on(DELETE, { json: orderJson({ status: 'CANCELED' }) })
    expect(await venue.cancelOrder({ ...cancel, conditional: true })).toMatchObject({
      value: { canceled: true },
    })
  })

  it('a refused cancel is not gone, an unanswered one is unknown, -1021 is put again', async () => {
    const { fapi, venue } = await open()
    fapi.on(DELETE, refusal(-4117), { text: '' }, refusal(-1021), {
      json: orderJson({ status: 'CANCELED' }),
    })
    expect(await venue.cancelOrder(cancel)).toMatchObject({
      value: { canceled: false, gone: false },
    })
    expect(await venue.cancelOrder(cancel)).toMatchObject({ outcome: 'unknown' })
    expect(await venue.cancelOrder(cancel)).toMatchObject({ value: { canceled: true } })
  })

  it('cancels everything in both lists, or does not say that it did', async () => {
    const { fapi, venue } = await open()
    const done: Reply = {
      json: { code: 200, msg: 'The operation of cancel all open order is done.' },
    }
    fapi.on('DELETE /fapi/v1/allOpenOrders', done).on('DELETE /fapi/v1/algoOpenOrders', done)
    expect(await venue.cancelAllOrders('BTCUSDT')).toEqual({
      outcome: 'known',
      value: { canceled: true },
    })
    fapi.on('DELETE /fapi/v1/allOpenOrders', refusal(-2012))
    expect(await venue.cancelAllOrders('BTCUSDT')).toMatchObject({ outcome: 'unknown' })
  })
})
