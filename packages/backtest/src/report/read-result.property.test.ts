import { describe, expect, it } from '@jest/globals'
import { hasCode } from '@tapedeck/contracts'
import fc from 'fast-check'
import { buildReport, parseContext, parseResult, renderReport } from './index.ts'

const at = fc.integer({ min: 0, max: 8_640_000_000_000_000 })
const words = fc.string({ maxLength: 12 })
const figure = fc.double({ noNaN: true, min: -1e12, max: 1e12 })
const maybe = fc.option(figure)

const trade = fc.record({
  trade_id: words,
  symbol: words,
  strategy: words,
  side: fc.constantFrom('LONG', 'SHORT'),
  grade: fc.option(words),
  exit_reason: words,
  session: words,
  entered_at: at,
  exited_at: at,
  quantity: figure,
  entry_price: figure,
  exit_price: figure,
  fees: figure,
  funding: figure,
  net_pnl: figure,
  r: maybe,
  mae_r: maybe,
  mfe_r: maybe,
})

/** What the shape allows; whether it makes sense is another matter. Spans of days, so that it stays quick. */
const result = fc.record({
  run_id: words,
  strategy: words,
  symbols: fc.array(words, { maxLength: 2 }),
  from: fc.constant(1_700_000_000_000),
  to: fc.integer({ min: 1_700_000_000_000, max: 1_710_000_000_000 }),
  starting_balance: figure,
  trades: fc.array(trade, { maxLength: 8 }),
  equity: fc
    .array(
      fc.record({
        at: fc.integer({ min: 1_700_000_000_000, max: 1_710_000_000_000 }),
        equity: figure,
      }),
      { maxLength: 8 },
    )
    .map((points) => points.toSorted((a, b) => a.at - b.at)),
  counts: fc.dictionary(words, figure, { maxKeys: 3 }),
  provenance: fc.dictionary(words, words, { maxKeys: 3 }),
  limits: fc.array(fc.record({ code: words, about: words }), { maxLength: 2 }),
  gaps: fc.array(fc.record({ symbol: words, from: at, to: at, what: words }), { maxLength: 2 }),
  stopped: fc.option(fc.record({ at, reason: words })),
})

const problemOf = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}

describe('reading results', () => {
  it('takes every result of the right shape, and draws it', () => {
    fc.assert(
      fc.property(result, (value) => {
        const read = parseResult(JSON.stringify(value), 'result.json')
        const page = renderReport(buildReport(read, { resamples: 100 }), read, null)
        expect(page.endsWith('</html>\n')).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('says what is wrong with any other, naming the file', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const problems = [parseResult, parseContext].map((parse) =>
          problemOf(() => parse(text, 'file')),
        )
        expect(problems.every((problem) => hasCode(problem, 'VALIDATION_FAILED'))).toBe(true)
        expect(problems.every((problem) => String(problem).includes('file: '))).toBe(true)
      }),
    )
  })

  it('names the field', () => {
    expect(() => parseResult('{"run_id":"r"}', 'f')).toThrow(/f: strategy/)
  })
})
