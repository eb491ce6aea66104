import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type ArchiveRun,
  PARTS,
  type ParityReport,
  compareSessions,
  listArchiveRuns,
  openArchiveTape,
  readArchiveRun,
  recordedConfigs,
  runBacktest,
  tapeOfEvents,
  verdictOf,
  verifyRun,
} from '@tapedeck/backtest'
import { type Message, type ServiceName, canonicalJson, instrumentsOf } from '@tapedeck/contracts'
import { dec, sum } from '@tapedeck/core'
import { REPOSITORY } from '@tapedeck/dev'
import { openRecording } from '@tapedeck/recordings'
import { makeTestFolder, removeTestFolder } from '@tapedeck/testkit'
import {
  type PlayOptions,
  type Playing,
  SHIPPED_RECORDING,
  finish,
  playWithBlows,
  startPlaying,
  writeTradedSession,
} from './harness/index.ts'

/**
 * Goal: the brain alone is the services' brain. Method: recordings are played through the nine services;
 * then the same files through the backtester, the archive through `verify`, and the session against its
 * backtest. All messages have to be the same in every field but when they were recorded and what the
 * source was called, and the gap of every trade exactly zero.
 */
const PLAY_MS_MAX = 900_000

const folder = makeTestFolder('one-brain')
const traded = join(folder, 'traded.ws.gz')
beforeAll(async () => await writeTradedSession(traded))
afterAll(() => removeTestFolder(folder))

interface Played {
  readonly playing: Playing
  readonly run: ArchiveRun
}

const play = async (options: PlayOptions): Promise<Played> => {
  const playing = await startPlaying(options)
  await finish(playing)
  const [run] = listArchiveRuns(join(playing.dataDir, 'archive'))
  return { playing, run: run! }
}

/** Each file is played through the services once; what was left behind is looked at in many ways. */
const played = new Map<string, Promise<Played>>()
const playOnce = async (file: string): Promise<Played> => {
  const known = played.get(file) ?? play({ files: [file] })
  played.set(file, known)
  return await known
}
afterAll(async () => {
  for (const one of await Promise.allSettled(played.values()))
    if (one.status === 'fulfilled') one.value.playing.remove()
})

/** Everything of a message but the wall clock and the name of the source. */
const comparable = (message: Message): string => {
  const { recorded_at: _, ...rest } = message
  return canonicalJson(
    message.type === 'market.run.started'
      ? { ...rest, payload: { ...message.payload, source: '' } }
      : rest,
  )
}

const eventsOf = async (file: string, run: ArchiveRun) => {
  const { trading } = recordedConfigs(run)[0]!
  const recording = await openRecording({ files: [file], instruments: instrumentsOf(trading) })
  const chunks = await Array.fromAsync(recording.events())
  return tapeOfEvents(recording.instruments, chunks.flat())
}

/** The first message in which a backtest of a tape parts from the archive; null when there is none. */
const firstDifference = async (
  run: ArchiveRun,
  tape: Awaited<ReturnType<typeof openArchiveTape>>,
): Promise<{ tapeSeq: number; recorded: string; backtest: string | undefined } | null> => {
  const made: string[] = []
  const { stopped } = await runBacktest({
    tape,
    trading: recordedConfigs(run)[0]!.trading,
    runId: run.runId,
    fullTape: true,
    onMessage: (message) => made.push(comparable(message.toEnvelope())),
  })
  expect(stopped).toBeNull()
  let place = 0
  for await (const { message, tapeSeq } of readArchiveRun(run)) {
    const recorded = comparable(message)
    const backtest = made[place++]
    if (recorded !== backtest) return { tapeSeq, recorded, backtest }
  }
  expect(made).toHaveLength(place)
  return null
}

describe.each([
  { name: 'the shipped recording', file: () => SHIPPED_RECORDING },
  { name: 'a session with trades', file: () => traded },
])('$name, through the services and through the brain alone', ({ file }) => {
  let run: ArchiveRun
  beforeAll(async () => {
    ;({ run } = await playOnce(file()))
  }, PLAY_MS_MAX)

  it('the backtester makes the same tape of the same file', async () => {
    expect(await firstDifference(run, await eventsOf(file(), run))).toBeNull()
  }, 300_000)

  it('and of what the services archived', async () => {
    expect(await firstDifference(run, await openArchiveTape(run))).toBeNull()
  }, 300_000)

  it('everything that was decided is computed again, byte for byte', async () => {
    const report = await verifyRun(run)
    expect(report).toMatchObject({ differences: [], damage: [], failures: [], producers: [] })
    expect(verdictOf([report])).toBe('equal')
    const unchecked = Object.values(report.types).flatMap((one) => Object.keys(one.unchecked))
    expect(new Set(unchecked)).toEqual(new Set(['INPUT']))
  }, 300_000)

  it('no trade has a gap', async () => {
    const { trading } = recordedConfigs(run)[0]!
    const report = await compareSessions({ run, trading })
    expect(report).toMatchObject({ gap: '0', absolute_gap: '0' })
    expect(report.trades.length).toBeGreaterThan(0)
    expect(report.recorded).toEqual(report.backtest)
  }, 300_000)
})

