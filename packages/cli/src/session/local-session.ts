import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TapedeckError, type ServiceName } from '@tapedeck/contracts'
import { createAccessTokens, systemClock, type Role } from '@tapedeck/runtime'
import { ApiClient } from './api-client.ts'
import { isAlive, readSessionFile, sessionFileOf } from './session-file.ts'

/** Services of a session on this machine, with tokens of its own secret. */
export interface Services {
  readonly urls: Readonly<Record<ServiceName, string>>
  readonly client: (service: ServiceName) => ApiClient
}

/** Clients of all services, under a role. `jwtSecret` is the stack's own. */
export const serviceClients = (
  urls: Services['urls'],
  jwtSecret: string,
  role: Role = 'viewer',
): Services => {
  const tokens = createAccessTokens(jwtSecret, systemClock)
  const credential = async (): Promise<string> => (await tokens.mint({ id: 'cli', role }, 60)).token
  return { urls, client: (service) => new ApiClient({ url: urls[service], credential }) }
}

/** The session that runs on a data folder; null when none does. */
export const runningServices = (dataDir: string): Services | null => {
  const session = readSessionFile(sessionFileOf(dataDir))
  const secrets = join(dataDir, 'secrets.json')
  if (session === null || session.urls === null || !isAlive(session) || !existsSync(secrets))
    return null
  const { jwtSecret } = JSON.parse(readFileSync(secrets, 'utf8')) as { jwtSecret: string }
  return serviceClients(session.urls, jwtSecret)
}

/** Where the gateway writes the first operator key; the command line uses it as its own. */
export const operatorKeyFile = (dataDir: string): string => join(dataDir, 'operator-key')

const operatorKey = (dataDir: string): string => {
  const given = process.env['TAPEDECK_API_KEY']
  if (given !== undefined && given !== '') return given
  const file = operatorKeyFile(dataDir)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  throw new TapedeckError(
    'UNAUTHENTICATED',
    `no key: neither TAPEDECK_API_KEY nor ${file} holds one`,
    {
      hint: 'Set TAPEDECK_API_KEY, or start Tapedeck once on this data folder.',
    },
  )
}

/**
 * The gateway of TAPEDECK_URL, or of the session on a data folder, with the operator's key. Throws
 * UPSTREAM_UNAVAILABLE when nothing runs, UNAUTHENTICATED without a key.
 */
export const gatewayClient = (dataDir: string): ApiClient => {
  const given = process.env['TAPEDECK_URL']
  const url =
    given !== undefined && given !== ''
      ? given.replace(/\/$/, '')
      : runningServices(dataDir)?.urls.gateway
  if (url === undefined)
    throw new TapedeckError('UPSTREAM_UNAVAILABLE', `Tapedeck does not run on ${dataDir}`, {
      hint: 'Start it with `tapedeck up`, name another folder with --data, or set TAPEDECK_URL.',
    })
  const key = operatorKey(dataDir)
  return new ApiClient({ url, credential: () => key })
}
