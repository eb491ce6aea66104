/** Does trials in a thread of its own, so that a strategy that never returns can be ended. */
import { parentPort, workerData } from 'node:worker_threads'
import { runTrialOn } from '../run-trial.ts'
import { readTrialJob } from '../trial-job.ts'
import type { DataCatalog } from './data-catalog.ts'
import { dataOpener } from './open-data.ts'
import { packOutcome, type ThreadAnswer, type ThreadJob } from './trial-message.ts'

const open = dataOpener((workerData as { catalog: DataCatalog }).catalog)

const answerTo = async ({ ticket, bytes }: ThreadJob): Promise<ThreadAnswer> => {
  try {
    const job = readTrialJob(bytes)
    return { ticket, result: packOutcome(await runTrialOn(job, await open(job.study))) }
  } catch (error) {
    const code = (error as { code?: unknown }).code
    const detail = Error.isError(error) ? error.message : String(error)
    return { ticket, reason: typeof code === 'string' ? code : 'WORKER_FAILED', detail }
  }
}

parentPort?.on('message', (job: ThreadJob) => {
  const answer = async (): Promise<void> => parentPort?.postMessage(await answerTo(job), [])
  void answer()
})
