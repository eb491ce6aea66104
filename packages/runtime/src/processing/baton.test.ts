import { describe, expect, it } from '@jest/globals'
import { DOMAIN_OF, type ServiceName } from '@tapedeck/contracts'
import { Baton, type Passing } from './baton.ts'

/**
 * A small system in which services answer each other: what each appends when it is advanced past a
 * subject. `orders` of the venue wake risk and setups again, so there are several rounds.
 */
const ANSWERS: readonly (readonly [ServiceName, string, readonly string[]])[] = [
  ['orderflow', 'tape.market.clock.run', ['tape.orderflow.features.v.S']],
  ['setup-generator', 'tape.orderflow.features.v.S', ['tape.setup.signal.generated.v.S']],
  ['risk', 'tape.setup.signal.generated.v.S', ['tape.risk.signal.approved.paper']],
  [
    'execution',
    'tape.risk.signal.approved.paper',
    ['tape.execution.trade.started.paper', 'tape.execution.order.submitted.paper'],
  ],
  ['reconciler', 'tape.execution.order.submitted.paper', ['tape.reconciler.run.completed.paper']],
  ['risk', 'tape.execution.trade.started.paper', ['tape.risk.session.updated.paper']],
]

/** Services over one tape. A service answers what lies on the tape once, whoever asks and however often. */
class World {
  readonly tape: Passing[] = []
  readonly #position = new Map<ServiceName, number>()

  /** What somebody else puts on the tape when it has that many messages. */
  between: { readonly at: number; readonly subject: string } | null = null

  put(subject: string): number {
    if (this.between?.at === this.tape.length) {
      const foreign = this.between.subject
      this.between = null
      this.put(foreign)
    }
    return this.tape.push({ seq: this.tape.length + 1, subject })
  }

  advance(service: ServiceName, upTo: number): { position: number; tapeSeq: number } {
    for (let at = (this.#position.get(service) ?? 0) + 1; at <= upTo; at++) {
      this.#position.set(service, at)
      const { subject } = this.tape[at - 1]!
      for (const [who, heard, says] of ANSWERS)
        if (who === service && heard === subject) for (const said of says) this.put(said)
    }
    const own = `tape.${DOMAIN_OF[service]}.`
    const tapeSeq = this.tape.findLast((message) => message.subject.startsWith(own))?.seq ?? 0
    return { position: upTo, tapeSeq }
  }
}

const CLOCK = 'tape.market.clock.run'

/** Plays steps of one clock each; once, the player dies before its `killAt`th act, and a new one goes on. */
const play = async (
  steps: number,
  killAt: number,
  between?: { readonly at: number; readonly subject: string },
): Promise<string[]> => {
  const world = new World()
  world.between = between ?? null
  let acts = 0
  const act = (): void => {
    if (++acts === killAt) throw new Error('killed')
  }
  const life = async (): Promise<void> => {
    let shown = 0
    const baton = new Baton(
      async (service, upTo) => {
        act()
        const answer = world.advance(service, upTo)
        act()
        for (; shown < world.tape.length; shown++) baton.observe(world.tape[shown]!)
        return answer
      },
      { after: 0, end: world.tape.length },
    )
    const clocks = (): number => world.tape.filter(({ subject }) => subject === CLOCK).length
    const settle = async (appended: number): Promise<void> => {
      for (; shown < world.tape.length; shown++) baton.observe(world.tape[shown]!)
      await baton.settle(appended)
    }
    // The last step that the tape holds may not have been settled.
    const last = world.tape.findLast(({ subject }) => subject === CLOCK)
    if (last !== undefined) await settle(last.seq)
    while (clocks() < steps) {
      act()
      const appended = world.put(CLOCK)
      act()
      await settle(appended)
    }
  }
  await life().catch(life)
  return world.tape.map(({ subject }) => subject)
}

describe('the baton', () => {
  it('goes round until nothing waits, in one order', async () => {
    expect(await play(1, Infinity)).toEqual([
      CLOCK,
      'tape.orderflow.features.v.S',
      'tape.setup.signal.generated.v.S',
      'tape.risk.signal.approved.paper',
      'tape.execution.trade.started.paper',
      'tape.execution.order.submitted.paper',
      'tape.reconciler.run.completed.paper',
      'tape.risk.session.updated.paper',
    ])
  })

  it('is taken up where a killed player dropped it: the tape comes out the same', async () => {
    const undisturbed = await play(3, Infinity)
    for (let killAt = 1; killAt <= 60; killAt++)
      expect({ killAt, tape: await play(3, killAt) }).toEqual({ killAt, tape: undisturbed })
  })

  it('is not put off by what somebody else puts between', async () => {
    const foreign = 'tape.market.trades.v.S'
    const undisturbed = await play(2, Infinity)
    for (let at = 1; at < 12; at++)
      for (const killAt of [Infinity, 3, 5, 8, 13, 21]) {
        const tape = await play(2, killAt, { at, subject: foreign })
        const ours = tape.filter((subject) => subject !== foreign)
        expect({ at, killAt, ours }).toEqual({ at, killAt, ours: undisturbed })
      }
  })

  it('shows what nobody’s turn brought, such as an operator’s command', async () => {
    const world = new World()
    const asked: string[] = []
    const baton = new Baton(
      async (service, upTo) => {
        asked.push(`${service} ${upTo}`)
        return { position: upTo, tapeSeq: 0 }
      },
      { after: 0, end: 0 },
    )
    for (const subject of [CLOCK, 'tape.risk.command.received.paper']) {
      world.put(subject)
      baton.observe(world.tape.at(-1)!)
    }
    await baton.settle(1)
    expect(asked).toContain('risk 2')
  })
})
