import { setTimeout as sleep } from 'node:timers/promises'
import { SERVICES, TapedeckError, type ServiceName } from '@tapedeck/contracts'
import type { Services } from './local-session.ts'

const READY_MS_MAX = 60_000
const POLL_MS = 100

/** Services that are not ready, with what they say. */
export const notReady = async ({ client }: Services): Promise<[ServiceName, string][]> => {
  const answers = await Promise.all(
    SERVICES.map(async (name): Promise<[ServiceName, string]> => {
      const answer = await client(name).probe('/ready')
      if (answer === null) return [name, 'does not answer']
      if (answer.status === 200) return [name, '']
      return [
        name,
        (answer.body as { detail?: string } | null)?.detail ?? `answers ${answer.status}`,
      ]
    }),
  )
  return answers.filter(([, problem]) => problem !== '')
}

/** Resolves when all nine say that they are ready. Throws NOT_READY with the reasons after a minute. */
export const awaitReady = async (
  services: Services,
  signal: AbortSignal,
  onWait: (text: string) => void,
): Promise<void> => {
  const deadline = performance.now() + READY_MS_MAX
  for (;;) {
    const waiting = await notReady(services)
    if (waiting.length === 0) return
    const text = waiting.map(([name, problem]) => `${name} (${problem})`).join(', ')
    if (performance.now() > deadline)
      throw new TapedeckError('NOT_READY', `not ready after ${READY_MS_MAX / 1_000} s: ${text}`)
    onWait(`Waiting for ${text}`)
    await sleep(POLL_MS, undefined, { signal })
  }
}
