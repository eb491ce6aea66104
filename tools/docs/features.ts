import { FEATURE_FIELDS, FEATURE_SCHEMA_HISTORY, FEATURE_SCHEMA_VERSION } from '@tapedeck/core'
import { GENERATED, page, table } from './markdown.ts'

const needs = (known: (typeof FEATURE_FIELDS)[number]['needs']): string => {
  if ('bars' in known) return `${known.bars} ${known.bars === 1 ? 'bar' : 'bars'}`
  if (known.days === 0) return 'the day begun'
  return `${known.days} full ${known.days === 1 ? 'day' : 'days'}`
}

/** `docs/reference/features.md`, from the table that snapshots, hashes and Parquet columns are made from. */
export const featuresDocument = (): string =>
  page(
    GENERATED,
    '# Features',
    `What a setup event freezes, schema version ${FEATURE_SCHEMA_VERSION}. Computed from closed bars of one instrument and timeframe; nothing looks ahead. ` +
      'Unknown is null, never 0 or NaN: a field is known once what stands under "needs" was seen, and null again where its formula has no ' +
      'meaning (a share of a range of zero). `x[-1]` is the bar before, `x[-20..-1]` the 20 bars before this one; a day is a full UTC day made of the ' +
      'bars themselves, `D` the last one. The source is `packages/core/src/features/`.',
    table(
      ['Version', 'Added', 'Fields'],
      FEATURE_SCHEMA_HISTORY.map(({ version, added }) => [
        version,
        added,
        String(FEATURE_FIELDS.filter(({ since }) => since === version).length),
      ]),
    ),
    table(
      ['Field', 'Type', 'Unit', 'Since', 'Needs', 'Meaning', 'Formula'],
      FEATURE_FIELDS.map(({ name, type, unit, since, needs: known, meaning, formula }) => [
        `\`${name}\``,
        type,
        unit,
        since,
        needs(known),
        meaning,
        `\`${formula}\``,
      ]),
    ),
  )
