import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type {
  BarClosed,
  Message,
  ServiceName,
  SetupEventRecorded,
  SetupOutcomeDecided,
} from '@tapedeck/contracts'
import { makeTestFolder, removeTestFolder } from '@tapedeck/testkit'
import {
  type Blow,
  type Playing,
  type Survived,
  archiveLines,
  firstDifference,
  playWithBlows,
  writeRestlessConfig,
  writeRestlessSession,
} from './harness/index.ts'

/**
 * Goal: what a setup looked like and what became of it is recorded once, whoever dies meanwhile. Method: a
 * market of hours that rests and bursts is played through the whole stack, undisturbed in one process,
 * then in nine of which those concerned are killed at its setup events and outcomes. Archive and ledgers
 * must be equal; labels are computed again here from the archived bars, without the product's code, and
 * hashes in Python.
 */
const MINUTES = 150
const PLAY_MS_MAX = 900_000
const folder = makeTestFolder('setup-events')
const files = [join(folder, 'restless.ws.gz')]

/** What REST told before the stack was stopped. */
interface Told {
  readonly summary: { readonly total: Readonly<Record<string, number>> }
  readonly exported: readonly Readonly<Record<string, string | number | null>>[]
  readonly why: readonly { readonly type: string }[]
}

let configPath: string
let calm: Survived
let told: Told
let messages: Message[]

/** Through the gateway, as everybody else asks. */
const ask = async (playing: Playing, service: string, path: string): Promise<unknown> => {
  const { status, body } = await playing.ask('gateway', `/api/${service}${path}`)
  if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
  return body
}

const exported = async (playing: Playing): Promise<Told['exported']> => {
  const query = '?feature_schema_version=1.2.0&require_outcome=false'
  const page = await ask(playing, 'setup-generator', `/v1/setup-events/export${query}`)
  return (page as { data: Told['exported'] }).data
}

const isWhole = (rows: Told['exported']): boolean =>
  rows.length === attempts().length &&
  rows.filter(({ outcome }) => outcome !== null).length ===
    payloads('reconciler.setup_outcome.decided').length

/** When the ledger has followed: it does so some seconds after the tape went quiet. */
const listen = async (playing: Playing): Promise<void> => {
  messages = await parsed(playing.dataDir)
  let rows = await exported(playing)
  for (let tries = 0; !isWhole(rows) && tries < 1_500; tries++) {
    await sleep(100)
    rows = await exported(playing)
  }
  const [first] = rows
  const chain = String(first?.['setup_chain_id'])
  told = {
    summary: (await ask(playing, 'setup-generator', '/v1/setup-events/summary')) as Told['summary'],
    exported: rows,
    why: ((await ask(playing, 'journal', `/v1/events?id=${chain}`)) as { data: Told['why'] }).data,
  }
}

const parsed = async (dataDir: string): Promise<Message[]> => {
  const found: Message[] = []
  for await (const line of archiveLines(dataDir))
    found.push(JSON.parse(line.slice(line.indexOf('{'))) as Message)
  return found
}
const payloads = <T>(type: string): T[] =>
  messages.filter((message) => message.type === type).map(({ payload }) => payload as T)
const attempts = (): SetupEventRecorded[] =>
  payloads<SetupEventRecorded>('setup.event.recorded').filter(
    ({ state }) => state === 'break_attempt',
  )

beforeAll(async () => {
  configPath = writeRestlessConfig(folder)
  await writeRestlessSession(files[0]!, MINUTES)
  calm = await playWithBlows({ files, configPath }, [], listen)
  messages = await parsed(calm.playing.dataDir)
}, PLAY_MS_MAX)

afterAll(() => {
  calm?.playing.remove()
  removeTestFolder(folder)
})

describe('a market that rests and bursts', () => {
  it('has setups that end in more than one way', () => {
    const outcomes = payloads<SetupOutcomeDecided>('reconciler.setup_outcome.decided')
    expect(attempts().length).toBeGreaterThan(3)
    expect(outcomes.length).toBeGreaterThan(3)
    expect(new Set(attempts().map(({ timeframe }) => timeframe))).toContain('1m')
    expect(new Set(outcomes.map(({ outcome }) => outcome)).size).toBeGreaterThan(1)
    expect(calm.outcome.ledgers['setup_generator.setup_event_ledger']?.rows).toBe(
      payloads('setup.event.recorded').length,
    )
  })

  it('is labeled as its bars say, counted here once more', () => {
    const bars = payloads<BarClosed>('market.bar.closed')
    const outcomes = payloads<SetupOutcomeDecided>('reconciler.setup_outcome.decided')
    for (const attempt of attempts()) {
      const mine = labelOf(attempt, bars)
      const theirs = outcomes.filter((each) => each.setup_event_id === attempt.setup_event_id)
      expect(theirs.map(({ outcome, bars_to_outcome }) => [outcome, bars_to_outcome])).toEqual(
        mine === null ? [] : [mine],
      )
    }
  })

  it('is told through the gateway: counts, frozen features, labels, the chain of events', () => {
    const byId = new Map(attempts().map((attempt) => [attempt.setup_event_id, attempt]))
    const label = new Map(
      payloads<SetupOutcomeDecided>('reconciler.setup_outcome.decided').map((each) => [
        each.setup_event_id,
        each.outcome,
      ]),
    )
    expect(told.exported).toHaveLength(attempts().length)
    expect(told.summary.total['break_attempt']).toBe(told.exported.length)
    for (const event of told.exported) {
      const id = String(event['setup_event_id'])
      const { feature_snapshot_hash, entry_price, stop_price_abs } = byId.get(id)!
      expect(event).toMatchObject({ feature_snapshot_hash, entry_price, stop_price_abs })
      expect(event['outcome']).toBe(label.get(id) ?? null)
    }
    expect(told.exported.some(({ outcome }) => outcome !== null)).toBe(true)
    expect(told.why.map(({ type }) => type)).toEqual([
      'setup.event.recorded',
      'setup.event.recorded',
      'reconciler.setup_outcome.decided',
    ])
  })
})

