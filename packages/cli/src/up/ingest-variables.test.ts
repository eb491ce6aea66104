import { describe, expect, it } from '@jest/globals'
import { ingestVariables } from './ingest-variables.ts'

/** Only its path matters. */
const FILE = import.meta.filename
const OPTIONS = {
  source: 'live',
  files: [],
  speed: 'max',
  symbol: undefined,
  seed: undefined,
} as const

describe('ingestVariables', () => {
  it('hands on where the venue is, and nothing else of the environment', () => {
    const variables = ingestVariables(OPTIONS, {
      TAPEDECK_BINANCE_REST_URL: 'http://127.0.0.1:8088',
      TAPEDECK_SOURCE_VENUE: 'binance-spot',
      TAPEDECK_SOURCE: 'generated',
      BINANCE_API_SECRET: 'not for ingest',
      TAPEDECK_BINANCE_STREAM_URL: undefined,
    })
    expect(variables).toEqual({
      TAPEDECK_BINANCE_REST_URL: 'http://127.0.0.1:8088',
      TAPEDECK_SOURCE_VENUE: 'binance-spot',
      TAPEDECK_SOURCE: 'live',
    })
  })

  it('says what is played, and how fast', () => {
    const options = { ...OPTIONS, source: 'recording', files: [FILE], seed: '7' } as const
    expect(ingestVariables({ ...options, symbol: 'BTCUSDT' }, {})).toEqual({
      TAPEDECK_SOURCE: 'recording',
      TAPEDECK_SOURCE_FILES: JSON.stringify([FILE]),
      TAPEDECK_SOURCE_SPEED: 'max',
      TAPEDECK_SOURCE_LOCKSTEP: 'true',
      TAPEDECK_SOURCE_SYMBOL: 'BTCUSDT',
      TAPEDECK_SOURCE_SEED: '7',
    })
  })
})
