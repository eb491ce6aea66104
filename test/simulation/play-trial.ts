import { isType, type RunStarted } from '@tapedeck/contracts'
import { runStarted } from '@tapedeck/core'
import { ACCOUNT } from './account.ts'
import { CALM_AT, type Trial } from './draw-trial.ts'
import { finalProblems } from './final-checks.ts'
import { instrumentOf, plainInstrument } from './instruments.ts'
import { scheduleOutages } from './trial-outages.ts'
import type { TrialResult } from './trial-result.ts'
import { describeMessage } from './trial-trace.ts'
import { RUN_ID, TrialWorld } from './trial-world.ts'

const LIMIT_MS = 400_000
/** Funding that the stream lost is asked for after so long at most. */
const FUNDING_MS = 45_000
const CLEAR_EVERY_MS = 5_000
/** What a trade leaves behind may come to light for so long before things calm down. */
const AFTERMATH_MS = 12_000
const LINES_KEPT = 120

/** One trial as it is played, and the lines that tell of it. */
class Play {
  readonly world: TrialWorld
  readonly problems: string[] = []
  readonly lines: string[] = []
  readonly #print: ((line: string) => void) | null
  #followed = 0
  #idleSince: number

  constructor(trial: Trial, print: ((line: string) => void) | null) {
    this.#print = print
    this.world = new TrialWorld(trial, {
      line: (text) => this.line(text),
      onTold: () => this.#tickRisk(),
    })
    this.#idleSince = this.world.start
  }

  line(text: string): void {
    const line = `${String(this.world.time.now() - this.world.start).padStart(7)} ${text}`
    this.lines.push(line)
    if (this.lines.length > LINES_KEPT) this.lines.shift()
    this.#print?.(line)
  }

