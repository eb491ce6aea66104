import { isIPv6 } from 'node:net'
import { SERVICES, type ServiceName } from '@tapedeck/contracts'
import { pickPort } from '@tapedeck/dev'
import type { Environment } from '@tapedeck/runtime'
import type { RoleUrls } from './prepare-stack.ts'
import type { Servers } from './start-servers.ts'
import type { StackSecrets } from './stack-secrets.ts'

export type Ports = Readonly<Record<ServiceName, number>>

/** The gateway first, so that its port is the one that people know. */
const PORT_ORDER: readonly ServiceName[] = [
  'gateway',
  ...SERVICES.filter((name) => name !== 'gateway'),
]

const pickFree = async (): Promise<number> => await pickPort(0, 'service')

/** `first` for the gateway and one more for each other service; 0 takes free ports. */
export const assignPorts = async (first: number, pick = pickFree): Promise<Ports> => {
  const free = new Set<number>()
  // Nothing listens on one yet when the next is picked, so the same may come twice.
  while (first === 0 && free.size < PORT_ORDER.length) free.add(await pick())
  const ports = first === 0 ? [...free] : PORT_ORDER.map((_service, index) => first + index)
  return Object.fromEntries(PORT_ORDER.map((service, index) => [service, ports[index]])) as Record<
    ServiceName,
    number
  >
}

export interface EnvironmentOptions {
  readonly servers: Servers
  readonly roleUrls: RoleUrls
  readonly secrets: StackSecrets
  readonly host: string
  readonly ports: Ports
  readonly configPath: string
  readonly logLevel: string
  /** Variables for single services, e.g. what ingest plays. */
  readonly extra: Partial<Record<ServiceName, Environment>>
}

export const urlOfService = (
  service: ServiceName,
  { host, ports }: Pick<EnvironmentOptions, 'host' | 'ports'>,
): string => `http://${isIPv6(host) ? `[${host}]` : host}:${ports[service]}`

const gatewayKeys = (options: EnvironmentOptions): Environment => ({
  TAPEDECK_API_KEY_PEPPER: options.secrets.apiKeyPepper,
  TAPEDECK_SERVICE_URLS: SERVICES.filter((name) => name !== 'gateway')
    .map((name) => `${name}=${urlOfService(name, options)}`)
    .join(','),
})

/** The variables of one service: the same in one process, in nine, and in a container. */
export const serviceEnvironment = (
  service: ServiceName,
  options: EnvironmentOptions,
): Environment => {
  const { user, pass } = options.servers.nats.login(service)
  return {
    NATS_URL: options.servers.nats.url,
    NATS_USER: user,
    NATS_PASSWORD: pass,
    POSTGRES_URL: options.roleUrls[service],
    REDIS_URL: options.servers.redis.url,
    TAPEDECK_HOST: options.host,
    TAPEDECK_PORT: String(options.ports[service]),
    TAPEDECK_LOG_LEVEL: options.logLevel,
    TAPEDECK_JWT_SECRET: options.secrets.jwtSecret,
    TAPEDECK_CONFIG: options.configPath,
    OTEL_EXPORTER_OTLP_ENDPOINT: process.env['OTEL_EXPORTER_OTLP_ENDPOINT'],
    ...(service === 'gateway' ? gatewayKeys(options) : {}),
    ...options.extra[service],
  }
}
