import { dirname, posix } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { MAY_USE, boundaryProblems, type Manifest } from './boundaries.ts'
import { CODE_FILES, FILES, isTest, textOf } from './repository.ts'
import { importsOf, packageOf } from './source-text.ts'

const manifestPaths = FILES.filter((path) =>
  /^(packages|services)\/[^/]+\/package\.json$|^(infra\/(dev|stack)|tools|test|bench)\/package\.json$/.test(
    path,
  ),
)
const manifests = manifestPaths.map((path) => ({
  folder: dirname(path),
  manifest: JSON.parse(textOf(path)) as Manifest,
}))
const homeOf = (path: string) =>
  manifests.find(({ folder }) => path.startsWith(`${folder}/`)) ?? null

it.each<[string, string[]]>([
  ["import { a } from './a.ts'", ['./a.ts']],
  ["import {\n  a,\n  type B,\n} from '@tapedeck/core'", ['@tapedeck/core']],
  ["export { a } from './a.ts'", ['./a.ts']],
  ["import 'side-effect'", ['side-effect']],
  ["const a = await import('node:fs')", ['node:fs']],
  ["// import { a } from 'kysely'", []],
  ["execArgv: ['--import', 'x', 'y']", []],
])('what %j imports is %j', (text, imports) => {
  expect(importsOf(text)).toEqual(imports)
})

describe('the tables', () => {
  it.each<[Manifest, string[]]>([
    [{ name: '@tapedeck/core', dependencies: { '@tapedeck/bus': '*' } }, ['core may not use bus']],
    [
      { name: '@tapedeck/risk', dependencies: { '@tapedeck/venue': '*' } },
      ['risk may not use venue'],
    ],
    [{ name: '@tapedeck/execution', dependencies: { '@tapedeck/venue': '*' } }, []],
    [
      { name: '@tapedeck/risk', dependencies: { '@tapedeck/execution': '*' } },
      ['risk may not use execution'],
    ],
    [
      { name: '@tapedeck/contracts', dependencies: { kysely: '1' } },
      ['contracts may not use kysely: it lives in database'],
    ],
    [
      { name: '@tapedeck/risk', dependencies: { '@nats-io/kv': '1' } },
      ['risk may not use @nats-io/kv: it lives in bus'],
    ],
    [{ name: '@tapedeck/venue-simulator', devDependencies: { ccxt: '1' } }, []],
    [
      { name: '@tapedeck/venue-simulator', dependencies: { ccxt: '1' } },
      ['venue-simulator may not use ccxt: it lives in venue'],
    ],
    [{ name: '@tapedeck/risk', devDependencies: { '@tapedeck/testkit': '*' } }, []],
    [
      { name: '@tapedeck/risk', dependencies: { '@tapedeck/testkit': '*' } },
      ['risk may not use testkit'],
    ],
    [
      { name: '@tapedeck/stray', dependencies: { '@tapedeck/core': '*' } },
      ['stray is not in the table of packages'],
    ],
  ])('%j gives %j', (manifest, problems) => {
    expect(boundaryProblems(manifest)).toEqual(problems)
  })

  it('are free of cycles', () => {
    const cyclic = (name: string, path: readonly string[]): boolean =>
      path.includes(name) || (MAY_USE[name] ?? []).some((used) => cyclic(used, [...path, name]))
    expect(Object.keys(MAY_USE).filter((name) => cyclic(name, []))).toEqual([])
  })
})

it.each(manifests)('$folder uses only what it may', ({ manifest }) => {
  expect(boundaryProblems(manifest)).toEqual([])
})

it('no manifest is outside the folders of packages', () => {
  const all = FILES.filter((path) => path.endsWith('package.json') && path !== 'package.json')
  expect(all).toEqual(manifestPaths)
})

it('no file reaches into another package by a relative path', () => {
  const problems = CODE_FILES.flatMap((path) => {
    const home = homeOf(path)
    if (home === null) return []
    return importsOf(textOf(path))
      .filter((specifier) => specifier.startsWith('.'))
      .filter((specifier) => {
        const target = posix.join(posix.dirname(path), specifier)
        return !target.startsWith(`${home.folder}/`)
      })
      .map((specifier) => `${path} imports ${specifier}`)
  })
  expect(problems).toEqual([])
})

it('every import is of a package that the manifest names, the standard library, or a file', () => {
  const everywhere = ['@jest/globals', 'fast-check']
  const problems = CODE_FILES.flatMap((path) => {
    const home = homeOf(path)
    if (home === null || path.endsWith('.mjs')) return []
    const { dependencies = {}, devDependencies = {} } = home.manifest
    const inTest =
      isTest(path) ||
      /\/(test|testing|bench)\/|\.fixture\.ts$/.test(path) ||
      home.folder === 'tools'
    const named = new Set([
      home.manifest.name,
      ...Object.keys(dependencies),
      ...(inTest ? [...Object.keys(devDependencies), ...everywhere] : []),
    ])
    return importsOf(textOf(path))
      .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .map((specifier) => packageOf(specifier))
      .filter((name) => !named.has(name) && !named.has(`@types/${name}`))
      .map((name) => `${path} imports ${name}`)
  })
  expect(problems).toEqual([])
})
