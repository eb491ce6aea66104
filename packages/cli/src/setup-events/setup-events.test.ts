import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SetupEventsConfig } from '@tapedeck/contracts'
import { EXIT } from '../exit-codes.ts'
import { runCli } from '../run-cli.ts'
import { memoryTerminal } from '../terminal/memory-terminal.fixture.ts'
import { EVENT_COLUMNS, exportColumns } from './export-columns.ts'
import type { ExportedEvent } from './export-row.ts'
import { walkKlines } from './klines.fixture.ts'
import { openSources } from './scan-sources.ts'
import { SetupScan } from './setup-scan.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-setup-events-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

const run = async (...argv: string[]) => {
  const terminal = memoryTerminal()
  const code = await runCli(['setup-events', ...argv], terminal)
  return { code, out: terminal.stdout(), err: terminal.stderr() }
}

const klines = walkKlines(4000, 5)
writeFileSync(at('BTCUSDT-15m.csv'), klines)
writeFileSync(at('other.csv'), walkKlines(1500, 6))

/** The events of the first file, by the functions that the scan is made of. */
const eventsOf = async (): Promise<ExportedEvent[]> => {
  const [source] = await openSources({
    files: [at('BTCUSDT-15m.csv')],
    symbol: undefined,
    venue: 'binance-spot',
    trading: () => {
      throw new Error('klines need no configuration')
    },
  })
  const scan = new SetupScan(SetupEventsConfig.parse({}))
  const events: ExportedEvent[] = []
  await source!.read(async (bars) => {
    for (const bar of bars) events.push(...scan.push(bar))
    await Promise.resolve()
  })
  return [...events, ...scan.finish()]
}

const events = await eventsOf()
const attempts = events.filter(({ state }) => state === 'break_attempt')

describe('the events of a scan', () => {
  it('come in the order seen, attempts with their labels, timeframes that longer bars are made of too', () => {
    expect(attempts.length).toBeGreaterThan(10)
    expect(new Set(events.map(({ timeframe }) => timeframe))).toEqual(new Set(['15m', '1h']))
    expect(events.map(({ ts }) => ts)).toEqual(events.map(({ ts }) => ts).toSorted((a, b) => a - b))
    const last = Math.max(...events.map(({ ts }) => ts))
    const unlabeled = attempts.filter(({ outcome }) => outcome === null)
    expect(unlabeled.every(({ ts }) => last - ts < 49 * 3_600_000)).toBe(true)
    expect(attempts.length).toBeGreaterThan(unlabeled.length)
  })

  it('have a column each for everything that is recorded, and no two of one name', () => {
    const [first] = events
    const { feature_snapshot_text: _, feature_snapshot_hash: __, ...recorded } = first!
    expect(new Set(EVENT_COLUMNS.map(({ name }) => name))).toEqual(new Set(Object.keys(recorded)))
    const names = exportColumns().map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('is_inside_bar')
  })
})

type Group = Record<string, number | string | null>
const groupsIn = (out: string): Group[] => (JSON.parse(out) as { groups: Group[] }).groups

