import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { decode, encode } from './decode.ts'
import type { Envelope } from './envelope.ts'
import { eventId } from './ids.ts'
import { DOMAIN_OF } from './services.ts'
import { scopeOf, subjectOf, typeOfSubject } from './subject-of.ts'
import { MESSAGES, MESSAGE_TYPES } from './subjects.ts'

/**
 * One golden file for each message type and version that was ever released. They are never edited:
 * what an old tape holds must stay readable.
 */
const FOLDER = join(import.meta.dirname, '../fixtures')

const rows = MESSAGE_TYPES.flatMap((type) =>
  Array.from({ length: MESSAGES[type].version }, (_, i) => ({ type, version: i + 1 })),
)
const bytesOf = (type: string, version: number): Uint8Array =>
  readFileSync(join(FOLDER, `${type}.v${version}.json`))
const goldenOf = (type: string, version: number): Envelope =>
  JSON.parse(new TextDecoder().decode(bytesOf(type, version))) as Envelope

it('every released version has its golden file, and no file is left over', () => {
  const expected = rows.map(({ type, version }) => `${type}.v${version}.json`)
  expect(readdirSync(FOLDER).toSorted()).toEqual(expected.toSorted())
})

describe.each(rows)('$type version $version', ({ type, version }) => {
  const golden = goldenOf(type, version)
  const { publisher, aggregate, version: current } = MESSAGES[type]

  it('decodes to the current version; a field that was added since has its default, none is lost', () => {
    const decoded = decode(bytesOf(type, version))
    if (!decoded.ok) throw new Error(`${decoded.reason}: ${decoded.detail}`)
    const { payload, ...frame } = golden
    expect(decoded.envelope).toMatchObject({ ...frame, schema_version: current })
    expect(decoded.envelope.payload).toMatchObject(payload as object)
  })

  it('comes back the same from its own bytes', () => {
    const once = decode(bytesOf(type, version))
    if (!once.ok) throw new Error(once.detail)
    expect(decode(encode(once.envelope))).toEqual(once)
  })

  it('says what it is: type, version, aggregate, and an id derived from them', () => {
    expect(golden).toMatchObject({
      type,
      schema_version: version,
      aggregate_type: aggregate,
      producer: { service: publisher },
      event_id: eventId(golden.run_id, type, golden.aggregate_id, golden.aggregate_version),
    })
  })

  it('is published below the domain of its publisher, on a subject that names its type', () => {
    const subject = subjectOf(type, scopeOf(type, golden.payload))
    expect(type.split('.')[0]).toBe(DOMAIN_OF[publisher])
    expect(typeOfSubject(subject)).toBe(type)
    expect(subject).toMatch(/^tape(\.[A-Za-z0-9_-]+){3,5}$/)
  })
})

it('the golden files are one story: every cause is one of them', () => {
  const goldens = rows.map(({ type, version }) => goldenOf(type, version))
  const ids = new Set<string | null>(goldens.map((golden) => golden.event_id))
  expect(ids.size).toBe(goldens.length)
  expect(goldens.filter(({ causation_id: id }) => id !== null && !ids.has(id))).toEqual([])
})

it('version 1 of a closed trade reads as one without funding and without fees in other assets', () => {
  const decoded = decode(bytesOf('execution.trade.closed', 1))
  expect(decoded).toMatchObject({
    ok: true,
    envelope: {
      schema_version: 3,
      payload: { funding: '0', other_fees: [], net_pnl: '56.0342151' },
    },
  })
})

it('version 1 of a signal reads as version 2 outside any setup event, without a model', () => {
  expect(decode(bytesOf('setup.signal.generated', 1))).toMatchObject({
    ok: true,
    envelope: {
      schema_version: 2,
      payload: {
        setup_event_id: null,
        feature_schema_version: null,
        strategy_template_version: null,
        model_score: null,
      },
    },
  })
})

it.each(['execution.order.filled', 'execution.order.partially_filled'])(
  'version 1 of %s reads as one whose fee was paid in the quote asset',
  (type) => {
    const { fill } = goldenOf(type, 1).payload as { fill: { fee: string } }
    expect(decode(bytesOf(type, 1))).toMatchObject({
      ok: true,
      envelope: { schema_version: 2, payload: { fill: { fee: fill.fee, fee_quote: fill.fee } } },
    })
  },
)

it('version 1 of what a venue told reads as one that says nothing of how long a limit lasts', () => {
  expect(decode(bytesOf('execution.venue.reported', 1))).toMatchObject({
    ok: true,
    envelope: { schema_version: 2, payload: { report: 'filled', retry_in_ms: null } },
  })
})

it('version 1 of a correction reads as one that names no other asset', () => {
  expect(decode(bytesOf('reconciler.correction.requested', 1))).toMatchObject({
    ok: true,
    envelope: { schema_version: 2, payload: { fee_asset: null } },
  })
})
