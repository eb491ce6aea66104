import { existsSync, statSync } from 'node:fs'
import { TIMEFRAME_MS, TapedeckError } from '@tapedeck/contracts'
import {
  axesOf,
  checkAxes,
  codeFingerprint,
  dataOpener,
  fingerprintOf,
  moduleHash,
  objectiveOf,
  searchPoints,
  studyStrategy,
  type DataCatalog,
  type OpenData,
  type Span,
  type TrialData,
  type TrialStudy,
} from '@tapedeck/backtest'
import { loadTradingConfig } from '@tapedeck/runtime'
import { resolve } from 'node:path'
import { parseParameters } from './parse-parameters.ts'

export interface SearchOptions {
  /** A tape, or files of bars. */
  readonly data: readonly string[]
  readonly strategy: string
  readonly venue: string | undefined
  readonly configPath: string
  readonly params: readonly string[]
  readonly spaceFile: string | undefined
  readonly search: 'grid' | 'random' | 'latin'
  readonly maxTrials: number
  readonly objective: string
  readonly minTrades: number
  readonly from: number | undefined
  readonly to: number | undefined
  readonly warmUpMs: number
  readonly periodMs: number | undefined
  readonly seed: number
}

/** `SYMBOL=path` says which symbol a file holds. */
const named = (given: string): { symbol: string | null; path: string } => {
  const match = /^([A-Z0-9_-]{1,32})=(.+)$/.exec(given)
  return match === null
    ? { symbol: null, path: resolve(given) }
    : { symbol: match[1]!, path: resolve(match[2]!) }
}

const findData = async (
  options: SearchOptions,
): Promise<{ data: TrialData; catalog: DataCatalog; paths: string[] }> => {
  const all = options.data.map(named)
  const missing = all.find(({ path }) => !existsSync(path))
  if (missing !== undefined) {
    throw new TapedeckError('NOT_FOUND', `there is no tape or file ${missing.path}`)
  }
  const paths = all.map(({ path }) => path)
  const isTape = paths.some((path) => statSync(path).isDirectory())
  const wantsTape = options.strategy === 'order_flow'
  if (isTape !== wantsTape || (isTape && paths.length > 1)) {
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `strategy ${options.strategy} plays ${wantsTape ? 'one tape (a folder)' : 'files of bars'}; given ${options.data.join(', ')}`,
      {
        hint: wantsTape
          ? 'Name a tape folder, or another --strategy for files of bars.'
          : 'Name files of klines, or --strategy order_flow for a tape.',
      },
    )
  }
  const catalog: Record<string, DataCatalog[string]> = {}
  const files: { fingerprint: string; symbol: string | null }[] = []
  for (const { path, symbol } of all) {
    const place = { kind: isTape ? 'tape' : 'file', path } as const
    const fingerprint = await fingerprintOf(place)
    catalog[fingerprint] = place
    files.push({ fingerprint, symbol: symbol ?? symbolIn(path) })
  }
  const [first] = files
  const data: TrialData = isTape
    ? { kind: 'tape', fingerprint: first!.fingerprint }
    : {
        kind: 'bars',
        fingerprint: files.map(({ fingerprint }) => fingerprint).join('+'),
        venue: options.venue ?? null,
        files,
      }
  return { data, catalog, paths }
}

/** `BTCUSDT-1h-2024.zip` says it by its name, which other machines' copies may not have. */
const symbolIn = (path: string): string | null =>
  /^([A-Z0-9_]+)-/.exec(
    path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1),
  )?.[1] ?? null

const text = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : 'nothing')

const rangeOf = (open: OpenData, { from, to }: SearchOptions): Span => {
  const whole =
    open.kind === 'tape'
      ? { from: open.tape.from, to: open.tape.to }
      : {
          from: Math.min(...open.bars.series.map(({ openTime }) => openTime[0] ?? Infinity)),
          to: Math.max(
            ...open.bars.series.map(
              ({ openTime, count, timeframe }) =>
                (openTime[count - 1] ?? -Infinity) + TIMEFRAME_MS[timeframe],
            ),
          ),
        }
  const range = { from: Math.max(whole.from, from ?? 0), to: Math.min(whole.to, to ?? Infinity) }
  if (range.from < range.to) return range
  throw new TapedeckError(
    'VALIDATION_FAILED',
    `there is no data from ${text(from ?? whole.from)} to ${text(to ?? whole.to)}; it goes from ${text(whole.from)} to ${text(whole.to)}`,
  )
}

/** Everything about a search that can be known, and be wrong, before the first trial. */
export const openSearch = async (options: SearchOptions) => {
  const trading = loadTradingConfig(options.configPath)
  const objective = objectiveOf(options.objective, options.minTrades)
  const isFile = options.strategy.includes('/') || options.strategy.endsWith('.ts')
  const module = isFile
    ? { path: resolve(options.strategy), sha256: hashOf(resolve(options.strategy)) }
    : null
  const { data, catalog, paths } = await findData(options)
  const study: TrialStudy = {
    code: codeFingerprint(),
    data,
    strategy: options.strategy,
    module,
    trading,
    warmUpMs: options.warmUpMs,
    seed: options.seed,
    rules: options.periodMs === undefined ? {} : periodRules(options.periodMs),
  }
  const definition = data.kind === 'tape' ? null : await studyStrategy(study)
  const axes = axesOf(parseParameters(options.params, options.spaceFile, definition))
  const points = searchPoints(axes, options)
  checkAxes(axes, trading, definition)
  const open = await dataOpener(catalog)(study)
  const range = rangeOf(open, options)
  /** Data that cannot be read to its end: what is before counts, and it is said. */
  const damage = open.kind === 'bars' ? (open.bars.damage?.error.message ?? null) : null
  return { damage, study, axes, points, objective, range, catalog, paths }
}

export type OpenSearch = Awaited<ReturnType<typeof openSearch>>

const YEAR_MS = 365 * 86_400_000
const periodRules = (periodMs: number) => ({ periodMs, periodsPerYear: YEAR_MS / periodMs })

const hashOf = (path: string): string => {
  try {
    return moduleHash(path)
  } catch (cause) {
    throw new TapedeckError('NOT_FOUND', `there is no strategy module ${path}`, { cause })
  }
}