describe('the commands', () => {
  let playing: Playing
  let run: ArchiveRun
  beforeAll(async () => {
    ;({ playing, run } = await playOnce(traded))
  }, PLAY_MS_MAX)

  const tapedeck = (...argv: string[]): { code: number | null; out: string; err: string } => {
    const main = join(REPOSITORY, 'packages', 'cli', 'src', 'main.ts')
    const args = [main, ...argv, '--archive', join(playing.dataDir, 'archive')]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    return { code: status, out: stdout, err: stderr }
  }

  it('verify: 0 and a table; one trade with its story', () => {
    const all = tapedeck('verify')
    expect(all).toMatchObject({ code: 0, out: expect.stringContaining('is equal') })
    const { trades } = JSON.parse(tapedeck('parity', 'last', '--json').out) as ParityReport
    const id = trades[0]!.recorded.trade_id!
    const one = tapedeck('verify', id)
    expect(one).toMatchObject({ code: 0, out: expect.stringContaining(`Trade ${id} opened`) })
    expect(tapedeck('verify', 'no-such-id')).toMatchObject({ code: 4, out: '' })
  }, 300_000)

  it('verify: 1 by another configuration, 3 where a bit was changed, and where', () => {
    const config = join(folder, 'other.yaml')
    const text = readFileSync(join(REPOSITORY, 'config', 'tapedeck.yaml'), 'utf8')
    writeFileSync(config, text.replace(/taker_percent: [\d.]+/, 'taker_percent: 0.06'))
    expect(tapedeck('verify', 'last', '--config', config).code).toBe(1)
    expect(tapedeck('parity', 'last', '--config', config).code).toBe(1)
    expect(tapedeck('parity', 'last', '--config', config, '--tolerance', '1000').code).toBe(0)
    const [segment] = run.segments
    const whole = readFileSync(segment!)
    const bytes = Buffer.from(whole)
    bytes[Math.floor(bytes.length / 2)]! ^= 16
    writeFileSync(segment!, bytes)
    const damaged = tapedeck('verify')
    writeFileSync(segment!, whole)
    expect(damaged).toMatchObject({ code: 3, out: expect.stringContaining('MEMBER_DAMAGED') })
    expect(damaged.out).toContain(segment)
  }, 300_000)
})

describe('a session whose services were killed', () => {
  const BLOWS: readonly (readonly [seq: number, service: ServiceName])[] = [
    [3_000, 'journal'],
    [8_000, 'reconciler'],
    [13_000, 'risk'],
    [14_000, 'journal'],
    [15_000, 'execution'],
  ]

  it(
    'left an archive that is whole, and equal',
    async () => {
      const { playing } = await playWithBlows(
        { files: [traded], split: true },
        BLOWS.map(([seq, service]) => ({
          seq,
          type: service,
          strike: ({ stack }) => {
            const pid = stack.services.pid(service)
            if (pid !== null) process.kill(pid, 'SIGKILL')
            return `${service} ${pid ?? 'was down'}`
          },
        })),
      )
      try {
        const [run] = listArchiveRuns(join(playing.dataDir, 'archive'))
        expect(await verifyRun(run!)).toMatchObject({ differences: [], damage: [], failures: [] })
        const { trading } = recordedConfigs(run!)[0]!
        expect(await compareSessions({ run: run!, trading })).toMatchObject({ absolute_gap: '0' })
      } finally {
        playing.remove()
      }
    },
    PLAY_MS_MAX,
  )
})

describe('a session that ran free', () => {
  let playing: Playing
  let run: ArchiveRun
  beforeAll(async () => {
    ;({ playing, run } = await play({ files: [traded], lockstep: false }))
  }, PLAY_MS_MAX)
  afterAll(() => playing?.remove())

  it('is computed again from how it interleaved, the looks at the venue from what was answered', async () => {
    const report = await verifyRun(run)
    expect(report).toMatchObject({ differences: [], damage: [], failures: [] })
    expect(report.types['reconciler.run.completed']?.equal).toBeGreaterThan(0)
  }, 300_000)

  it('the gap to a backtest in lockstep is in its parts, whatever it is', async () => {
    const { trading } = recordedConfigs(run)[0]!
    const report = await compareSessions({ run, trading })
    const parts = sum(PARTS.map((part) => report.parts[part]))
    expect(parts.toString()).toBe(dec(report.gap).toString())
    expect(dec(report.recorded.net_pnl).minus(report.backtest.net_pnl).toString()).toBe(
      dec(report.gap).toString(),
    )
    const gaps = report.trades.filter(({ gap }) => gap !== '0')
    expect(gaps.filter(({ reasons }) => reasons.length === 0)).toEqual([])
  }, 300_000)
})
