import { describe, expect, it } from '@jest/globals'
import { SERVICES } from '@tapedeck/contracts'
import { FILES, textOf } from './repository.ts'

const HEADINGS = ['Decides', 'Consumes', 'Publishes', 'Owns', 'When it fails', 'Config', 'Runbooks']
const REQUIRED = ['README.md', 'package.json', 'src/main.ts', 'src/config.ts', 'src/service.ts']
const MAIN_LINES_MAX = 60

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

  it('is started with its telemetry, by a main without logic', () => {
    const manifest = JSON.parse(textOf(path('package.json'))) as { scripts?: { start?: string } }
    expect(manifest.scripts?.start).toBe('node --import @tapedeck/runtime/telemetry src/main.ts')
    expect(textOf(path('src/main.ts')).split('\n').length).toBeLessThanOrEqual(MAIN_LINES_MAX)
  })
})
