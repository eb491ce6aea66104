import { expect, it } from '@jest/globals'
import { CODE_FILES, isTest, textOf } from './repository.ts'
import { codeOf, importsOf, linesWith } from './source-text.ts'

/**
 * What would make the same tape give another answer tomorrow, or on another machine. oxlint knows most
 * of it; this holds where a lint rule was switched off in place.
 */
const IMPURE =
  /(?<![.\w$])(Date|process|globalThis|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|crypto|performance|console|Intl|WeakRef|FinalizationRegistry)\b(?!\s*:)|\bMath\.random\b|\.toLocale\w+\(|\.localeCompare\(/

const impurities = (path: string, text: string): string[] => [
  ...linesWith(path, codeOf(text), IMPURE),
  ...importsOf(text)
    .filter((specifier) => specifier.startsWith('node:'))
    .map((specifier) => `${path} imports ${specifier}`),
]

it.each<[string, number]>([
  ['const now = Date.now()', 1],
  ['return new Date(at)', 1],
  ['const pick = Math.random()', 1],
  ['setTimeout(next, 5)', 1],
  ['names.sort((a, b) => a.localeCompare(b))', 1],
  ["import { readFileSync } from 'node:fs'", 1],
  ['// a Date is what we never read', 0],
  ["const text = 'process'", 0],
  ['state.process(event)', 0],
])('%s', (code, found) => {
  expect(impurities('x.ts', code)).toHaveLength(found)
})

it('contracts, core and the simulated exchange are pure', () => {
  const pure = CODE_FILES.filter(
    (path) =>
      /^packages\/(contracts\/src|core\/src|venue-simulator\/src\/exchange)\//.test(path) &&
      !isTest(path),
  )
  expect(pure.length).toBeGreaterThan(20)
  expect(pure.flatMap((path) => impurities(path, textOf(path)))).toEqual([])
})
