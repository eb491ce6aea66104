import { describe, expect, it } from '@jest/globals'
import { CODE_FILES, FILES, TEXT_FILES, isTest, textOf } from './repository.ts'
import { codeOf, linesWith } from './source-text.ts'

const LINES_MAX = 300
/** Files that may be longer, each with its reason. */
const LONGER: ReadonlySet<string> = new Set([
  // The list of what the core offers, by name.
  'packages/core/src/index.ts',
  // The one catalogue of error codes: a table.
  'packages/contracts/src/errors.ts',
])

const OWN = /^tools\/checks\//
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.(ts|tsx|mts|mjs)$/
const VAGUE = /(^|[/._-])(utils?|helpers?|common|misc|managers?)([/._-]|$)/i
const MARKERS = new RegExp(`\\b(${['TO', 'FIX'].map((a, i) => a + ['DO', 'ME'][i]!).join('|')})\\b`)
const EXPORT_ALL = /^\s*export\s+\*/
const FOCUSED = /\b(it|test|describe)\.only\b|\b[fx](it|describe|test)\(|\b(it|test)\.todo\b/
/** A skip that depends on what the machine has is written `condition ? it : it.skip`. */
const SKIPPED = /(?<!:\s)\b(it|test|describe)\.skip\b/
const MACHINE_PATH = /(?<![\w.-])\/(work|home|root|Users)\/\w/
const REGISTRY_HOST = /\b(registry\.(npmjs|yarnpkg)\.\w+|npmmirror|artifactory|verdaccio|jfrog)\b/i

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

describe('the patterns find what they are for', () => {
  it.each<[RegExp, string, boolean]>([
    [KEBAB, 'size-position.property.test.ts', true],
    [KEBAB, 'sizePosition.ts', false],
    [VAGUE, 'packages/core/src/price-utils.ts', true],
    [VAGUE, 'packages/core/src/helpers/x.ts', true],
    [VAGUE, 'packages/core/src/commonality.ts', false],
    [EXPORT_ALL, "export * from './x.ts'", true],
    [FOCUSED, "it.only('x', () => {})", true],
    [FOCUSED, 'fit(line)', true],
    [FOCUSED, 'await profit(line)', false],
    [SKIPPED, "it.skip('x', () => {})", true],
    [SKIPPED, "(existsSync(shared) ? it : it.skip)('x', () => {})", false],
    [MACHINE_PATH, 'see /home/anna/notes', true],
    [MACHINE_PATH, 'packages/home/src', false],
    [REGISTRY_HOST, ['https://registry', 'npmjs', 'org/zod'].join('.'), true],
  ])('%s on %s', (pattern, text, found) => {
    expect(pattern.test(text)).toBe(found)
  })
})

it('code files are kebab-case', () => {
  expect(CODE_FILES.filter((path) => !KEBAB.test(nameOf(path)))).toEqual([])
})

it('no file or folder has a name that says nothing', () => {
  expect(FILES.filter((path) => VAGUE.test(path))).toEqual([])
})

it(`no source file is longer than ${LINES_MAX} lines`, () => {
  const long = CODE_FILES.filter((path) => !isTest(path) && !LONGER.has(path))
    .map((path) => ({ path, lines: textOf(path).split('\n').length - 1 }))
    .filter(({ lines }) => lines > LINES_MAX)
  expect(long).toEqual([])
})

it('every index lists what it exports by name', () => {
  expect(CODE_FILES.flatMap((path) => linesWith(path, codeOf(textOf(path)), EXPORT_ALL))).toEqual(
    [],
  )
})

it('nothing is left to do later', () => {
  expect(TEXT_FILES.flatMap((path) => linesWith(path, textOf(path), MARKERS))).toEqual([])
})

it('no test is focused, and none is skipped without a condition', () => {
  const tests = CODE_FILES.filter((path) => isTest(path) && !OWN.test(path))
  const problems = tests.flatMap((path) => {
    const code = codeOf(textOf(path))
    return linesWith(path, code, FOCUSED).concat(linesWith(path, code, SKIPPED))
  })
  expect(problems).toEqual([])
})

it('no file names a path or a registry of one machine', () => {
  const files = TEXT_FILES.filter((path) => !OWN.test(path))
  const problems = files.flatMap((path) =>
    linesWith(path, textOf(path), MACHINE_PATH).concat(
      linesWith(path, textOf(path), REGISTRY_HOST),
    ),
  )
  expect(problems).toEqual([])
})