describe('scan', () => {
  it('counts what the events say, per symbol, timeframe and year', async () => {
    const { code, out } = await run(
      'scan',
      at('BTCUSDT-15m.csv'),
      `ETHUSDT=${at('other.csv')}`,
      '--json',
    )
    expect(code).toBe(EXIT.OK)
    const groups = groupsIn(out)
    expect(groups.map(({ symbol, timeframe, year }) => [symbol, timeframe, year])).toEqual([
      ['BTCUSDT', '15m', 2025],
      ['BTCUSDT', '1h', 2025],
      ['ETHUSDT', '15m', 2025],
      ['ETHUSDT', '1h', 2025],
    ])
    for (const group of groups.slice(0, 2)) {
      const own = events.filter(({ timeframe }) => timeframe === group['timeframe'])
      const of = (outcome: string | null): number =>
        own.filter((each) => each.state === 'break_attempt' && each.outcome === outcome).length
      const labeled = own.flatMap(({ r_achieved: r }) => r ?? [])
      expect(group).toMatchObject({
        compression_candidate: own.filter(({ state }) => state === 'compression_candidate').length,
        hit_1r: of('hit_1r'),
        hit_stop: of('hit_stop'),
        ttl_expired: of('ttl_expired'),
        open: of(null),
      })
      const sum = labeled.reduce((total, r) => total + r, 0)
      expect(group['mean_r']).toBeCloseTo(sum / labeled.length, 12)
    }
    const table = await run('scan', at('BTCUSDT-15m.csv'), '--timeframe', '15m')
    expect(table.out).toMatch(/^symbol +timeframe +year +bars/)
    expect(table.out.trim().split('\n')).toHaveLength(2)
  })

  it('finds the same in a tape that was made of the file', async () => {
    const file = at('BTCUSDT-15m.csv')
    const where = ['--venue', 'binance-spot', '--symbol', 'BTCUSDT', '--output', at('tape')]
    expect(await runCli(['tape', 'convert', file, ...where], memoryTerminal())).toBe(EXIT.OK)
    const [ofTape, ofFile] = [
      await run('scan', at('tape'), '--json'),
      await run('scan', file, '--json'),
    ]
    expect(groupsIn(ofTape.out)).toHaveLength(2)
    expect(ofTape.out).toBe(ofFile.out)
  })

  it('keeps and counts what lies before a bad place, and says where it is', async () => {
    const lines = klines.split('\n')
    lines[2000] = lines[2000]!.replace(',', ',x')
    writeFileSync(at('DAMAGED-15m.csv'), lines.join('\n'))
    const output = at('damaged.parquet')
    const { code, out, err } = await run(
      'scan',
      at('DAMAGED-15m.csv'),
      '--json',
      '--output',
      output,
    )
    expect(code).toBe(EXIT.CHECK_FAILED)
    expect(err).toContain('DAMAGED-15m.csv line 2001')
    expect(groupsIn(out)[0]).toMatchObject({ symbol: 'DAMAGED', bars: 2000 })
    expect(existsSync(output)).toBe(true)
  })

  it.each<[string, string[], number, string]>([
    ['whose klines?', [at('other.csv')], EXIT.NOT_FOUND, 'does not say whose klines it holds'],
    ['no such file', [at('none-1h.csv')], EXIT.NOT_FOUND, 'there is no file'],
    [
      'finer than the bars',
      [at('BTCUSDT-15m.csv'), '--timeframe', '1m'],
      EXIT.CHECK_FAILED,
      'bars of 15m cannot show 1m',
    ],
    [
      'no timeframe',
      [at('BTCUSDT-15m.csv'), '--timeframe', '7m'],
      EXIT.USAGE,
      'Expected some of 1m',
    ],
    ['no venue', [at('BTCUSDT-15m.csv'), '--venue', 'A B'], EXIT.USAGE, 'Expected a venue'],
  ])('%s', async (_, argv, code, text) => {
    const found = await run('scan', ...argv)
    expect(found).toMatchObject({ code, out: '' })
    expect(found.err).toContain(text)
  })

  it('never replaces a file unasked, and leaves no half of one', async () => {
    const output = at('kept.parquet')
    writeFileSync(output, 'mine')
    const refused = await run('scan', at('BTCUSDT-15m.csv'), '--output', output)
    expect(refused.code).toBe(EXIT.CONFLICT)
    expect(readFileSync(output, 'utf8')).toBe('mine')
    expect((await run('scan', at('other.csv'), '--output', at('half.parquet'))).code).toBe(
      EXIT.NOT_FOUND,
    )
    expect((await run('scan', at('BTCUSDT-15m.csv'), '--output', output, '--force')).code).toBe(
      EXIT.OK,
    )
    expect(readFileSync(output).subarray(0, 4).toString()).toBe('PAR1')
    expect(readdirSync(folder).filter((name) => /half|partial/.test(name))).toEqual([])
  })
})

const PYTHON = process.env['TAPEDECK_PYTHON'] ?? 'python3'
const pandas = spawnSync(PYTHON, ['-c', 'import pandas, pyarrow'], { timeout: 60_000 }).status === 0
if (!pandas)
  process.stderr.write(
    `${PYTHON} has no pandas with pyarrow, so no Parquet file is read by them; name one that has with TAPEDECK_PYTHON\n`,
  )
const withPandas = pandas ? describe : describe.skip

/** What a notebook would do: hash again, compare columns with the text, look for NaN. */
const NOTEBOOK = `
import sys, json, hashlib, pandas as pd
rows = pd.read_parquet(sys.argv[1])
texts = [json.loads(text) for text in rows.feature_snapshot]
hashes = [hashlib.sha256(json.dumps(each, sort_keys=True).encode()).hexdigest() for each in texts]
assert hashes == list(rows.feature_snapshot_hash)
names = list(texts[0])
for name in names:
    assert [None if pd.isna(value) else value for value in rows[name]] == [each[name] for each in texts], name
known = rows[rows.ts >= rows.ts.min() + pd.Timedelta(days=16)]
print(json.dumps({
    'rows': len(rows), 'known': len(known), 'features': len(names), 'ts': str(rows.ts.dtype), 'burst': str(known.vol_burst.dtype),
    'missing': int(known[names].isna().sum().sum()),
    'unlabeled': int(rows[rows.state == 'break_attempt'].outcome.isna().sum()),
    'inside': bool((rows[rows.state == 'compression_candidate'].is_inside_bar == 1).all()),
}))
`
withPandas('pandas', () => {
  it('pandas reads a scan: every hash again, every column as in the text, no NaN where data sufficed', async () => {
    const output = at('pandas.parquet')
    await run('scan', at('BTCUSDT-15m.csv'), '--output', output)
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', NOTEBOOK, output], {
      encoding: 'utf8',
      timeout: 120_000,
    })
    expect(stderr).toBe('')
    const read = JSON.parse(stdout) as { known: number }
    expect(read.known).toBeGreaterThan(10)
    expect(read).toMatchObject({
      rows: events.length,
      features: 75,
      missing: 0,
      ts: 'datetime64[ms, UTC]',
      unlabeled: attempts.filter(({ outcome }) => outcome === null).length,
      inside: true,
    })
  })
})

