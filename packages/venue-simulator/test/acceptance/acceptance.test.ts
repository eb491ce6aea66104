import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { ACCEPTANCE_CASES } from './acceptance-cases.ts'
import { LIST_FILE, acceptanceList } from './acceptance-list.ts'
import { acceptVenue } from './accept-venue.ts'
import { openBinanceStage } from './open-binance-stage.ts'
import { openPaperStage } from './open-paper-stage.ts'

acceptVenue('the Binance adapter over the simulated venue', openBinanceStage, { hasWire: true })
acceptVenue('the paper venue', openPaperStage, { hasWire: false })

const numberOf = (index: number): string => `V-${String(index + 1).padStart(2, '0')}`

describe('the list of cases', () => {
  it('is numbered without holes, each title once', () => {
    expect(ACCEPTANCE_CASES.map(({ id }) => id)).toEqual(
      ACCEPTANCE_CASES.map((_, index) => numberOf(index)),
    )
    expect(new Set(ACCEPTANCE_CASES.map(({ title }) => title)).size).toBe(ACCEPTANCE_CASES.length)
  })

  it('is the one that is printed', () => {
    if (process.env['WRITE_ACCEPTANCE_LIST'] === 'true') writeFileSync(LIST_FILE, acceptanceList())
    expect(readFileSync(LIST_FILE, 'utf8')).toBe(acceptanceList())
  })
})
