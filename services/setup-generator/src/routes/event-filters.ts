import {
  SETUP_STATES,
  Semver,
  SetupOutcome,
  Symbol,
  TapedeckError,
  Timeframe,
  Uuid,
  Venue,
} from '@tapedeck/contracts'
import { type RawBuilder, sql } from '@tapedeck/database'
import { z } from 'zod'

/** One of a list; a mistake is told with the value and what there is. */
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, {
    error: ({ input }) => `${JSON.stringify(input)} is none of ${values.join(', ')}`,
  })

const millis = (what: string) =>
  z.coerce
    .number({
      error: ({ input }) =>
        `${JSON.stringify(input)} is no time; expected milliseconds since 1970, UTC`,
    })
    .int('expected whole milliseconds')
    .min(0, 'expected milliseconds since 1970, UTC')
    .max(8_640_000_000_000_000, 'expected milliseconds since 1970, UTC')
    .optional()
    .describe(what)

export const flag = oneOf(['true', 'false']).transform((text) => text === 'true')
const State = oneOf(SETUP_STATES)
const Outcome = oneOf(SetupOutcome.options as ['hit_1r', 'hit_stop', 'ttl_expired'])
const Frame = oneOf(Timeframe.options as ['15s', '1m', '5m', '15m', '1h', '4h', '1d'])

/** What every reading of setup events can be narrowed to. */
export const NARROWING = {
  run_id: Uuid.optional().describe('Events of one run'),
  venue: Venue.optional(),
  symbol: Symbol.optional(),
  timeframe: Frame.optional(),
  engine_semver: Semver.optional(),
}

export const LIST_FILTERS = {
  ...NARROWING,
  feature_schema_version: Semver.optional(),
  state: State.optional(),
  outcome: Outcome.optional(),
  open: flag
    .optional()
    .describe('true: break attempts that wait for their outcome; false: all others'),
  chain: Uuid.optional().describe('The events of one setup: setup_chain_id'),
  since: millis('Earliest time, inclusive, ms'),
  until: millis('Latest time, exclusive, ms'),
}

export const EXPORT_FILTERS = {
  ...NARROWING,
  feature_schema_version: Semver.describe('Versions are never pooled, so one has to be named'),
  state: State.default('break_attempt'),
  require_outcome: flag.default(true).describe('Only events that have their label'),
  start: millis('Earliest time, inclusive, ms'),
  end: millis('Latest time, exclusive, ms'),
}

export interface EventFilters {
  readonly run_id?: string | undefined
  readonly venue?: string | undefined
  readonly symbol?: string | undefined
  readonly timeframe?: string | undefined
  readonly engine_semver?: string | undefined
  readonly feature_schema_version?: string | undefined
  readonly state?: string | undefined
  readonly outcome?: string | undefined
  readonly chain?: string | undefined
  readonly open?: boolean | undefined
  readonly require_outcome?: boolean | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
}

const EQUAL = {
  run_id: 'run_id',
  venue: 'venue',
  symbol: 'symbol',
  timeframe: 'timeframe',
  engine_semver: 'engine_semver',
  feature_schema_version: 'feature_schema_version',
  state: 'state',
  outcome: 'outcome',
  chain: 'setup_chain_id',
} as const

const isOpen = sql<boolean>`(outcome is null and state = 'break_attempt')`

/** The conditions of a reading, to be joined by `and`; there is always one. */
export const conditionsOf = (filters: EventFilters): RawBuilder<boolean>[] => {
  const equal = (Object.keys(EQUAL) as (keyof typeof EQUAL)[]).flatMap((name) => {
    const value = filters[name]
    return value === undefined ? [] : [sql<boolean>`${sql.ref(EQUAL[name])} = ${value}`]
  })
  const { open, since, until, require_outcome } = filters
  return [
    sql<boolean>`true`,
    ...equal,
    ...(open === undefined ? [] : [open ? isOpen : sql<boolean>`not ${isOpen}`]),
    ...(require_outcome === true ? [sql<boolean>`outcome is not null`] : []),
    ...(since === undefined ? [] : [sql<boolean>`ts >= ${new Date(since)}`]),
    ...(until === undefined ? [] : [sql<boolean>`ts < ${new Date(until)}`]),
  ]
}

/** Refuses a range that holds nothing, naming both ends. */
export const checkRange = (
  from: { readonly name: string; readonly value: number | undefined },
  to: { readonly name: string; readonly value: number | undefined },
): void => {
  if (from.value === undefined || to.value === undefined || from.value < to.value) return
  throw new TapedeckError('VALIDATION_FAILED', 'The query has 1 mistake', {
    details: {
      errors: [
        {
          parameter: to.name,
          detail: `${to.name} ${to.value} is not after ${from.name} ${from.value}; the range holds nothing`,
          code: 'empty_range',
        },
      ],
    },
  })
}
