import { describe, expect, it } from '@jest/globals'
import { decode } from '@tapedeck/contracts'
import { envelopes } from './envelopes.ts'
import { tradeBatch } from './trades.ts'

const build = (): ReturnType<ReturnType<typeof envelopes>['make']>[] => {
  const { make } = envelopes('builders')
  const trades = tradeBatch([
    { price: 650_000, quantity: 5, side: 'BUY' },
    { price: 649_999, quantity: 2, side: 'SELL' },
  ])
  const at = 1_700_000_000_001
  return [
    make('market.trades', { payload: trades, occurred_at: at, aggregate_id: 'BTCUSDT' }),
    make('market.clock', { payload: { at, jump: false }, occurred_at: at }),
    make('market.trades', { payload: trades, occurred_at: at, aggregate_id: 'BTCUSDT' }),
  ]
}

describe('built envelopes', () => {
  it('can be read as the messages they are', () => {
    for (const { bytes, envelope } of build()) {
      expect(decode(bytes)).toEqual({ ok: true, envelope })
    }
  })

  it('count sequences per publisher and versions per aggregate', () => {
    const built = build().map(({ envelope }) => envelope)
    expect(built.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(built.map(({ aggregate_version: version }) => version)).toEqual([1, 1, 2])
  })

  it('are addressed by their payload', () => {
    expect(build().map(({ subject }) => subject)).toEqual([
      'tape.market.trades.test.BTCUSDT',
      'tape.market.clock.run',
      'tape.market.trades.test.BTCUSDT',
    ])
  })

  it('are the same bytes every time', () => {
    expect(build()).toEqual(build())
  })
})