const RUN = '11111111-1111-5111-8111-111111111111'
const rows = events
  .slice(0, 5)
  .map((event) => Object.assign({}, event, { run_id: RUN, event_id: event.setup_event_id }))
const paged = (url: URL) =>
  url.searchParams.has('cursor')
    ? { data: rows.slice(3), page: { next_cursor: null } }
    : { data: rows.slice(0, 3), page: { next_cursor: 'next' } }

describe('export from a running stack', () => {
  const gateway: { answer: (url: URL) => unknown } = { answer: paged }
  const asked: URL[] = []
  let server: Server
  const before = { ...process.env }

  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://gateway')
      asked.push(url)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(gateway.answer(url)))
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    process.env['TAPEDECK_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    process.env['TAPEDECK_API_KEY'] = 'key'
  })
  afterAll(() => {
    server.close()
    for (const name of ['TAPEDECK_URL', 'TAPEDECK_API_KEY'])
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
  })
  it('reads every page of what was asked for', async () => {
    gateway.answer = paged
    const output = at('export.parquet')
    const { code, out } = await run(
      'export-parquet',
      '--output',
      output,
      '--start',
      '2024-01-01',
      '--end',
      '2025-01-01T12:00Z',
      '--feature-schema-version',
      '1.2.0',
      '--state',
      'break_attempt',
      '--require-outcome',
      '--json',
    )
    expect(code).toBe(EXIT.OK)
    expect(JSON.parse(out)).toEqual({ file: output, rows: 5, feature_schema_version: '1.2.0' })
    expect(asked.map(({ pathname }) => pathname)).toEqual(
      Array(2).fill('/api/setup-generator/v1/setup-events/export'),
    )
    expect(Object.fromEntries(asked[1]!.searchParams)).toEqual({
      feature_schema_version: '1.2.0',
      state: 'break_attempt',
      require_outcome: 'true',
      start: String(Date.parse('2024-01-01')),
      end: String(Date.parse('2025-01-01T12:00Z')),
      cursor: 'next',
    })
  })

  it('an empty answer is an empty file, and says what was asked for', async () => {
    gateway.answer = () => ({ data: [], page: { next_cursor: null } })
    const output = at('empty.parquet')
    const { code, err } = await run('export-parquet', '--output', output)
    expect(code).toBe(EXIT.OK)
    expect(err).toContain('--no-require-outcome')
    expect(readFileSync(output).subarray(-4).toString()).toBe('PAR1')
  })

  it.each<[string, unknown, number, string]>([
    [
      'features that are not what was hashed',
      {
        data: [{ ...rows[0]!, feature_snapshot_text: '{"close": 1.0}' }],
        page: { next_cursor: null },
      },
      EXIT.USAGE,
      'the hash of its snapshot is',
    ],
    [
      'a row that is no event',
      { data: [{ ...rows[0]!, state: 'open' }], page: { next_cursor: null } },
      EXIT.UNAVAILABLE,
      'row 1, state',
    ],
    ['another answer', { hello: 1 }, EXIT.UNAVAILABLE, 'expected data and page.next_cursor'],
  ])('%s: refused, and nothing is left', async (_, body, code, text) => {
    gateway.answer = () => body
    const found = await run('export-parquet', '--output', at('refused.parquet'))
    expect(found).toMatchObject({ code, out: '' })
    expect(found.err).toContain(text)
    expect(readdirSync(folder).filter((name) => name.startsWith('refused'))).toEqual([])
  })

  it.each<[string[], string]>([
    [['export-parquet'], "required option '--output <file>' not specified"],
    [
      ['export-parquet', '--output', 'x', '--start', '2024-02-30'],
      'Expected a date such as 2024-01-31',
    ],
    [
      ['export-parquet', '--output', 'x', '--state', 'idle'],
      'Allowed choices are compression_candidate',
    ],
    [
      ['export-parquet', '--output', 'x', '--feature-schema-version', 'one'],
      'Expected a version such as 1.2.0.',
    ],
  ])('%j is refused', async (argv, text) => {
    const { code, err } = await run(...argv)
    expect(code).toBe(EXIT.USAGE)
    expect(err).toContain(text)
  })
})
