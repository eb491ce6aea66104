/** A thread that answers every trial at once: what is left is the cost of the way there and back. */
import { parentPort } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'

const result = gzipSync(
  JSON.stringify({ status: 'done', metrics: {}, purged: 0, trades: null, equity: null }),
)

parentPort?.on('message', ({ ticket }: { ticket: number }) => {
  parentPort?.postMessage({ ticket, result }, [])
})
