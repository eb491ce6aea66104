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

/** `first` for the gateway and one more for each other service; 0 takes free ports. */
export const assignPorts = async (first: number): Promise<Ports> => {
  const ports: [ServiceName, number][] = []
  for (const [index, service] of PORT_ORDER.entries())
    ports.push([service, first === 0 ? await pickPort(0, service) : first + index])
  return Object.fromEntries(ports) as Record<ServiceName, number>
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
