/** A session of its own, for tests that end it: starts one server, says where, and waits to be killed. */
import { startNats, startRedis } from '../src/index.ts'

const [kind, dataDir] = process.argv.slice(2)
const options = { dataDir: dataDir!, useEnvironment: false }
const server = kind === 'redis' ? await startRedis(options) : await startNats(options)
process.stdout.write(`${JSON.stringify({ pid: server.pid, port: server.port })}\n`)
setInterval(() => {}, 1_000)
