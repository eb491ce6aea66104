import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import {
  FrozenSetupEvent,
  type Message,
  SetupEventDetail,
  type SetupEventRecord,
} from '@tapedeck/contracts'
import { createSetupDecider } from '@tapedeck/core'
import { sql } from '@tapedeck/database'
import { createLogger, createMetrics, loadTradingConfig } from '@tapedeck/runtime'
import { golden, restlessBars, sealed, withService } from '@tapedeck/service-testkit'
import { z } from 'zod'
import { setupGeneratorService } from '../src/index.ts'
import { type LabelRefusal, type OnRefused, projectOutputs } from '../src/ledger/index.ts'
import { createSetupMeter } from '../src/metrics.ts'

const service = withService(setupGeneratorService)
const CONFIG = join(import.meta.dirname, '../../../config/tapedeck.yaml')
const BARS = restlessBars(1_200, '15m')

/** What the bars make of a decider that nothing disturbs. */
const expected = () => {
  const decider = createSetupDecider(loadTradingConfig(CONFIG))
  return BARS.flatMap((bar) => decider.handle(bar)).flatMap((o) =>
    o.type === 'setup.event.recorded' ? [o.payload] : [],
  )
}
const list = async (query = '') => {
  const { status, body } = await service().call('GET', `/v1/setup-events${query}`, {
    role: 'viewer',
  })
  return { status, body, events: body.data as unknown as SetupEventRecord[] }
}
/** Every page of a list. */
const all = async (query: string): Promise<SetupEventRecord[]> => {
  const found: SetupEventRecord[] = []
  for (let cursor = ''; ;) {
    const { body, events } = await list(`${query}${cursor}`)
    found.push(...events)
    const { next_cursor: next } = body['page'] as { next_cursor: string | null }
    if (next === null) return found
    cursor = `&cursor=${next}`
  }
}
const attempts = async () => (await all('?state=break_attempt&limit=500')).toReversed()

/** What the reconciler says of an attempt. */
const decided = (
  event: SetupEventRecord,
  outcome: 'hit_1r' | 'hit_stop',
): Message<'reconciler.setup_outcome.decided'> =>
  golden('reconciler.setup_outcome.decided', {
    setup_event_id: event.setup_event_id,
    setup_chain_id: event.setup_chain_id,
    timeframe: event.timeframe,
    outcome,
    outcome_ts: event.ts + 900_000,
    bars_to_outcome: 1,
    r_achieved: outcome === 'hit_1r' ? 1 : -1,
  })

/** Puts the checkpoint back to what it was: what a service that is killed before the next one finds. */
const keepCheckpoint = async () => {
  const { db } = service()
  for (const table of ['checkpoint', 'checkpoint_history'])
    await sql.raw(`create table kept_${table} as select * from ${table}`).execute(db.kysely)
  return async () => {
    for (const table of ['checkpoint', 'checkpoint_history'])
      await sql
        .raw(
          `delete from ${table}; insert into ${table} select * from kept_${table}; drop table kept_${table}`,
        )
        .execute(db.kysely)
  }
}

