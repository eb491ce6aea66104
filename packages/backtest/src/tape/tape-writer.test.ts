import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { MarketEvent } from '@tapedeck/core'
import { A } from './market-events.fixture.ts'
import { print, testFolder } from './small-tape.fixture.ts'
import { TapeWriter } from './tape-writer.ts'

const folder = testFolder()
afterAll(folder.remove)
const output = join(folder.path, 'tape')

const mark: MarketEvent = {
  kind: 'mark',
  symbol: 'AUSDT',
  time: 1000,
  markPrice: 1,
  indexPrice: null,
  fundingRate: 0,
  nextFundingTime: 2000,
}
const good = print('AUSDT', 1, 1000)

describe('a tape that is written', () => {
  it.each<[string, unknown, object]>([
    ['a time beyond the year 9999', { ...good, time: 9e14 }, { code: 'RECORDING_INVALID' }],
    ['a fraction of a tick', { ...good, priceTicks: 1.5 }, { code: 'RECORDING_INVALID' }],
    ['no id', { ...good, id: Number.NaN }, { code: 'RECORDING_INVALID' }],
    ['a negative quantity', { ...good, quantityLots: -1 }, { code: 'RECORDING_INVALID' }],
    ['a symbol of another market', { ...good, symbol: 'CUSDT' }, { code: 'SYMBOL_UNKNOWN' }],
    ['a price that is no number', { ...mark, markPrice: Number.NaN }, { name: 'RangeError' }],
    ['a time that is no whole number', { ...mark, nextFundingTime: 0.5 }, { name: 'RangeError' }],
  ])('refuses %s', async (_name, event, error) => {
    const writer = await TapeWriter.create({ output, instruments: [A] })
    await writer.push([good])
    const writing = writer.push([event as MarketEvent]).then(async () => await writer.finish())
    await expect(writing).rejects.toMatchObject(error)
    expect(writer.hasFailed).toBe(true)
    await writer.abandon()
    expect(readdirSync(folder.path)).toEqual([])
  })

  it('is not there before it is finished', async () => {
    const writer = await TapeWriter.create({ output, instruments: [A] })
    await writer.push([good])
    expect(existsSync(output)).toBe(false)
    await writer.finish()
    expect(readdirSync(output)).toEqual(['AUSDT', 'manifest.json'])
  })
})
