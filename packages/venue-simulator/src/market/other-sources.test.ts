import { describe, expect, it } from '@jest/globals'
import type { MarketEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LiveSource } from './live-source.ts'
import { RecordingSource } from './recording-source.ts'

const START = 2_000_000_000_000
const RECORDED = 1_700_000_000_000
const instrument = (symbol: string) => testInstrument({ symbol, min_notional: '5' })

const aggTrade = (symbol: string, id: number, after: number, price: string): string =>
  `${(RECORDED + after) * 1000} ${JSON.stringify({
    stream: `${symbol.toLowerCase()}@aggTrade`,
    data: {
      e: 'aggTrade',
      E: RECORDED + after,
      a: id,
      s: symbol,
      p: price,
      q: '0.5',
      f: id,
      l: id,
      T: RECORDED + after,
      m: false,
    },
  })}`

const withRecording = async (
  lines: readonly string[],
  test: (file: string) => Promise<void>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'tapedeck-venue-'))
  try {
    const file = join(folder, 'a.ws')
    await writeFile(file, `${lines.join('\n')}\n`)
    await test(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const prints = (events: readonly MarketEvent[]): (readonly [string, number, number])[] =>
  events
    .filter((event) => event.kind === 'trade')
    .map(({ symbol, id, time }) => [symbol, id, time - START])

describe('RecordingSource', () => {
  const lines = [
    aggTrade('BTCUSDT', 1, 0, '100.1'),
    aggTrade('ETHUSDT', 50, 10, '10.1'),
    aggTrade('BTCUSDT', 2, 300, '100.2'),
    aggTrade('BTCUSDT', 3, 250, '100.3'),
    aggTrade('BTCUSDT', 4, 2000, '100.4'),
  ]
  const options = {
    instruments: [instrument('BTCUSDT'), instrument('ETHUSDT')],
    startTime: START,
    loop: false,
  }

  it('plays at the distances of the recording, never back in time, and says when it is over', async () => {
    await withRecording(lines, async (file) => {
      const source = await RecordingSource.open({ ...options, files: [file] })
      expect(prints(source.advanceTo(START + 299))).toEqual([
        ['BTCUSDT', 1, 0],
        ['ETHUSDT', 50, 0],
      ])
      await source.prepare(START + 5000)
      const rest = source.advanceTo(START + 5000)
      expect(prints(rest)).toEqual([
        ['BTCUSDT', 2, 300],
        ['BTCUSDT', 3, 300],
        ['BTCUSDT', 4, 2000],
      ])
      expect(source.endTime).toBe(START + 2000)
      await source.stop()
    })
  })

  it('marks a recording without marks, and starts over with an empty book when it loops', async () => {
    await withRecording(lines, async (file) => {
      const source = await RecordingSource.open({
        ...options,
        instruments: [instrument('BTCUSDT')],
        files: [file],
        loop: true,
      })
      await source.prepare(START + 7000)
      const events = source.advanceTo(START + 7000)
      expect(
        prints(events)
          .map(([, id, at]) => `${id} at ${at}`)
          .join(', '),
      ).toBe(
        '1 at 0, 2 at 300, 3 at 300, 4 at 2000, ' +
          '1 at 3000, 2 at 3300, 3 at 3300, 4 at 5000, ' +
          '1 at 6000, 2 at 6300, 3 at 6300',
      )
      expect(events.filter(({ kind }) => kind === 'depth')).toMatchObject([
        { snapshot: true, time: START + 3000, bidTicks: [] },
        { snapshot: true, time: START + 6000 },
      ])
      expect(events.find(({ kind }) => kind === 'mark')).toMatchObject({
        markPrice: 100.1,
        time: START,
        nextFundingTime: Math.ceil(START / 28_800_000) * 28_800_000,
      })
      expect(source.endTime).toBeNull()
      await source.stop()
    })
  })

  it('refuses what is no market to trade in', async () => {
    const row = `${RECORDED},100,101,99,100.5,10,${RECORDED + 59_999},1000,10,5,500,0`
    await withRecording([row], async (file) => {
      const opening = RecordingSource.open({
        ...options,
        instruments: [instrument('BTCUSDT')],
        files: [file],
      })
      await expect(opening).rejects.toMatchObject({ code: 'RECORDING_INVALID' })
    })
  })
})

const trade = (id: number, time: number): MarketEvent => ({
  kind: 'trade',
  symbol: 'BTCUSDT',
  id,
  priceTicks: 1000,
  quantityLots: 1,
  time,
  maker: 0,
  excluded: false,
})

describe('LiveSource', () => {
  it('has what came since the last look, inside of what passed since', async () => {
    const pages = [
      [trade(1, START - 50), { kind: 'clock', time: START } as const],
      [trade(2, START + 40), trade(3, START + 900)],
    ]
    const source = new LiveSource({
      instruments: [instrument('BTCUSDT')],
      startTime: START,
      events: (async function* () {
        yield* pages
      })(),
    })
    await new Promise((resolve) => setImmediate(resolve))
    await source.prepare()
    expect(prints(source.advanceTo(START + 100))).toEqual([
      ['BTCUSDT', 1, 0],
      ['BTCUSDT', 2, 40],
      ['BTCUSDT', 3, 100],
    ])
    expect(source.endTime).toBe(START + 100)
  })

  it('says what ended the upstream', async () => {
    const source = new LiveSource({
      instruments: [instrument('BTCUSDT')],
      startTime: START,
      events: (async function* () {
        yield [trade(1, START)]
        throw new Error('the upstream is gone')
      })(),
    })
    await new Promise((resolve) => setImmediate(resolve))
    await expect(source.prepare()).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'the upstream ended: the upstream is gone',
    })
  })
})
