import type { Message } from '@tapedeck/contracts'
import type { ExecutionDecider } from '@tapedeck/core'

/** The same decider; what should not have happened (refused transitions, refused exits) is told after each message. */
export const reportProblems = (
  decider: ExecutionDecider,
  report: (problem: string) => void,
): ExecutionDecider => ({
  handle: (message: Message) => {
    const outputs = decider.handle(message)
    for (const problem of decider.takeProblems()) report(problem)
    return outputs
  },
  snapshot: () => decider.snapshot(),
  openIntents: () => decider.openIntents(),
  timeAtStake: () => decider.timeAtStake(),
  venueSnapshot: () => decider.venueSnapshot(),
  takeProblems: () => decider.takeProblems(),
})
