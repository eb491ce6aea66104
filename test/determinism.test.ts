import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { makeTestFolder, removeTestFolder } from '@tapedeck/testkit'
import {
  type Outcome,
  type Playing,
  finish,
  firstDifference,
  sharedRecording,
  startPlaying,
  withRecordings,
  writeTradedSession,
} from './harness/index.ts'

/**
 * Goal: the same recording makes the same tape, whoever hosts the services. Method: it is played in
 * lockstep twice in one process and once in nine; the archives are compared byte for byte, tape
 * sequences, ids and causes included, leaving out only the time of recording; then every ledger row.
 */
const PLAY_MS_MAX = 900_000

const playThrice = async (file: string): Promise<Outcome> => {
  const all: { playing: Playing; outcome: Outcome }[] = []
  try {
    for (const split of [false, false, true]) {
      const playing = await startPlaying({ files: [file], split })
      all.push({ playing, outcome: await finish(playing) })
    }
    const [first, ...others] = all
    for (const { playing, outcome } of others) {
      expect(await firstDifference(first!.playing.dataDir, playing.dataDir)).toBeNull()
      expect(outcome).toEqual(first!.outcome)
      expect(playing.events).toEqual([])
    }
    return first!.outcome
  } finally {
    for (const { playing } of all) playing.remove()
  }
}

describe('one recording, played twice in one process and once in nine', () => {
  const folder = makeTestFolder('determinism')
  const traded = join(folder, 'traded.ws.gz')
  beforeAll(async () => await writeTradedSession(traded))
  afterAll(() => removeTestFolder(folder))

  it(
    'makes one tape of a session with trades',
    async () => {
      const { archive, ledgers } = await playThrice(traded)
      // Else this test would prove little.
      expect(archive.byType['execution.trade.closed']).toBeGreaterThan(0)
      expect(ledgers['journal.pnl_ledger']?.rows).toBeGreaterThan(0)
    },
    PLAY_MS_MAX,
  )
})

const REAL = sharedRecording('usdm-btcusdt-20240808.ws.gz')
const { suite, absence } = withRecordings(REAL)

suite(`a real recording, played twice in one process and once in nine${absence}`, () => {
  it(
    'makes one tape',
    async () => {
      const { archive } = await playThrice(REAL)
      expect(archive.byType['market.depth']).toBeGreaterThan(5_000)
    },
    PLAY_MS_MAX,
  )
})
