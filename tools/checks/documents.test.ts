import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { FILES, ROOT, textOf } from './repository.ts'

const DOCUMENTS = FILES.filter((path) => path.endsWith('.md'))

/** Prose only: what stands in code blocks and code spans is not a link. */
const proseOf = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '')

/** The anchor that a heading gets on the pages of the usual hosts. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

const anchorsIn = (path: string): Set<string> =>
  new Set([...textOf(path).matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchorOf(match[1]!)))

const isThere = (path: string): boolean => path !== '' && existsSync(join(ROOT, path))

const brokenLinks = (path: string): string[] =>
  [...proseOf(textOf(path)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? path : posix.join(posix.dirname(path), file)
      if (!isThere(target)) return true
      return anchor !== undefined && target.endsWith('.md') && !anchorsIn(target).has(anchor)
    })
    .map((link) => `${path}: ${link}`)

it('every relative link leads to a file, and to a heading in it', () => {
  expect(DOCUMENTS.flatMap((path) => brokenLinks(path))).toEqual([])
})

const titles = (path: string) => proseOf(textOf(path)).match(/^# .+$/gm) ?? []

it('every document has one title', () => {
  expect(DOCUMENTS.filter((path) => titles(path).length !== 1)).toEqual([])
})

describe('docs/where-is.md', () => {
  const named = [
    ...textOf('docs/where-is.md').matchAll(/`([\w.-]+\/[\w./-]*|[\w-]+\.ya?ml)`/g),
  ].map((match) => match[1]!)

  it('names paths that exist', () => {
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((path) => !isThere(path))).toEqual([])
  })

  it('names every folder of the core', () => {
    const folders = new Set(
      FILES.flatMap((path) => /^packages\/core\/src\/[\w-]+\//.exec(path)?.[0] ?? []),
    )
    expect([...folders].filter((folder) => !named.some((path) => path.startsWith(folder)))).toEqual(
      [],
    )
  })
})

it('docs/decisions/0002-dependencies.md has a row with a reason for each dependency, and no other', () => {
  const manifests = FILES.filter((path) => /(^|\/)package\.json$/.test(path)).map(
    (path) => JSON.parse(textOf(path)) as Record<string, Record<string, string> | undefined>,
  )
  const used = manifests.flatMap((manifest) =>
    ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    ),
  )
  const outside = [...new Set(used)].filter((name) => !name.startsWith('@tapedeck/'))
  const rows = [
    ...textOf('docs/decisions/0002-dependencies.md').matchAll(/^\| `(\S+)`\s+\| (\S.*) \|$/gm),
  ]
  expect(rows.map((row) => row[1])).toEqual(outside.toSorted())
})

it('every decision record says what was decided and what it costs', () => {
  const records = FILES.filter((path) => /^docs\/decisions\/\d{4}-/.test(path))
  expect(records.length).toBeGreaterThan(5)
  const incomplete = records.filter((path) => {
    const headings = new Set([...textOf(path).matchAll(/^## (.+)$/gm)].map((match) => match[1]))
    return !['Context', 'Decision', 'What it costs'].every((heading) => headings.has(heading))
  })
  expect(incomplete).toEqual([])
})
