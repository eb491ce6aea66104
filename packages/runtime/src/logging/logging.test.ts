import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { TapedeckError } from '@tapedeck/contracts'
import { generateApiKey } from '../auth/index.ts'
import { createLogger, serviceLogger, type LoggerOptions } from './create-logger.ts'
import { fileDestination } from './file-destination.ts'

const logged = (
  write: (logger: ReturnType<typeof createLogger>) => void,
  options: Partial<LoggerOptions> = {},
) => {
  const lines: string[] = []
  const logger = createLogger({
    level: 'info',
    format: 'json',
    instanceId: 'host-1',
    environment: 'test',
    destination: { write: (line: string) => void lines.push(line) },
    ...options,
  })
  write(serviceLogger(logger, 'risk', '0.1.0'))
  return lines
}

describe('a log line', () => {
  it('is one JSON object with the fields of the resource', () => {
    const [line] = logged((logger) =>
      logger.info({ event: 'halted', reason: 'x' }, 'trading halted'),
    )
    expect(JSON.parse(line!)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      'service.name': 'risk',
      'service.version': '0.1.0',
      'service.instance.id': 'host-1',
      'deployment.environment.name': 'test',
      event: 'halted',
      reason: 'x',
      msg: 'trading halted',
    })
    expect(line).toMatch(/\}\n$/)
  })

  it('stays JSON when human is asked for away from a terminal', () => {
    const [line] = logged((logger) => logger.info('hello'), { format: 'human' })
    expect(JSON.parse(line!)).toMatchObject({ msg: 'hello' })
  })

  it('tells an error with its code, hint and causes', () => {
    const error = new TapedeckError('NATS_UNREACHABLE', 'no answer', {
      cause: new Error('refused'),
    })
    const [line] = logged((logger) => logger.error({ err: error }, 'failed'))
    expect(JSON.parse(line!)).toMatchObject({
      err: {
        type: 'TapedeckError',
        code: 'NATS_UNREACHABLE',
        message: 'no answer',
        hint: expect.stringContaining('NATS_URL'),
        cause: { type: 'Error', message: 'refused' },
      },
    })
  })

  const key = generateApiKey('paper').text
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLXNpZ25hdHVyZQ'
  it.each<[string, Record<string, unknown>, string]>([
    ['a field by name', { password: 'hunter2' }, 'hunter2'],
    ['a nested field by name', { request: { headers: { authorization: 'hunter2' } } }, 'hunter2'],
    ['an API key anywhere', { deep: { er: { and: [{ deeper: `key ${key}!` }] } } }, key],
    ['a token in a message', { err: new Error(`bad token ${token}`) }, token],
    ['a bearer credential', { text: 'Authorization: Bearer abcdefgh12345' }, 'abcdefgh12345'],
    ['a password in a URL', { err: new Error('connect postgres://risk:hunter2@db/x') }, 'hunter2'],
  ])('never holds %s', (_what, fields, secret) => {
    const [line] = logged((logger) => logger.info(fields, 'm'))
    expect(line).not.toContain(secret)
    expect(line).toContain('[redacted')
    expect(() => JSON.parse(line!) as unknown).not.toThrow()
  })
})

describe('a log file', () => {
  // The device that is always full; only Linux has it.
  const full = '/dev/full'
  ;(existsSync(full) ? it : it.skip)('on a full disk loses lines, and the process goes on', () => {
    const options = { level: 'info', format: 'json', instanceId: 'i', environment: 'test' } as const
    const logger = createLogger({ ...options, file: full })
    for (let i = 0; i < 5; i++) logger.info({ text: 'x'.repeat(100_000) }, 'hello')
  })

  it('is made with its folder, and holds each line at once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tapedeck-log-'))
    const file = join(folder, 'logs', 'a.log')
    try {
      const destination = fileDestination(file)
      destination.write('one\n')
      destination.write('two\n')
      expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
