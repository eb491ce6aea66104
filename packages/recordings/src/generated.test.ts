import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { Output } from '@tapedeck/contracts'
import { MarketComposer, type MarketEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { generatedMarket } from './generated.ts'
import { openRecording } from './open-recording.ts'
import { writeRawRecording } from './write-raw-recording.ts'

const instrument = testInstrument()
const market = { instrument, seed: 11, startTime: Date.UTC(2026, 0, 5, 8), startPrice: '60000' }
const MINUTE = 60_000

const compose = async (
  source: AsyncIterable<readonly MarketEvent[]>,
): Promise<{ outputs: Output[]; composer: MarketComposer }> => {
  const composer = new MarketComposer({ instruments: [instrument] })
  const outputs: Output[] = []
  for await (const events of source)
    outputs.push(...composer.push(events).flatMap((step) => step.outputs))
  outputs.push(...composer.flush().flatMap((step) => step.outputs))
  return { outputs, composer }
}

describe('the generated market', () => {
  it('written as a recording and read back is the same tape, and every quote agrees', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tapedeck-generated-'))
    try {
      const [file, again] = [join(folder, 'a.ws.gz'), join(folder, 'b')] as const
      await writeRawRecording(generatedMarket(market, MINUTE), { file, instrument })
      await writeRawRecording(generatedMarket(market, MINUTE), { file: again, instrument })
      expect(readFileSync(file).equals(readFileSync(again))).toBe(true)
      const direct = await compose(generatedMarket(market, MINUTE))
      const recording = await openRecording({ files: [file], instruments: [instrument] })
      const replayed = await compose(recording.events())
      expect(replayed.outputs).toEqual(direct.outputs)
      const { quotesCompared, quotesAgreed } = replayed.composer.counts()['BTCUSDT']!
      expect(quotesCompared).toBeGreaterThan(400)
      expect(quotesAgreed).toBe(quotesCompared)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
