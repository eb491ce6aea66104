/**
 * What tests share. Never imported by production code.
 *
 * Entry points: `withNats`, `withPostgres`, `withRedis` (real servers for a test file, stopped at its
 * end), `natsLines` (the NATS versions to run on), `envelopes` and `tradeBatch` (messages that are the
 * same every time). Invariants: free ports, own folders, nothing taken from the environment, so test
 * files run side by side.
 */
export { withNats, withPostgres, withRedis } from './servers/with-servers.ts'
export { natsLines, type TestedNatsLine } from './servers/available-nats-lines.ts'
export { makeTestFolder, removeTestFolder } from './servers/test-folder.ts'
export { envelopes, type BuiltEnvelope, type EnvelopeFacts } from './builders/envelopes.ts'
export { tradeBatch, type Print } from './builders/trades.ts'
