import { describe, expect, it } from '@jest/globals'
import { MESSAGES, MESSAGE_TYPES, READS, SERVICES, type ServiceName } from '@tapedeck/contracts'
import { FILES, textOf } from './repository.ts'

const HEADINGS = ['Decides', 'Consumes', 'Publishes', 'Owns', 'When it fails', 'Config', 'Runbooks']
const REQUIRED = ['README.md', 'package.json', 'src/main.ts', 'src/config.ts', 'src/service.ts']
const MAIN_LINES_MAX = 60

/** The text below a heading, up to the next. */
const sectionOf = (text: string, heading: string): string =>
  text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''

const codeSpans = (text: string): string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!)

/** The message types that a text names; `execution.trade.*` names all below it. */
const typesIn = (text: string): string[] => {
  const spans = codeSpans(text)
  return MESSAGE_TYPES.filter((type) =>
    spans.some((span) =>
      span.endsWith('.*') ? type.startsWith(span.slice(0, -1)) : span === type,
    ),
  )
}

const published = (name: ServiceName): string[] =>
  MESSAGE_TYPES.filter((type) => MESSAGES[type].publisher === name)

/** Everything that the sources of a service match, each once. */
const inSources = (name: string, pattern: RegExp): string[] => {
  const sources = FILES.filter(
    (file) => file.startsWith(`services/${name}/src/`) && file.endsWith('.ts'),
  )
  const found = sources.flatMap((file) => [...textOf(file).matchAll(pattern)].map((m) => m[1]!))
  return [...new Set(found)]
}

const folders = [
  ...new Set(
    FILES.filter((path) => path.startsWith('services/')).map((path) => path.split('/')[1]!),
  ),
]

it('every folder of services is a service of the contracts', () => {
  expect(folders.filter((name) => !(SERVICES as readonly string[]).includes(name))).toEqual([])
})

const existing = SERVICES.filter((name) => folders.includes(name))
const eachService = existing.length === 0 ? describe.skip.each(SERVICES) : describe.each(existing)

eachService('%s', (name) => {
  const path = (file: string): string => `services/${name}/${file}`

  it('has the parts that every service has', () => {
    expect(REQUIRED.filter((file) => !FILES.includes(path(file)))).toEqual([])
  })

  it('answers the same questions in its README', () => {
    const headings = [...textOf(path('README.md')).matchAll(/^## (.+)$/gm)].map((match) => match[1])
    expect(headings).toEqual(HEADINGS)
  })

  it('reads and publishes what its README says', () => {
    const readme = textOf(path('README.md'))
    // The gateway passes everything on; whom it tells what is not the table's business.
    const consumed = name === 'gateway' ? [] : typesIn(sectionOf(readme, 'Consumes'))
    const reads: readonly string[] = READS[name]
    expect(consumed).toEqual(MESSAGE_TYPES.filter((type) => reads.includes(type)))
    expect(typesIn(sectionOf(readme, 'Publishes'))).toEqual(published(name))
  })

  it('names its tables and its keys in its README', () => {
    const readme = textOf(path('README.md'))
    const owned = codeSpans(sectionOf(readme, 'Owns'))
    const tables = inSources(name, /create table "?(\w+)"?/g)
    expect(tables.filter((table) => !owned.includes(table))).toEqual([])
    const described = codeSpans(sectionOf(readme, 'Config'))
    const keys = inSources(name, /^ {2}(TAPEDECK_\w+): \{$/gm)
    expect(keys.filter((key) => !described.includes(key))).toEqual([])
  })

  it('is started with its telemetry, by a main without logic', () => {
    const manifest = JSON.parse(textOf(path('package.json'))) as { scripts?: { start?: string } }
    expect(manifest.scripts?.start).toBe('node --import @tapedeck/runtime/telemetry src/main.ts')
    expect(textOf(path('src/main.ts')).split('\n').length).toBeLessThanOrEqual(MAIN_LINES_MAX)
  })
})
