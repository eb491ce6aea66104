import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SERVICES, type ServiceName } from '@tapedeck/contracts'
import { makeTestFolder, removeTestFolder } from '@tapedeck/testkit'
import {
  type Moment,
  type Outcome,
  type Playing,
  archiveLines,
  chosenMoments,
  finish,
  firstDifference,
  seededRandom,
  startPlaying,
  watchTape,
  writeTradedSession,
} from './harness/index.ts'

/**
 * Goal: whatever dies, the record is the same. Method: a session with trades is played undisturbed once;
 * then it is played again while processes are killed with SIGKILL as the tape reaches seeded places,
 * every other one a step of an order; the supervisor starts them again. Archive and ledgers must equal
 * the undisturbed run's. The seed is in the test's name: TAPEDECK_E2E_SEED brings another.
 */
const PLAY_MS_MAX = 300_000
const SEED = Number(process.env['TAPEDECK_E2E_SEED'] ?? 20_260_105)
const LONG = process.env['TAPEDECK_E2E_LONG'] !== undefined

interface Blow extends Moment {
  readonly services: readonly ServiceName[]
  readonly signal?: NodeJS.Signals
}

let file: string
let undisturbed: { playing: Playing; outcome: Outcome; tape: readonly Moment[] }
const folder = makeTestFolder('chaos')

beforeAll(async () => {
  file = join(folder, 'traded.ws.gz')
  await writeTradedSession(file)
  const playing = await startPlaying({ files: [file] })
  const outcome = await finish(playing)
  const tape: Moment[] = []
  for await (const line of archiveLines(playing.dataDir)) {
    const [seq, type] = /^(\d+) .*?"type":"([^"]+)"/.exec(line)!.slice(1)
    tape.push({ seq: Number(seq), type: type! })
  }
  undisturbed = { playing, outcome, tape }
}, PLAY_MS_MAX)

afterAll(() => {
  undisturbed?.playing.remove()
  removeTestFolder(folder)
})

const kill = (playing: Playing, service: ServiceName, signal: NodeJS.Signals): string => {
  const pid = playing.stack.services.pid(service)
  if (pid === null) return `${service} (was down)`
  process.kill(pid, signal)
  return `${signal} ${service}`
}

/** Plays in nine processes, strikes as the tape passes each place, and returns what was left behind. */
const playUnder = async (
  blows: readonly Blow[],
): Promise<{ playing: Playing; outcome: Outcome; log: string[] }> => {
  const playing = await startPlaying({ files: [file], split: true })
  const log: string[] = []
  let next = 0
  const stop = await watchTape(playing.stack, ({ seq }) => {
    for (; next < blows.length && seq >= blows[next]!.seq; next++) {
      const { services, type, signal = 'SIGKILL' } = blows[next]!
      for (const service of services) log.push(`${seq} (${type}) ${kill(playing, service, signal)}`)
    }
  })
  try {
    await playing.ended()
  } finally {
    await stop()
  }
  return { playing, outcome: await finish(playing), log }
}

/** What is to be the same as in the undisturbed run, with where it is not, and what was done to whom. */
const playAndCompare = async (blows: readonly Blow[]) => {
  const { playing, outcome, log } = await playUnder(blows)
  try {
    const difference = await firstDifference(undisturbed.playing.dataDir, playing.dataDir)
    return { log, difference, outcome }
  } finally {
    playing.remove()
  }
}

const killsOf = (blows: readonly Blow[]): number =>
  blows.reduce((sum, { services }) => sum + services.length, 0)

const shuffled = <T>(items: readonly T[], random: () => number): T[] =>
  items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)

describe(`services killed while they work (seed ${SEED})`, () => {
  it(
    'the session that they play has trades, or nothing would be proved',
    () => {
      const { byType } = undisturbed.outcome.archive
      expect(byType['execution.trade.closed']).toBeGreaterThan(0)
    },
    PLAY_MS_MAX,
  )

  it.each(LONG ? Array.from({ length: 20 }, (_, i) => SEED + i) : [SEED])(
    'each of the nine once, one after the other (seed %d)',
    async (seed) => {
      const random = seededRandom(seed)
      const services = shuffled(SERVICES, random)
      const moments = chosenMoments(undisturbed.tape, services.length, random)
      const blows = moments.map((moment, i) => Object.assign({ services: [services[i]!] }, moment))
      const { log, difference, outcome } = await playAndCompare(blows)
      expect({ log, difference, outcome }).toEqual({
        log,
        difference: null,
        outcome: undisturbed.outcome,
      })
      expect(log).toHaveLength(killsOf(blows))
    },
    PLAY_MS_MAX,
  )

  it.each(LONG ? Array.from({ length: 20 }, (_, i) => SEED + i) : [SEED])(
    'several at once, killed and ended in turn, again and again (seed %d)',
    async (seed) => {
      const random = seededRandom(seed + 1_000)
      const moments = chosenMoments(undisturbed.tape, 5, random)
      // Ended politely is another way to be interrupted: every other time.
      const blows = moments.map(({ seq, type }, i) => ({
        seq,
        type,
        services: shuffled(SERVICES, random).slice(0, 4),
        signal: i % 2 === 0 ? ('SIGKILL' as const) : ('SIGTERM' as const),
      }))
      const { log, difference, outcome } = await playAndCompare(blows)
      expect({ log, difference, outcome }).toEqual({
        log,
        difference: null,
        outcome: undisturbed.outcome,
      })
      expect(log).toHaveLength(killsOf(blows))
    },
    PLAY_MS_MAX,
  )
})
