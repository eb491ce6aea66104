import type { Message } from '@tapedeck/contracts'
import { drawTrial } from './draw-trial.ts'
import { playTrial } from './play-trial.ts'
import type { Outcome } from './tally.ts'

const hasFill = (message: Message): boolean =>
  message.type.startsWith('execution.order.') &&
  (message as Message<'execution.order.filled'>).payload.fill !== null

/** Plays the trial of a seed. What throws is a problem like any other. */
export const outcomeOf = async (seed: number): Promise<Outcome> => {
  try {
    const result = await playTrial(drawTrial(seed))
    const fills = result.messages.filter(hasFill).length
    return {
      seed,
      problems: result.problems,
      injected: result.injected,
      virtualMs: result.virtualMs,
      exposures: result.exposures,
      messages: result.messages.length,
      fills,
      traded: fills > 0,
      lastLines: result.problems.length > 0 ? result.lastLines.slice(-40) : [],
    }
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const nothing = { virtualMs: 0, messages: 0, fills: 0, traded: false }
    return { seed, problems: [detail], injected: {}, exposures: [], lastLines: [], ...nothing }
  }
}
