import { describe, expect, it } from '@jest/globals'
import { PUBLISHED_CODES } from './published-codes.fixture.ts'
import { CODE_ROWS, rowOf } from './venue-codes.ts'

/** Seen, or told in change logs, and in no published list (binance-ccxt-facts §3). */
const UNPUBLISHED = [-2007, -4111, -4120, -4130, -4509, -4531, -5000, -5047]

/** After these an order may stand at the venue. All others say that it does not. */
const MAY_HAVE_BEEN_DONE = [-1000, -1001, -1006, -1007, -1016, -2012, -4078, -4083, -4116]
/** Not done, and a later attempt may be. */
const LATER = [-1003, -1008, -1015, -1021, -4131, -5028]
const KEY = [-1002, -1011, -1022, -1099, -2014, -2015, -2017]

const sorted = (codes: readonly number[]): number[] => codes.toSorted((a, b) => a - b)

const having = (what: (row: (typeof CODE_ROWS)[number]) => boolean): number[] =>
  sorted(CODE_ROWS.filter(what).map(({ code }) => code))

describe('the table of codes', () => {
  it('has a row for every code that the venue publishes', () => {
    expect(PUBLISHED_CODES).toHaveLength(200)
    expect(PUBLISHED_CODES.filter(([code]) => rowOf(code) === undefined)).toEqual([])
  })

  it('has no row that nobody told of', () => {
    const told = new Set([...PUBLISHED_CODES.map(([code]) => code), ...UNPUBLISHED])
    expect(CODE_ROWS.filter(({ code }) => !told.has(code))).toEqual([])
    expect(UNPUBLISHED.filter((code) => rowOf(code) === undefined)).toEqual([])
  })

  it('gives each row a reason of its own', () => {
    for (const { meaning } of CODE_ROWS) expect(meaning).toMatch(/^[a-z0-9].{6,70}[^.]$/)
  })

  it('doubts exactly these', () => {
    expect(having(({ verdict }) => verdict === 'unknown')).toEqual(sorted(MAY_HAVE_BEEN_DONE))
  })

  it('lets exactly these be asked again', () => {
    expect(having(({ verdict }) => verdict === 'not_placed')).toEqual(sorted(LATER))
  })

  it('blames the key for exactly these', () => {
    expect(having(({ consequence }) => consequence === 'key_refused')).toEqual(sorted(KEY))
  })

  it('leaves what nobody published unknown', () => {
    for (const code of [-1, -999, -1009, -2029, -4034, -4090, -6000, -9999])
      expect(rowOf(code)).toBeUndefined()
  })
})
