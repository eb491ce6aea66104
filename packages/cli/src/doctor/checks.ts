import { accessSync, constants, existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { hasCode } from '@tapedeck/contracts'
import { REPOSITORY, lookForServers, pickPort, type FoundServer } from '@tapedeck/dev'
import { loadTradingConfig } from '@tapedeck/runtime'
import { isBinanceMarketReachable, isBinanceReachable } from '@tapedeck/venue'
import { SERVICES } from '@tapedeck/contracts'
import { isAlive, readSessionFile, sessionFileOf } from '../session/index.ts'

export interface Finding {
  readonly name: string
  readonly result: 'pass' | 'warn' | 'fail'
  /** What was found. */
  readonly detail: string
  /** What to do about it; null where there is nothing to do. */
  readonly fix: string | null
}

export interface DoctorOptions {
  readonly dataDir: string
  readonly configPath: string
  readonly port: number
  readonly venueUrl: string
  readonly streamUrl: string
}

const NODE_MIN = [24, 9] as const
const NATS_MIN = [2, 9] as const
const REDIS_MIN = [6, 0] as const
const FREE_BYTES_FAIL = 200 * 1024 ** 2
const FREE_BYTES_WARN = 2 * 1024 ** 3
const VENUE_MS_MAX = 2_000
const PLATFORMS = new Set(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'])

const pass = (name: string, detail: string): Finding => ({
  name,
  result: 'pass',
  detail,
  fix: null,
})
const warn = (name: string, detail: string, fix: string): Finding => ({
  name,
  result: 'warn',
  detail,
  fix,
})
const fail = (name: string, detail: string, fix: string): Finding => ({
  name,
  result: 'fail',
  detail,
  fix,
})

const isAtLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [a = 0, b = 0] = version.split('.').map(Number)
  return a > major || (a === major && b >= minor)
}

const checkNode = (): Finding => {
  const { node } = process.versions
  const wanted = NODE_MIN.join('.')
  return isAtLeast(node, NODE_MIN)
    ? pass('node', `Node.js ${node}`)
    : fail('node', `Node.js ${node} is older than ${wanted}`, `Install Node.js ${wanted} or newer.`)
}

const checkPackages = (): Finding => {
  const { packageManager } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
    packageManager: string
  }
  return existsSync(join(REPOSITORY, 'node_modules', '.tapedeck-installed'))
    ? pass('packages', `installed with ${packageManager.replace('@', ' ')}`)
    : warn(
        'packages',
        'not installed by the front door',
        'Run ./tapedeck once; it installs what the lockfile names.',
      )
}

const checkPlatform = (): Finding => {
  const platform = `${process.platform}-${process.arch}`
  return PLATFORMS.has(platform)
    ? pass('platform', platform)
    : warn(
        'platform',
        `${platform} has no prebuilt servers`,
        'Set NATS_URL, REDIS_URL and POSTGRES_URL to servers that run elsewhere.',
      )
}

const checkDataFolder = ({ dataDir }: DoctorOptions): Finding => {
  const fix =
    'Give it to the user that runs Tapedeck, free space, or choose another folder with --data.'
  try {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.W_OK)
    const { bavail, bsize } = statfsSync(dataDir)
    const free = bavail * bsize
    const text = `${dataDir}, ${(free / 1024 ** 3).toFixed(1)} GiB free`
    if (free < FREE_BYTES_FAIL) return fail('data folder', text, fix)
    return free < FREE_BYTES_WARN ? warn('data folder', text, fix) : pass('data folder', text)
  } catch (error) {
    return fail('data folder', `${dataDir} cannot be written: ${(error as Error).message}`, fix)
  }
}

const checkSession = ({ dataDir }: DoctorOptions): Finding => {
  const session = readSessionFile(sessionFileOf(dataDir))
  if (session === null) return pass('session', 'none runs, none was left behind')
  if (isAlive(session)) return pass('session', `runs as process ${session.pid}`)
  return warn(
    'session',
    `process ${session.pid} ended without stopping in order`,
    'Nothing to do: the next start ends what it left behind and goes on from there.',
  )
}

const checkPorts = async (options: DoctorOptions): Promise<Finding> => {
  const session = readSessionFile(sessionFileOf(options.dataDir))
  const last = options.port + SERVICES.length - 1
  if (session !== null && isAlive(session)) return pass('ports', 'in use by the session that runs')
  const taken: number[] = []
  for (let port = options.port; port <= last; port++) {
    try {
      await pickPort(port, 'doctor')
    } catch (error) {
      if (!hasCode(error, 'PORT_IN_USE')) throw error
      taken.push(port)
    }
  }
  if (taken.length === 0) return pass('ports', `${options.port} to ${last} are free`)
  return fail(
    'ports',
    `in use by another program: ${taken.join(', ')}`,
    `Stop it, or start with --port; ${SERVICES.length} ports in a row are needed.`,
  )
}

const serverFinding = ({ name, state, version, detail }: FoundServer): Finding => {
  const label = name.toLowerCase()
  if (state === 'environment') return pass(label, `named by ${detail}`)
  if (state === 'missing' && name === 'Postgres')
    return fail(label, detail, 'Set POSTGRES_URL to PostgreSQL 15 or newer.')
  if (state === 'missing')
    return warn(
      label,
      `${detail} is not here`,
      'The first start fetches it; or install it yourself.',
    )
  const min = name === 'NATS' ? NATS_MIN : name === 'Redis' ? REDIS_MIN : null
  if (min !== null && version !== null && !isAtLeast(version, min))
    return fail(
      label,
      `${version} is older than ${min.join('.')} (${detail})`,
      `Install ${min.join('.')} or newer.`,
    )
  return pass(label, `${version ?? 'version unknown'} (${detail})`)
}

const checkConfig = ({ configPath }: DoctorOptions): Finding => {
  try {
    const { instruments } = loadTradingConfig(configPath)
    return pass('configuration', `${configPath}, ${instruments.length} instruments`)
  } catch (error) {
    return fail(
      'configuration',
      (error as Error).message,
      'docs/reference/config.md lists every key with its range.',
    )
  }
}

const checkVenue = async ({ venueUrl, streamUrl }: DoctorOptions): Promise<Finding> => {
  const fix = 'Nothing to do: the generated market is played instead.'
  if (!(await isBinanceReachable(venueUrl, VENUE_MS_MAX)))
    return warn('venue', `${venueUrl} is not reachable: generated market will be used`, fix)
  if (!(await isBinanceMarketReachable({ restUrl: venueUrl, streamUrl }, VENUE_MS_MAX)))
    return warn(
      'venue',
      `${venueUrl} answers, and no stream of ${streamUrl} can be opened: generated market will be used`,
      'Let websockets to this address through firewall and proxy, or do nothing: the generated market is played instead.',
    )
  return pass('venue', `${venueUrl} and ${streamUrl} are reachable`)
}

/** Everything that a start needs, in the order in which it needs it. */
export const examine = async (options: DoctorOptions): Promise<Finding[]> => {
  const [ports, servers, venue] = await Promise.all([
    checkPorts(options),
    lookForServers(),
    checkVenue(options),
  ])
  return [
    checkNode(),
    checkPackages(),
    checkPlatform(),
    checkDataFolder(options),
    checkSession(options),
    ports,
    ...servers.map(serverFinding),
    checkConfig(options),
    venue,
  ]
}