  /** The trades were carried out. */
  get #isOver(): boolean {
    const { risk } = this.world
    return risk.over > 0 && risk.isDone && risk.open.size === 0
  }

  async play(): Promise<void> {
    const { trial, start, symbols, tape, time, venue, market, execution, reconciler, watch } =
      this.world
    const run = {
      kind: 'live' as const,
      source: 'simulation',
      instruments: symbols.map((symbol) => plainInstrument(instrumentOf(symbol))),
      lockstep: false,
    } satisfies RunStarted
    tape.append('ingest', [runStarted(RUN_ID, run)], null)
    time.onStep = () => this.#afterStep()
    market.start()
    this.#scheduleOutages()
    this.#scheduleCountdown()
    this.#scheduleCalm()
    reconciler.start()
    await execution.prepare(1 + trial.executionCrashes.length + trial.executionPauses.length)
    execution.start()
    const rested = await time.runUntil(start + LIMIT_MS, () => this.#isAtRest())
    if (!rested) this.problems.push(`nothing came to rest in ${LIMIT_MS} ms`)
    watch.end()
    const isShared = 'foreign_order' in venue.faults.injected()
    this.problems.push(...finalProblems(tape.messages, venue.exchange, { symbols, isShared }))
  }

  #scheduleOutages(): void {
    const { trial, time, execution, reconciler, struck } = this.world
    scheduleOutages(trial, {
      time,
      execution,
      reconciler,
      isOver: () => this.#isOver,
      line: (text) => this.line(text),
      onStruck: (kind) => struck.count(kind),
    })
  }

  #tickRisk(): void {
    const { risk, delivery, time, market } = this.world
    const now = delivery.marketTime ?? time.now()
    risk.tick(
      now,
      (symbol) => market.ticksOf(symbol),
      () => this.world.isHeld,
    )
  }

  /** The dead man's switch cancels the plain orders of every symbol, and no conditional ones. */
  #scheduleCountdown(): void {
    const { trial, time, struck, symbols, venue } = this.world
    if (trial.countdownAt === null) return
    time.after(trial.countdownAt, () => {
      if (this.#isOver) return
      struck.count('countdown_cancel_all')
      for (const symbol of symbols) venue.exchange.countdownCancelAll(ACCOUNT, symbol, 1)
      venue.settle()
    })
  }

  /**
   * What is stuck as it triggers can neither fill nor be canceled: the venue itself clears it in the end. What was
   * taken off its list comes back: an account that is to trade it is not ready before. Somebody else takes back an
   * order that the venue left half done.
   */
  #scheduleCalm(): void {
    const { time, venue, symbols } = this.world
    const { exchange } = venue
    const clear = (): void => {
      for (const symbol of symbols) {
        exchange.setSymbolStatus(symbol, 'TRADING')
        for (const { clientOrderId } of exchange.openOrders(ACCOUNT, symbol))
          if (clientOrderId.startsWith('web_'))
            exchange.cancelOrder(ACCOUNT, symbol, { clientOrderId })
        for (const { status, algoId } of exchange.openConditionals(ACCOUNT, symbol))
          if (status === 'TRIGGERING') exchange.resolveTrigger(ACCOUNT, { algoId }, 'expire')
      }
      venue.settle()
      time.after(CLEAR_EVERY_MS, clear)
    }
    time.after(CALM_AT, clear)
  }

  #afterStep(): void {
    const { execution, reconciler, risk, tape, watch, struck, time } = this.world
    for (let busy = true; busy;) {
      const told = [execution.pump(), reconciler.pump(), risk.pump()]
      busy = told.includes(true)
    }
    for (; this.#followed < tape.length; this.#followed++) {
      const message = tape.messages[this.#followed]!
      watch.follow(message, time.now())
      if (message.type === 'risk.signal.approved') struck.begin()
      const text = describeMessage(message)
      if (text !== null) this.line(text)
    }
    for (const problem of watch.check(time.now())) {
      this.line(`PROBLEM ${problem}`)
      this.problems.push(problem)
    }
  }

  /** Leaves nothing behind on the machine. */
  async end(): Promise<void> {
    const { execution, reconciler, network, time } = this.world
    execution.end()
    reconciler.crash()
    network.close()
    await time.runUntil(time.now())
  }

  /** The trade is over, and what came after it: nothing more goes wrong, so that books can be compared. */
  #calm(): void {
    const { venue, network, delivery } = this.world
    venue.faults.clear()
    network.clear()
    delivery.clear()
  }

  /** Calm, nothing open, and the reconciler has found nothing since. */
  #isAtRest(): boolean {
    const { time, risk, start, struck, execution, trial, tape } = this.world
    const now = time.now()
    if (risk.open.size > 0 || this.world.isHeld) {
      this.#idleSince = now
      return false
    }
    const calmAt = start + CALM_AT
    if (this.#isOver) struck.end()
    const done = this.#isOver && now - this.#idleSince > AFTERMATH_MS
    if (done && now < calmAt) this.#calm()
    if (!done && now < calmAt + 10_000) return false
    if (execution.inHand > 0 || !execution.isCaughtUp) return false
    const sinceFunding = trial.fundingAt === null ? Infinity : now - start - trial.fundingAt
    if (sinceFunding >= 0 && sinceFunding < FUNDING_MS) return false
    const last = tape.messages.findLast((one) => one.type === 'reconciler.run.completed')
    if (last === undefined || !isType(last, 'reconciler.run.completed') || !last.payload.clean)
      return false
    const news = tape.messages.findLast(({ type }) => type.startsWith('execution.order.'))
    return news === undefined || last.occurred_at > news.occurred_at
  }
}

/** Plays a trial to its end. `print`: told of everything that happens. */
export const playTrial = async (
  trial: Trial,
  print: ((line: string) => void) | null = null,
): Promise<TrialResult> => {
  const play = new Play(trial, print)
  await play.play()
  await play.end()
  const { tape, struck, time, start, watch } = play.world
  return {
    seed: trial.seed,
    problems: play.problems,
    hash: () => tape.hash(),
    injected: struck.struck(),
    messages: tape.messages,
    virtualMs: time.now() - start,
    exposures: watch.exposures,
    lastLines: play.lines,
  }
}
