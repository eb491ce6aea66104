import { DECIDES } from '@tapedeck/contracts'
import { defineConfig, urlOf, wholeNumber } from '@tapedeck/runtime'
import { z } from 'zod'

const speed = z
  .string()
  .regex(/^(max|\d{1,4}(\.\d{1,3})?)$/, 'expected max, or a factor of real time such as 1 or 60')
  .transform((text) => (text === 'max' ? Infinity : Number(text)))
  .refine((factor) => factor > 0, 'expected a factor above 0, or max')

const files = z.string().transform((text, context) => {
  const parsed = z.array(z.string().min(1)).safeParse(safeJson(text))
  if (parsed.success) return parsed.data
  context.addIssue({ code: 'custom', message: 'expected a JSON array of paths, e.g. ["a.ws.gz"]' })
  return z.NEVER
})

const safeJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export const CONFIG = defineConfig({
  TAPEDECK_SOURCE: {
    schema: z
      .enum(
        ['auto', 'live', 'generated', 'recording', 'none'],
        'expected auto, live, generated, recording or none',
      )
      .default('auto'),
    description:
      'What is played: live (Binance public streams), generated (the seeded market), recording (files), none; auto is live where reachable, else generated',
  },
  TAPEDECK_SOURCE_VENUE: {
    schema: z
      .enum(['binance-usdm', 'binance-spot'], 'expected binance-usdm or binance-spot')
      .default('binance-usdm'),
    description:
      'Venue of the live source: binance-usdm, or binance-spot (market data alone, no marks)',
  },
  TAPEDECK_SOURCE_FILES: {
    schema: files.default([]),
    description:
      'Recordings to play, in order, as a JSON array of paths; with TAPEDECK_SOURCE=recording',
  },
  TAPEDECK_SOURCE_SYMBOL: {
    schema: z.string().min(1).max(32).optional(),
    description:
      'Symbol to play, where a recording holds several or does not say; live and generated: the first configured otherwise',
  },
  TAPEDECK_SOURCE_SPEED: {
    schema: speed.default(1),
    description: 'Speed of recordings: a factor of real time, or max',
  },
  TAPEDECK_SOURCE_LOCKSTEP: {
    schema: z
      .enum(['true', 'false'], 'expected true or false')
      .default('false')
      .transform((text) => text === 'true'),
    description: 'Play step by step: every service has handled a step before the next is released',
  },
  TAPEDECK_BINANCE_REST_URL: {
    schema: urlOf('https', 'http').default('https://fapi.binance.com'),
    description: 'REST of Binance USD-M, for live market data',
  },
  TAPEDECK_BINANCE_STREAM_URL: {
    schema: urlOf('wss', 'ws').default('wss://fstream.binance.com'),
    description: 'Streams of Binance USD-M; the routes /market and /public are below it',
  },
  TAPEDECK_BINANCE_SPOT_REST_URL: {
    schema: urlOf('https', 'http').default('https://api.binance.com'),
    description: 'REST of Binance spot, for live market data',
  },
  TAPEDECK_BINANCE_SPOT_STREAM_URL: {
    schema: urlOf('wss', 'ws').default('wss://stream.binance.com:9443'),
    description: 'Streams of Binance spot; the path /stream is below it',
  },
  TAPEDECK_SOURCE_SEED: {
    schema: wholeNumber(0, 4_294_967_295).default(1),
    description: 'Seed of the generated market',
  },
})

/** The sections that what it appends depends on. */
export const decides = DECIDES.ingest
