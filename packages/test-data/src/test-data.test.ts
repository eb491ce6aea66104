import { expect, it } from '@jest/globals'
import { Instrument, InstrumentConfig, MESSAGES, instrumentsOf } from '@tapedeck/contracts'
import { testApproval, testInstrument, testInstrumentConfig, testTrading } from './index.ts'

const ETH = { symbol: 'ETHUSDT', tick_size: '0.01' }

it('is what the contracts accept', () => {
  expect(Instrument.parse(testInstrument())).toEqual(testInstrument())
  expect(InstrumentConfig.parse(testInstrumentConfig(ETH))).toEqual(testInstrumentConfig(ETH))
  expect(MESSAGES['risk.signal.approved'].schema.parse(testApproval({ at: 5 }))).toEqual(
    testApproval({ at: 5 }),
  )
})

it('names the base asset after the symbol', () => {
  expect(testInstrument(ETH)).toMatchObject({ base_asset: 'ETH', tick_size: '0.01' })
  expect(testInstrument({ base_asset: 'XBT' })).toMatchObject({ base_asset: 'XBT' })
})

it('lists in the configuration the instrument itself', () => {
  expect(instrumentsOf(testTrading())).toEqual([testInstrument()])
  expect(testTrading({ risk: { base_risk_percent: 0.5 } }).risk.base_risk_percent).toBe(0.5)
})

it('mirrors a short', () => {
  expect(testApproval({ at: 5, side: 'SELL', order: { quantity: '0.3' } }).order).toMatchObject({
    side: 'SELL',
    quantity: '0.3',
    stop_price_abs: '50100',
    target_price_abs: '49700',
    expires_at: 5_005,
  })
})
