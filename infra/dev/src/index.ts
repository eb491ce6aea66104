/**
 * The development stack: real NATS, Redis and Postgres servers without containers.
 *
 * Entry points: `startNats`, `startRedis`, `startPostgres` (a URL from the environment wins, then what
 * the machine has, then what can be fetched); `ensureNatsServer` for one particular line of versions;
 * `natsConfig` for the permissions that each service has. Invariants: everything listens on loopback
 * with random passwords; a server ends with the session that started it, and what a killed session
 * left behind is ended by the next one that uses the same folder, after checking that it is ours.
 */
export { startNats, type NatsOptions, type NatsServer } from './servers/start-nats.ts'
export { startRedis, type RedisOptions, type RedisServer } from './servers/start-redis.ts'
export {
  startPostgres,
  type PostgresOptions,
  type PostgresServer,
} from './servers/start-postgres.ts'
export type { StartOptions } from './servers/external-server.ts'
export type { ServerProcess } from './servers/server-process.ts'
export {
  composeNatsConfig,
  natsConfig,
  NATS_USERS,
  publishSubjects,
  type NatsUser,
} from './servers/nats-config.ts'
export { startOf } from './servers/process-identity.ts'
export { writeSecret } from './servers/secrets.ts'
export { pickPort } from './servers/pick-port.ts'
export { ensureNatsServer, type NatsLine } from './install/ensure-nats-server.ts'
export { lookForServers, type FoundServer } from './install/look-for-servers.ts'
export { REPOSITORY, SERVERS_FOLDER } from './install/cache-folder.ts'
