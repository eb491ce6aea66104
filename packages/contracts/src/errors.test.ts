import { describe, expect, it } from '@jest/globals'
import { ERRORS, TapedeckError, hasCode } from './errors.ts'

describe.each(Object.entries(ERRORS))('%s', (code, entry) => {
  it('has a stable code, a status, a title and a way out', () => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
    expect(entry.status).toBeGreaterThanOrEqual(400)
    expect(entry.status).toBeLessThan(600)
    expect(entry.title).toMatch(/^[A-Z].*[^.]$/)
    expect(entry.hint).toMatch(/^[A-Z`].*\.$|^tapedeck .*\.$/)
    expect(['retry', 'stop', 'ask']).toContain(entry.next)
  })
})

it('an error takes its way out from the catalogue, unless the place knows better', () => {
  const cause = new RangeError('too small')
  const error = new TapedeckError('PORT_IN_USE', 'port 4222 is taken', {
    cause,
    details: { port: 4222 },
  })
  expect(error).toMatchObject({
    name: 'TapedeckError',
    message: 'port 4222 is taken',
    cause,
    code: 'PORT_IN_USE',
    next: 'stop',
    hint: ERRORS.PORT_IN_USE.hint,
    details: { port: 4222 },
  })
  expect(new TapedeckError('PORT_IN_USE', 'x', { hint: 'Use 4223.' }).hint).toBe('Use 4223.')
})

it.each<[unknown, boolean]>([
  [new TapedeckError('NOT_FOUND', 'x'), true],
  [{ code: 'NOT_FOUND' }, true],
  [new TapedeckError('INTERNAL', 'x'), false],
  [new Error('NOT_FOUND'), false],
  ['NOT_FOUND', false],
  [null, false],
  [undefined, false],
])('hasCode knows %p by its code alone', (error, known) => {
  expect(hasCode(error, 'NOT_FOUND')).toBe(known)
})
