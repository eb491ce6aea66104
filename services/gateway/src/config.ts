import { SERVICES, type ServiceName, type TradingConfig } from '@tapedeck/contracts'
import { SigningSecret, defineConfig, wholeNumber } from '@tapedeck/runtime'
import { z } from 'zod'

/** Where the other services listen. One that is not listed is unknown to this gateway. */
export type ServiceUrls = ReadonlyMap<ServiceName, string>

const UPSTREAMS = SERVICES.filter((name) => name !== 'gateway')
const EXPECTED = `expected name=http://host:port, several separated by commas, each name one of ${UPSTREAMS.join(', ')}`

const isOrigin = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).pathname === '/'

/** Reads `ingest=http://127.0.0.1:8081,orderflow=http://127.0.0.1:8082`. */
const serviceUrls = z.string().transform((text, context): ServiceUrls => {
  const urls = new Map<ServiceName, string>()
  for (const part of text.split(',')) {
    const [name = '', url = ''] = part.trim().split(/=(.*)/s)
    const service = UPSTREAMS.find((known) => known === name)
    if (service === undefined || urls.has(service) || !isOrigin(url)) {
      context.addIssue({ code: 'custom', message: `${EXPECTED}; found ${part.trim()}` })
      return z.NEVER
    }
    urls.set(service, new URL(url).origin)
  }
  return urls
})

export const CONFIG = defineConfig({
  TAPEDECK_API_KEY_PEPPER: {
    schema: SigningSecret,
    description:
      'Mixed into the hashes of API keys, so that a copy of the table is of no use; another one makes every key invalid',
    secret: true,
  },
  TAPEDECK_SERVICE_URLS: {
    schema: serviceUrls,
    description: 'Where the other services listen, inside',
    example: 'ingest=http://127.0.0.1:8081,orderflow=http://127.0.0.1:8082',
  },
  TAPEDECK_FIRST_KEY_FILE: {
    schema: z.string().min(1).optional(),
    description:
      'File that the first administrator key is written to (mode 0600); without it the key is printed to stderr, once',
    example: '.tapedeck/operator-key',
  },
  TAPEDECK_API_KEY_ENVIRONMENT: {
    schema: z
      .string()
      .regex(/^[a-z]{2,10}$/, 'expected 2 to 10 lower-case letters')
      .default('local'),
    description: 'Part of every new API key, so that one can see where it belongs',
  },
  TAPEDECK_STREAMS_MAX: {
    schema: wholeNumber(1, 10_000).default(64),
    description: 'Event streams open at once',
  },
  TAPEDECK_STREAMS_PER_CALLER_MAX: {
    schema: wholeNumber(1, 10_000).default(16),
    description: 'Event streams open at once with one credential',
  },
})

/** The gateway decides nothing, so no section of the trading configuration can change what it appends. */
export const decides = (_trading: TradingConfig): unknown => ({})