describe('setup events on the tape and in the ledger', () => {
  it('are those of the bars, once each, although the service died in between', async () => {
    await service().tell([golden('market.run.started'), ...BARS.slice(0, 400)])
    await service().restart()
    const putBack = await keepCheckpoint()
    await service().tell(BARS.slice(400, 800))
    await service().restart(putBack)
    await service().tell(BARS.slice(800))
    const tape = await service().onTape('setup.event.recorded')
    expect(tape.map(({ payload }) => payload)).toEqual(expected())
    expect(tape.length).toBeGreaterThan(20)
    expect(tape.map(({ seq }) => seq)).toEqual(tape.map((_, i) => i + 1))
    await service().restart()
    const rows = await all('?limit=7')
    expect(rows.map((row) => row.event_id)).toEqual(
      tape.map(({ event_id }) => event_id).toReversed(),
    )
  })

  it('are frozen in the text that their hash was taken of', async () => {
    const { body } = await service().call(
      'GET',
      '/v1/setup-events/export?feature_schema_version=1.2.0&require_outcome=false&limit=2000',
    )
    for (const event of z.array(FrozenSetupEvent).parse(body.data)) {
      const hash = createHash('sha256').update(event.feature_snapshot_text, 'utf8').digest('hex')
      expect(hash).toBe(event.feature_snapshot_hash)
    }
    const told = body.data as unknown as FrozenSetupEvent[]
    const first = expected().find(({ state }) => state === 'break_attempt')
    expect(told.find((event) => event.setup_event_id === first!.setup_event_id)).toMatchObject({
      entry_price: first!.entry_price,
      stop_price_abs: first!.stop_price_abs,
      target_price_abs: first!.target_price_abs,
      time_in_session_sin: first!.session.time_in_session_sin,
    })
  })

  it.each<[string, string, RegExp]>([
    ['a feature', `update setup_event_ledger set feature_snapshot_text = '{}'`, /is frozen/],
    ['a price', 'update setup_event_ledger set entry_price = entry_price + 1', /is frozen/],
    ['a version', `update setup_event_ledger set feature_schema_version = '1.1.0'`, /is frozen/],
    ['a row', 'delete from setup_event_ledger', /only grows/],
    ['all rows', 'truncate setup_event_ledger', /only grows/],
    ['the snapshot as JSON', `update setup_event_ledger set feature_snapshot = '{}'`, /DEFAULT/],
    ['half a label', `update setup_event_ledger set outcome = 'hit_1r'`, /check constraint/],
  ])('keep %s, whoever asks the database', async (_, statement, refusal) => {
    const asked = sql.raw(
      `${statement} where state = 'break_attempt'`.replace(/^(truncate \w+).*/, '$1'),
    )
    await expect(asked.execute(service().db.kysely)).rejects.toThrow(refusal)
  })

  it('cannot be put in with a hash of something else', async () => {
    const forged = golden('setup.event.recorded', { feature_snapshot_hash: '0'.repeat(64) })
    const putIn = service().db.transaction(
      async (tx) => await projectOutputs(tx, sealed([forged]), [], () => {}),
    )
    await expect(putIn).rejects.toThrow(/feature_snapshot_hash|check constraint/)
  })
})

describe('labels', () => {
  it('are taken from the tape, once; another one is refused and changes nothing', async () => {
    const [first, second] = await attempts()
    await service().tell([decided(first!, 'hit_1r'), decided(second!, 'hit_stop')])
    await service().restart()
    const labeled = await all('?open=false&state=break_attempt')
    expect(labeled.map(({ outcome }) => outcome)).toEqual(['hit_stop', 'hit_1r'])
    // The same again, another one, and one for an event that nobody recorded.
    const unknown = { ...first!, setup_event_id: '00000000-0000-5000-8000-000000000000' }
    await service().tell([
      decided(first!, 'hit_1r'),
      decided(first!, 'hit_stop'),
      decided(unknown, 'hit_1r'),
    ])
    await service().restart()
    expect(await all('?open=false&state=break_attempt')).toEqual(labeled)
  })

  it('tell who asked for another one', async () => {
    const [first] = await attempts()
    const told: [LabelRefusal, string | null][] = []
    const onRefused: OnRefused = (refusal, _, standing) => void told.push([refusal, standing])
    const take = async (...messages: Message[]) =>
      await service().db.transaction(
        async (tx) =>
          await projectOutputs(
            tx,
            [],
            messages.map((message) => ({ message, raw: undefined as never })),
            onRefused,
          ),
      )
    await take(decided(first!, 'hit_1r'))
    expect(told).toEqual([])
    await take(decided(first!, 'hit_stop'))
    expect(told).toEqual([['different', 'hit_1r']])
    const relabel = sql`update setup_event_ledger set outcome = 'hit_stop' where outcome = 'hit_1r'`
    await expect(relabel.execute(service().db.kysely)).rejects.toThrow(/has its outcome already/)
  })
})

