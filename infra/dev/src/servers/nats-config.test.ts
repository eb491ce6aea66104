import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { DOMAIN_OF, SERVICES } from '@tapedeck/contracts'
import { REPOSITORY } from '../install/cache-folder.ts'
import { composeNatsConfig, publishSubjects } from './nats-config.ts'

describe('the NATS configuration', () => {
  it('of the containers is the committed file', () => {
    // After a change, with Node 24 at the root of the repository:
    // node -e "import('./infra/dev/src/index.ts').then((dev) => process.stdout.write(dev.composeNatsConfig()))" > infra/nats/nats.conf
    const committed = readFileSync(join(REPOSITORY, 'infra', 'nats', 'nats.conf'), 'utf8')
    expect(committed).toBe(composeNatsConfig())
  })

  it.each(SERVICES)('lets %s publish on the tape below its own domain only', (service) => {
    const onTape = publishSubjects(service).filter((subject) => subject.startsWith('tape.'))
    const domain = DOMAIN_OF[service]
    expect(onTape).toEqual(domain === null ? [] : [`tape.${domain}.>`])
  })

  it.each(SERVICES)('gives %s nothing that changes a stream', (service) => {
    const changes = /STREAM\.(CREATE|UPDATE|DELETE|PURGE|MSG\.DELETE|RESTORE)/
    const subjects = publishSubjects(service)
    expect(subjects.filter((subject) => changes.test(subject))).toEqual([])
    expect(subjects).not.toContain('>')
    expect(subjects).not.toContain('$JS.API.>')
  })
})