const python = spawnSync('python3', ['--version']).status === 0 ? describe : describe.skip
python('a notebook', () => {
  it('hashes the frozen text the same, and reads the same from it', () => {
    const script = `
import hashlib, json, sys
for event in json.load(sys.stdin):
    snapshot = json.loads(event["feature_snapshot_text"])
    text = json.dumps(snapshot, sort_keys=True)
    assert text == event["feature_snapshot_text"]
    assert hashlib.sha256(text.encode()).hexdigest() == event["feature_snapshot_hash"]
print("same")`
    const input = JSON.stringify(told.exported)
    expect(execFileSync('python3', ['-c', script], { input }).toString()).toBe('same\n')
  })
})

/** First touch of target or stop from the bar after the break; null while neither came and time is left. */
const labelOf = (
  attempt: SetupEventRecorded,
  bars: readonly BarClosed[],
): [outcome: string, bars: number] | null => {
  const { entry_price: entry, stop_price_abs: stop, target_price_abs: target } = attempt
  const up = entry! > stop!
  const later = bars.filter(
    (bar) => bar.timeframe === attempt.timeframe && bar.open_time >= attempt.ts,
  )
  for (const [index, bar] of later.slice(0, attempt.ttl_bars).entries()) {
    const [high, low] = [bar.high_ticks / 10, bar.low_ticks / 10]
    const stopped = up ? low <= stop! : high >= stop!
    const won = up ? high >= target! : low <= target!
    // A bar that reached both is not for this test: no such market is played.
    expect(stopped && won).toBe(false)
    if (stopped || won) return [won ? 'hit_1r' : 'hit_stop', index + 1]
  }
  return later.length < attempt.ttl_bars ? null : ['ttl_expired', attempt.ttl_bars]
}

/** Kills whom a message comes from, or goes to, when it has come to lie on the tape. */
const kill =
  (services: readonly ServiceName[]): Blow['strike'] =>
  ({ stack }) =>
    services
      .map((service) => {
        const pid = stack.services.pid(service)
        if (pid !== null) process.kill(pid, 'SIGKILL')
        return `${service} ${pid === null ? 'was down' : 'SIGKILL'}`
      })
      .join(', ')

it(
  'leaves the same record when setup-generator and reconciler are killed at events and outcomes',
  async () => {
    const at = (type: string, nth: number): number => {
      const lines = messages.flatMap((message, index) => (message.type === type ? [index] : []))
      return seqs[lines[Math.min(nth, lines.length - 1)]!]!
    }
    const seqs: number[] = []
    for await (const line of archiveLines(calm.playing.dataDir))
      seqs.push(Number(line.slice(0, line.indexOf(' '))))
    const blow = (type: string, nth: number, services: readonly ServiceName[]): Blow => ({
      seq: at(type, nth),
      type,
      strike: kill(services),
    })
    const blows = [
      blow('setup.event.recorded', 1, ['setup-generator']),
      blow('setup.event.recorded', 3, ['reconciler']),
      blow('reconciler.setup_outcome.decided', 0, ['setup-generator']),
      blow('reconciler.setup_outcome.decided', 1, ['reconciler']),
      blow('setup.event.recorded', 6, ['setup-generator', 'reconciler']),
    ].toSorted((a, b) => a.seq - b.seq)
    const killed = await playWithBlows({ files, configPath, split: true }, blows)
    try {
      expect(killed.log.join('\n')).toMatch(/SIGKILL/)
      expect(killed.log).toHaveLength(blows.length)
      expect(await firstDifference(calm.playing.dataDir, killed.playing.dataDir)).toBeNull()
      expect(killed.outcome).toEqual(calm.outcome)
    } finally {
      killed.playing.remove()
    }
  },
  PLAY_MS_MAX,
)