describe('links', () => {
  it('lead from a signal to its setup event and back, and stay', async () => {
    const [first] = await attempts()
    const signal = (signal_id: string) =>
      golden('setup.signal.generated', { signal_id, setup_event_id: first!.setup_event_id })
    for (const id of ['SIG-1', 'SIG-2'])
      await service().db.transaction(
        async (tx) => await projectOutputs(tx, sealed([signal(id)]), [], () => {}),
      )
    const { body } = await service().call('GET', `/v1/setup-events/${first!.setup_event_id}`)
    const detail = SetupEventDetail.parse(body)
    expect(detail.signal_event_id).toBe('SIG-1')
    expect(detail.signals.map(({ signal_id }) => signal_id)).toEqual(['SIG-1', 'SIG-2'])
    expect(detail.chain.map(({ state }) => state)).toEqual([
      'compression_candidate',
      'break_attempt',
    ])
    expect(Object.keys(detail.feature_snapshot)).toHaveLength(
      Object.keys(JSON.parse(detail.feature_snapshot_text) as object).length,
    )
    const signals = await service().call(
      'GET',
      `/v1/signals?setup_event_id=${first!.setup_event_id}`,
    )
    expect(signals.body.data).toHaveLength(2)
    expect(signals.body.data![0]).toMatchObject({ feature_schema_version: '1.2.0' })
  })
})

describe('reading', () => {
  it.each([
    ['symbol=BTCUSDT&venue=binance-usdm&timeframe=15m', true],
    ['feature_schema_version=1.2.0&engine_semver=0.5.0', true],
    ['state=compression_candidate', true],
    ['outcome=hit_1r', true],
    ['open=true', true],
    ['symbol=ETHUSDT', false],
    ['timeframe=1h', false],
    ['feature_schema_version=1.1.0', false],
    ['outcome=ttl_expired', false],
    ['since=4000000000000', false],
    ['until=1000', false],
  ])('filters by %s', async (filter, some) => {
    const { status, events } = await list(`?${filter}`)
    expect([status, events.length > 0]).toEqual([200, some])
  })

  it('narrows to a time, half open, and to a chain', async () => {
    const [newest] = (await list('?limit=1')).events
    const at = newest!.ts
    expect((await list(`?since=${at}&until=${at + 1}`)).events).toEqual([newest])
    expect((await list(`?until=${at}&limit=1`)).events[0]!.ts).toBeLessThan(at)
    const chain = await list(`?chain=${newest!.setup_chain_id}`)
    expect(new Set(chain.events.map((event) => event.setup_chain_id)).size).toBe(1)
  })

  it('exports labeled attempts of one version, oldest first, in pages without gap or duplicate', async () => {
    const exported = await all('/export?feature_schema_version=1.2.0&limit=1')
    expect(exported.map(({ outcome }) => outcome)).toEqual(['hit_1r', 'hit_stop'])
    const whole = await all(
      '/export?feature_schema_version=1.2.0&require_outcome=false&state=compression_candidate&limit=5',
    )
    expect(whole.map(({ ts }) => ts)).toEqual(whole.map(({ ts }) => ts).toSorted((a, b) => a - b))
    expect(new Set(whole.map(({ event_id }) => event_id)).size).toBe(whole.length)
    const half = whole[Math.floor(whole.length / 2)]!.ts
    const range = (query: string) =>
      all(
        `/export?feature_schema_version=1.2.0&require_outcome=false&state=compression_candidate${query}`,
      )
    expect([...(await range(`&end=${half}`)), ...(await range(`&start=${half}`))]).toEqual(whole)
  })

  it('counts by state and outcome, in all and per symbol and timeframe', async () => {
    const { body } = await service().call('GET', '/v1/setup-events/summary')
    const events = await all('?limit=500')
    const tried = events.filter(({ state }) => state === 'break_attempt').length
    const counts = {
      compression_candidate: events.length - tried,
      break_attempt: tried,
      open: tried - 2,
      hit_1r: 1,
      hit_stop: 1,
      ttl_expired: 0,
      ambiguous: 0,
      signalled: 1,
      mean_r: 0,
    }
    expect(body).toEqual({
      total: counts,
      data: [{ venue: 'binance-usdm', symbol: 'BTCUSDT', timeframe: '15m', ...counts }],
    })
    const none = await service().call('GET', '/v1/setup-events/summary?symbol=ETHUSDT')
    expect(none.body).toMatchObject({ total: { break_attempt: 0, mean_r: null }, data: [] })
  })

  it.each<[string, string, string, RegExp]>([
    ['?state=borken', 'state', 'VALIDATION_FAILED', /"borken".*compression_candidate/],
    ['?outcome=win', 'outcome', 'VALIDATION_FAILED', /"win".*hit_1r/],
    ['?timeframe=2m', 'timeframe', 'VALIDATION_FAILED', /"2m".*15m/],
    ['?open=yes', 'open', 'VALIDATION_FAILED', /"yes".*true, false/],
    ['?since=yesterday', 'since', 'VALIDATION_FAILED', /milliseconds/],
    ['?since=5&until=5', 'until', 'VALIDATION_FAILED', /until 5 is not after since 5/],
    ['?limit=501', 'limit', 'VALIDATION_FAILED', /500/],
    ['?symbols=BTCUSDT', 'symbols', 'VALIDATION_FAILED', /unknown field/],
    ['/export', 'feature_schema_version', 'VALIDATION_FAILED', /./],
    [
      '/export?feature_schema_version=1.2',
      'feature_schema_version',
      'VALIDATION_FAILED',
      /1\.2\.0/,
    ],
    ['/export?feature_schema_version=1.2.0&limit=2001', 'limit', 'VALIDATION_FAILED', /2000/],
    ['/not-an-id', 'id', 'VALIDATION_FAILED', /UUID/],
  ])('%s is a mistake in %s', async (query, field, code, detail) => {
    const { status, body } = await list(query)
    expect([status, body['code']]).toEqual([422, code])
    expect(body['errors']).toMatchObject([
      { parameter: field, detail: expect.stringMatching(detail) },
    ])
  })

  it.each([
    ['?cursor=abc', 'CURSOR_INVALID', 400],
    [`?cursor=${Buffer.from('[1,"x","y","z"]').toString('base64url')}`, 'CURSOR_INVALID', 400],
    ['/00000000-0000-5000-8000-000000000000', 'NOT_FOUND', 404],
  ])('%s is refused with %s', async (query, code, status) => {
    const answer = await list(query)
    expect([answer.status, answer.body['code']]).toEqual([status, code])
  })

  it('refuses the cursor of other filters', async () => {
    const { body } = await list('?limit=1')
    const { next_cursor: next } = body['page'] as { next_cursor: string }
    const { body: refused } = await list(`?limit=1&state=break_attempt&cursor=${next}`)
    expect(refused['code']).toBe('CURSOR_INVALID')
  })
})

