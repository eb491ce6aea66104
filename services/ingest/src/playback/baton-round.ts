import { setTimeout as sleep } from 'node:timers/promises'
import { LOCKSTEP_ORDER, type ServiceName, hasCode } from '@tapedeck/contracts'
import type { Bus, TapeReading } from '@tapedeck/bus'
import { type Advanced, Baton, batonSubject } from '@tapedeck/runtime'

/**
 * A service that was killed with the request in hand never answers, so the request is repeated after
 * this. Repeating it changes nothing, also when the service is merely slow.
 */
const ANSWER_MS_MAX = 2_000
const RETRY_MS = 100

const ask = async (
  bus: Bus,
  service: ServiceName,
  body: object,
  signal: AbortSignal,
): Promise<Advanced> => {
  const data = new TextEncoder().encode(JSON.stringify(body))
  for (;;) {
    try {
      const answer = await bus.request(batonSubject(service), data, ANSWER_MS_MAX)
      return JSON.parse(new TextDecoder().decode(answer)) as Advanced
    } catch (error) {
      // The service is down or busy: it is asked again until it answers.
      if (!hasCode(error, 'UPSTREAM_UNAVAILABLE') || signal.aborted) throw error
      await sleep(RETRY_MS, undefined, { signal })
    }
  }
}

/** Lets every service go on by itself, whatever run held it before. One that is down hears of it when it is back. */
export const releaseServices = async (bus: Bus, signal: AbortSignal): Promise<void> => {
  const body = { up_to: 0, lockstep: false }
  await Promise.all(LOCKSTEP_ORDER.map(async (service) => await ask(bus, service, body, signal)))
}

/** Asks until the service has come as far: one that is being stopped answers from where it stands. */
const advance = async (
  bus: Bus,
  service: ServiceName,
  upTo: number,
  signal: AbortSignal,
): Promise<Advanced> => {
  for (;;) {
    const answer = await ask(bus, service, { up_to: upTo }, signal)
    if (answer.position >= upTo) return answer
    await sleep(RETRY_MS, undefined, { signal })
  }
}

/** Lockstep for a source: reads the tape to see what waits, and asks one service after the other. */
export class BatonRound {
  readonly #baton: Baton
  readonly #reading: TapeReading
  readonly #bus: Bus
  readonly #signal: AbortSignal

  /** Everything up to `after` has been settled before; the tape ends at `end`. */
  constructor(
    bus: Bus,
    { after, end }: { readonly after: number; readonly end: number },
    signal: AbortSignal,
  ) {
    this.#bus = bus
    this.#signal = signal
    this.#baton = new Baton(async (service, upTo) => await advance(bus, service, upTo, signal), {
      after,
      end,
    })
    this.#reading = bus.tape.read({
      after,
      onBatch: (messages) => {
        for (const message of messages) this.#baton.observe(message)
        return Promise.resolve()
      },
    })
  }

  /** Resolves when every service has handled what lies on the tape up to `tapeSeq` and all that follows from it. */
  async settle(tapeSeq: number): Promise<void> {
    await this.#baton.settle(tapeSeq)
  }

  /** Makes every service wait for the baton from where it stands, or lets them go. */
  async hold(on: boolean): Promise<void> {
    for (const service of LOCKSTEP_ORDER)
      await ask(this.#bus, service, { up_to: 0, lockstep: on }, this.#signal)
  }

  async stop(): Promise<void> {
    await this.#reading.stop()
  }
}
