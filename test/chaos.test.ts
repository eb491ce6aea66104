import { describe, expect, it } from '@jest/globals'
import { SERVICES, type ServiceName } from '@tapedeck/contracts'
import {
  type Blow,
  type Playing,
  chosenMoments,
  playWithBlows,
  seededRandom,
  withUndisturbed,
} from './harness/index.ts'

/**
 * Goal: whatever dies, the record is the same. Method: a session with trades is played undisturbed once;
 * then it is played again while processes are ended as the tape reaches seeded places, every other one
 * a step of an order; services are started again by their supervisor, servers by us. Archive and
 * ledgers must equal the undisturbed run's. The seed is in the name: TAPEDECK_E2E_SEED brings another,
 * TAPEDECK_E2E_LONG tries many.
 */
const PLAY_MS_MAX = 900_000
const SEED = Number(process.env['TAPEDECK_E2E_SEED'] ?? 20_260_105)
const SEEDS =
  process.env['TAPEDECK_E2E_LONG'] === undefined
    ? [SEED]
    : Array.from({ length: 20 }, (_, i) => SEED + i)

const session = withUndisturbed('chaos', PLAY_MS_MAX)

const end = (services: readonly ServiceName[], signal: NodeJS.Signals): Blow['strike'] => {
  const one = ({ stack }: Playing, service: ServiceName): string => {
    const pid = stack.services.pid(service)
    if (pid === null) return `${service} (down already)`
    process.kill(pid, signal)
    return `${service} ${signal}`
  }
  return (playing) => services.map((service) => one(playing, service)).join(', ')
}

/** How long a server is away before it is started again. */
const AWAY_MS = 700

const cutOff =
  (server: 'nats' | 'postgres'): Blow['strike'] =>
  async ({ stack: { servers } }) => {
    await servers[server].kill('SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS))
    await servers[server].restart()
    return `${server} SIGKILL, away for ${AWAY_MS} ms`
  }

const endRedis: Blow['strike'] = async ({ stack: { servers } }) => {
  await servers.redis.kill('SIGKILL')
  return 'redis SIGKILL, for good'
}

const shuffled = <T>(items: readonly T[], random: () => number): T[] =>
  items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)

/** Strikes at seeded places, and compares what was left behind with the undisturbed run. */
const survive = async (
  split: boolean,
  strikes: readonly Blow['strike'][],
  random: () => number,
  durable = false,
): Promise<Record<'found' | 'wanted', object>> => {
  const moments = chosenMoments(session.undisturbed().tape, strikes.length, random)
  const blows = moments.map(({ seq, type }, i) => ({ seq, type, strike: strikes[i]! }))
  const { playing, outcome, log } = await playWithBlows(
    { files: [session.file], split, durable },
    blows,
  )
  try {
    const difference = await session.undisturbed().differenceFrom(playing)
    return {
      found: { log, struck: log.length, difference, outcome },
      wanted: {
        log,
        struck: strikes.length,
        difference: null,
        outcome: session.undisturbed().outcome,
      },
    }
  } finally {
    playing.remove()
  }
}

it('the session that is played has trades, or nothing would be proved', () => {
  expect(session.undisturbed().outcome.archive.byType['execution.trade.closed']).toBeGreaterThan(0)
})

describe('services that die while they work', () => {
  it.each(SEEDS)(
    'each of the nine once, one after the other (seed %d)',
    async (seed) => {
      const random = seededRandom(seed)
      const strikes = shuffled(SERVICES, random).map((service) => end([service], 'SIGKILL'))
      const { found, wanted } = await survive(true, strikes, random)
      expect(found).toEqual(wanted)
    },
    PLAY_MS_MAX,
  )

  it.each(SEEDS)(
    'four at once, killed and politely ended in turn, again and again (seed %d)',
    async (seed) => {
      const random = seededRandom(seed + 1_000)
      const strikes = Array.from({ length: 5 }, (_, i) =>
        end(shuffled(SERVICES, random).slice(0, 4), i % 2 === 0 ? 'SIGKILL' : 'SIGTERM'),
      )
      const { found, wanted } = await survive(true, strikes, random)
      expect(found).toEqual(wanted)
    },
    PLAY_MS_MAX,
  )
})

describe('servers that die while they are used', () => {
  it.each(SEEDS.flatMap((seed) => [true, false].map((split) => ({ seed, split }))))(
    'NATS and Postgres killed and started again, Redis killed for good (split: $split, seed $seed)',
    async ({ seed, split }) => {
      const random = seededRandom(seed + 2_000)
      const strikes = [cutOff('nats'), cutOff('postgres'), cutOff('nats'), endRedis]
      const { found, wanted } = await survive(split, shuffled(strikes, random), random, true)
      expect(found).toEqual(wanted)
    },
    PLAY_MS_MAX,
  )
})