it('counts what is new, and labels that were refused', async () => {
  const metrics = createMetrics('setup-generator', '1')
  const logger = createLogger({
    level: 'fatal',
    format: 'json',
    instanceId: 'test',
    environment: 'test',
  })
  const { observe, onRefused } = createSetupMeter(metrics, logger)
  const recorded = golden('setup.event.recorded', { score_failure: 'THREW' })
  observe(recorded, { isNew: false })
  observe(recorded, { isNew: true })
  observe(golden('setup.signal.generated'), { isNew: true })
  onRefused('different', golden('reconciler.setup_outcome.decided'), 'hit_stop')
  const text = await metrics.text()
  expect(text).toMatch(/setup_events_total\{timeframe="15m",state="break_attempt".*\} 1/)
  expect(text).toMatch(/setup_score_failures_total\{failure="THREW".*\} 1/)
  expect(text).toMatch(/setup_signals_linked_total\{linked="true".*\} 1/)
  expect(text).toMatch(/setup_labels_refused_total\{refusal="different".*\} 1/)
})

// Last, because every list above would hold them.
it('takes any number of events at once', async () => {
  const many = Array.from({ length: 2_000 }, () =>
    golden('setup.event.recorded', { setup_event_id: randomUUID(), symbol: 'MANYUSDT' }),
  )
  await service().db.transaction(async (tx) => await projectOutputs(tx, sealed(many), [], () => {}))
  const { body } = await service().call('GET', '/v1/setup-events/summary?symbol=MANYUSDT')
  expect(body).toMatchObject({ total: { break_attempt: 2_000, open: 2_000 } })
})
