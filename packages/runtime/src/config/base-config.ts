import { z } from 'zod'
import { defineConfig, type ConfigKey } from './define-config.ts'

/** Keys with this prefix are ours, so an unknown one is a typing error and not somebody else's. */
export const CONFIG_PREFIXES = ['TAPEDECK_'] as const

const PLACEHOLDER =
  /change.?me|replace.?me|place.?holder|example|your.?secret|password|default|insecure|123456/i
const DISTINCT_MIN = 10

/** Refuses what people paste to get going: a known secret lets anybody mint an administrator. */
export const SigningSecret = z
  .string()
  .refine(
    (text) => text.length >= 32,
    'expected at least 32 characters; `openssl rand -base64 48` makes one',
  )
  .refine(
    (text) => !PLACEHOLDER.test(text) && new Set(text).size >= DISTINCT_MIN,
    'expected a random secret, found a placeholder; `openssl rand -base64 48` makes one',
  )

/** A whole number in the text of a variable. */
export const wholeNumber = (min: number, max: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, `expected a whole number ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `expected a whole number ${min} to ${max}`)

/** `true` or `false` in the text of a variable. */
export const flag = (): z.ZodType<boolean> =>
  z.enum(['true', 'false'], 'expected true or false').transform((text) => text === 'true')

/** A URL with one of the schemes. */
export const urlOf = (...schemes: readonly string[]): z.ZodType<string> =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)),
      `expected a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    )

/** NATS takes several servers, separated by commas. */
const natsUrls = z
  .string()
  .refine(
    (text) => text.split(',').every((url) => urlOf('nats', 'tls').safeParse(url.trim()).success),
    'expected nats://host:port, several separated by commas',
  )

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

const entry = <S extends z.ZodType>(key: ConfigKey<S>): ConfigKey<S> => key

/** What every service reads. A service adds its own keys: `defineConfig({...BASE_CONFIG, MY_KEY: …})`. */
export const BASE_CONFIG = defineConfig({
  NATS_URL: entry({
    schema: natsUrls,
    description: 'NATS servers with JetStream',
    example: 'nats://127.0.0.1:4222',
  }),
  NATS_USER: entry({
    schema: z.string().optional(),
    description: 'NATS user of this service; its permissions hold it below its own domain',
  }),
  NATS_PASSWORD: entry({
    schema: z.string().optional(),
    description: 'Password of NATS_USER',
    secret: true,
  }),
  POSTGRES_URL: entry({
    schema: urlOf('postgres', 'postgresql'),
    description: "Postgres, with this service's own role",
    secret: true,
    example: 'postgres://risk@127.0.0.1:5432/tapedeck',
  }),
  REDIS_URL: entry({
    schema: urlOf('redis', 'rediss').optional(),
    description: 'Redis; without it everything works, slower',
    secret: true,
    example: 'redis://127.0.0.1:6379',
  }),
  TAPEDECK_HOST: entry({
    schema: z.string().min(1).default('127.0.0.1'),
    description: 'Address that HTTP listens on; anything but loopback is a decision',
  }),
  TAPEDECK_PORT: entry({
    schema: wholeNumber(0, 65_535).default(0),
    description: 'Port that HTTP listens on; 0 takes a free one',
    example: '8080',
  }),
  TAPEDECK_LOG_LEVEL: entry({
    schema: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('info'),
    description: 'Lowest level that is logged',
  }),
  TAPEDECK_LOG_FORMAT: entry({
    schema: z.enum(['json', 'human'], 'expected json or human').default('json'),
    description: 'human is for a terminal only; anywhere else it is json all the same',
  }),
  TAPEDECK_JWT_SECRET: entry({
    schema: SigningSecret,
    description: 'Signs and verifies access tokens; the same for all services; no default exists',
    secret: true,
  }),
  TAPEDECK_CONFIG: entry({
    schema: z.string().min(1).default('config/tapedeck.yaml'),
    description: 'Path of the trading configuration, relative to the working directory',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: entry({
    schema: urlOf('http', 'https').optional(),
    description:
      'OpenTelemetry collector for traces (OTLP over HTTP); without it nothing is traced',
    example: 'http://127.0.0.1:4318',
  }),
})
