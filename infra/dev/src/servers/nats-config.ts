import { DOMAIN_OF, SERVICES, TAPE_PREFIX, type ServiceName } from '@tapedeck/contracts'

/** Who connects to NATS: each service, and the one that creates streams and looks after them. */
export type NatsUser = ServiceName | 'admin'
export const NATS_USERS: readonly NatsUser[] = ['admin', ...SERVICES]

/** Reading the tape with ordered consumers, and single messages of it; nothing that changes a stream. */
const READ_THE_TAPE = [
  '$JS.API.INFO',
  '$JS.API.STREAM.INFO.TAPE',
  '$JS.API.STREAM.INFO.DEAD',
  '$JS.API.STREAM.MSG.GET.TAPE',
  '$JS.API.DIRECT.GET.TAPE',
  '$JS.API.DIRECT.GET.TAPE.>',
  '$JS.API.CONSUMER.CREATE.TAPE',
  '$JS.API.CONSUMER.CREATE.TAPE.>',
  '$JS.API.CONSUMER.INFO.TAPE.>',
  '$JS.API.CONSUMER.DELETE.TAPE.>',
  '$JS.API.CONSUMER.MSG.NEXT.TAPE.>',
] as const

/** What a service may publish: below its own domain, its dead letters, requests, and reads. */
export const publishSubjects = (service: ServiceName): readonly string[] => {
  const domain = DOMAIN_OF[service]
  return [
    ...(domain === null ? [] : [`${TAPE_PREFIX}.${domain}.>`]),
    `dead.${service}`,
    'control.>',
    'venue.>',
    '_INBOX.>',
    ...READ_THE_TAPE,
  ]
}

const SUBSCRIBE_SUBJECTS = ['_INBOX.>', 'control.>', 'venue.>'] as const

export type NatsConfigOptions = {
  readonly host: string
  readonly port: number
  readonly storeDir: string
  /** A quoted string, or a `$VARIABLE` that the server reads from its environment. */
  readonly password: (user: NatsUser) => string
  /** How often files are synced to the disk; needs 2.10. Without it: every 2 minutes (2.9: 1 minute). */
  readonly syncInterval?: string
  readonly monitorPort?: number
  readonly storeMaxBytes?: string
}

const list = (subjects: readonly string[]): string =>
  subjects.map((subject) => `          ${JSON.stringify(subject)}`).join('\n')

const userBlock = (user: NatsUser, password: string): string => {
  if (user === 'admin') return `    { user: admin, password: ${password} }`
  return `    {
      user: ${JSON.stringify(user)}
      password: ${password}
      permissions: {
        publish: [
${list(publishSubjects(user))}
        ]
        subscribe: [
${list(SUBSCRIBE_SUBJECTS)}
        ]
      }
    }`
}

/**
 * The configuration of a NATS server for Tapedeck: JetStream, messages up to 8 MB, one user per service
 * with the permissions that its domain gives it. `infra/nats/nats.conf` is this with variables.
 */
export const natsConfig = (options: NatsConfigOptions): string => {
  const { host, port, storeDir, password, syncInterval, monitorPort } = options
  const users = NATS_USERS.map((user) => userBlock(user, password(user))).join('\n')
  return `# One user per service: each may publish below its own domain only.
host: ${JSON.stringify(host)}
port: ${port}
${monitorPort === undefined ? '' : `http: "${host}:${monitorPort}"\n`}max_payload: 8MB
max_pending: 64MB
write_deadline: "10s"

jetstream: {
  store_dir: ${JSON.stringify(storeDir)}
  max_memory_store: 256MB
  max_file_store: ${options.storeMaxBytes ?? '100GB'}
${syncInterval === undefined ? '' : `  sync_interval: ${JSON.stringify(syncInterval)}\n`}}

authorization: {
  timeout: 5
  users: [
${users}
  ]
}
`
}

const variable = (user: NatsUser): string =>
  `$NATS_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`

/** The configuration that containers use: passwords come from the environment. */
export const composeNatsConfig = (): string =>
  natsConfig({
    host: '0.0.0.0',
    port: 4222,
    storeDir: '/data',
    password: variable,
    syncInterval: '1s',
    monitorPort: 8222,
  })
