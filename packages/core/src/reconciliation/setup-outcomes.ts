import { output, type Message, type Output, type SetupOutcomeDecided } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { createSetupOutcomeTracker, type SetupOutcomeTracker } from '../setup-event/index.ts'

const decidedOutput = (payload: SetupOutcomeDecided): Output =>
  output('reconciler.setup_outcome.decided', {
    // An attempt has one outcome, so its id with version 1 names it: decided twice, it is the same event.
    aggregate_id: payload.setup_event_id,
    aggregate_version: 1,
    occurred_at: payload.outcome_ts,
    correlation_id: payload.setup_chain_id,
    payload,
  })

/**
 * What became of break attempts, by the bars on the tape alone: no venue is asked. A new run leaves what is
 * open without an outcome, because the market it was waiting for has ended.
 */
export class SetupOutcomes {
  readonly #tracker: SetupOutcomeTracker

  constructor(snapshot?: Json) {
    this.#tracker = createSetupOutcomeTracker(snapshot)
  }

  /** Break attempts without an outcome. */
  get openCount(): number {
    return this.#tracker.openCount
  }

  handle(message: Message): Output[] {
    if (message.type === 'market.run.started') this.#tracker.reset()
    if (message.type === 'market.bar.closed')
      return this.#tracker.onBar(message.payload).map(decidedOutput)
    if (message.type === 'setup.event.recorded')
      return this.#tracker.onEvent(message.payload).map(decidedOutput)
    return []
  }

  snapshot(): Json {
    return this.#tracker.snapshot()
  }
}
