import type { ConnectionOptions } from '@nats-io/transport-node'

/** Where NATS is and who we are to it. */
export type Login = {
  /** `nats://host:port`, one or several of one cluster. */
  readonly servers: string | readonly string[]
  readonly user?: string
  readonly pass?: string
  /** Shown by the server's monitoring: the service's name. */
  readonly name: string
}

/** The client's own words for it. A frozen server is noticed after two unanswered pings. */
export const connectionOptions = (login: Login): ConnectionOptions => ({
  servers: typeof login.servers === 'string' ? login.servers : [...login.servers],
  name: login.name,
  ...(login.user === undefined ? {} : { user: login.user }),
  ...(login.pass === undefined ? {} : { pass: login.pass }),
  timeout: 5_000,
  pingInterval: 5_000,
  maxPingOut: 2,
  noAsyncTraces: true,
})
