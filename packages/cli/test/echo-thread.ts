/** A thread that answers with what it was asked, after a moment; and dies when it is told to. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'

const decoder = new TextDecoder()

const answer = async ({ ticket, bytes }: { ticket: number; bytes: Uint8Array }): Promise<void> => {
  const { params } = JSON.parse(decoder.decode(bytes)) as { params: { x: number | string } }
  if (params.x === 'dies') process.exit(3)
  if (params.x === 'eats') {
    const eaten: number[][] = []
    for (;;) eaten.push(Array.from({ length: 100_000 }, (_, i) => i * 1.5))
  }
  if (params.x === 'misses') {
    parentPort?.postMessage({ ticket, reason: 'TRIAL_DATA_MISSING', detail: 'it was moved' }, [])
    return
  }
  await sleep(10)
  const outcome = {
    status: 'done',
    metrics: { x: params.x },
    purged: 0,
    trades: null,
    equity: null,
  }
  parentPort?.postMessage({ ticket, result: gzipSync(JSON.stringify(outcome)) }, [])
}

parentPort?.on('message', (job: { ticket: number; bytes: Uint8Array }) => void answer(job))
