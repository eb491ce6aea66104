import { ExecutionConfig, ReconciliationConfig, isType, type RunStarted } from '@tapedeck/contracts'
import { MarketComposer, Random, runStarted, type MarketEvent } from '@tapedeck/core'
import { SimulatedVenue, listInstrument } from '@tapedeck/venue-simulator'
import { CALM_AT, type Trial } from './draw-trial.ts'
import { ACCOUNT, API_KEY, API_SECRET, ExecutionHost } from './execution-host.ts'
import { finalProblems } from './final-checks.ts'
import { InProcessNetwork } from './in-process-network.ts'
import { MemoryTape } from './memory-tape.ts'
import { INSTRUMENT, PricePath, STEP_MS, SYMBOL, VENUE } from './price-path.ts'
import { ProtectionWatch } from './protection-watch.ts'
import { ReconcilerHost } from './reconciler-host.ts'
import { RiskHost } from './risk-host.ts'
import type { TrialResult } from './trial-result.ts'
import { describeMessage } from './trial-trace.ts'
import { VirtualTime } from './virtual-time.ts'

/** Midnight of a day; trials begin some hours into it. */
const DAY = Date.UTC(2026, 0, 5)
const HOUR = 3_600_000
/** Market news reaches us this much after it happened. */
const MARKET_MS = 20
const LIMIT_MS = 400_000
/** For how long the venue may limit orders. */
const MINUTE_MS = 60_000
/** Nothing is sent in the place of a request without an answer before it cannot arrive any more. */
const UNSURE_MS = 11_000
/** Funding that the stream lost is asked for after so long at most. */
const FUNDING_MS = 45_000
const CLEAR_EVERY_MS = 5_000
/** What a trade leaves behind may come to light for so long before things calm down. */
const AFTERMATH_MS = 12_000
const LINES_KEPT = 120
const RUN_ID = '00000000-0000-5000-8000-000000000001'

const startOf = ({ fundingAt }: Trial): number =>
  fundingAt === null ? DAY + 10 * HOUR + 600_000 : DAY + 10 * HOUR - fundingAt

/** One trial as it is played: everything in it, and the lines that tell of it. */
class Play {
  readonly trial: Trial
  readonly start: number
  readonly time: VirtualTime
  readonly tape = new MemoryTape(RUN_ID)
  readonly venue: SimulatedVenue
  readonly network: InProcessNetwork
  readonly execution: ExecutionHost
  readonly reconciler: ReconcilerHost
  readonly risk: RiskHost
  readonly watch: ProtectionWatch
  readonly problems: string[] = []
  readonly lines: string[] = []
  readonly #path: PricePath
  readonly #composer = new MarketComposer({ instruments: [INSTRUMENT] })
  readonly #print: ((line: string) => void) | null
  #crashes: Record<string, number> = {}
  #traced = 0
  #idleSince: number

  constructor(trial: Trial, print: ((line: string) => void) | null) {
    this.trial = trial
    this.#print = print
    this.start = startOf(trial)
    this.#idleSince = this.start
    const random = new Random(trial.seed ^ 0x5bd1e995)
    this.time = new VirtualTime(this.start)
    this.venue = new SimulatedVenue({
      instruments: [listInstrument(INSTRUMENT, { fundingIntervalHours: 1 })],
      startTime: this.start,
      seed: trial.seed,
      faultPlan: trial.faults,
    })
    this.venue.addAccount({
      account: ACCOUNT,
      apiKey: API_KEY,
      secret: API_SECRET,
      balance: '10000',
    })
    const weather = {
      lateShare: trial.lateShare,
      lateMsMax: 9_000,
      clearFrom: this.start + CALM_AT,
    }
    this.network = new InProcessNetwork(this.time, this.venue, random, weather)
    this.network.onArrival = ({ method, path, query, body }) =>
      this.line(`  -> ${method} ${path} ${query || body}`)
    this.#path = new PricePath(random, trial.fundingRate)
    const log = {
      info: (message: string, details: object) =>
        this.line(`  .. ${message} ${JSON.stringify(details)}`),
      warn: (message: string, details: object) => {
        this.line(`  !! ${message} ${JSON.stringify(details)}`)
        // While the venue limits us, whatever is sent makes it worse.
        if ('code' in details && details.code === '-1015')
          this.watch.trouble(this.time.now() + MINUTE_MS)
        if ('forMs' in details) this.watch.trouble(this.time.now() + Number(details.forMs) + 3_000)
      },
    }
    this.execution = new ExecutionHost({
      time: this.time,
      tape: this.tape,
      network: this.network,
      execution: ExecutionConfig.parse({ account: ACCOUNT, venue: 'binance-usdm' }),
      random,
      log,
      onProblem: (problem) => this.line(`  ?? ${problem}`),
    })
    this.reconciler = new ReconcilerHost({
      time: this.time,
      tape: this.tape,
      account: ACCOUNT,
      reconciliation: ReconciliationConfig.parse({ interval_ms: 10_000 }),
      venue: VENUE,
      look: (since) => this.execution.look(since),
    })
    this.risk = new RiskHost(this.tape, trial, this.start)
    this.watch = new ProtectionWatch(this.venue, this.start)
    this.network.onLate = (ms) => this.watch.trouble(this.time.now() + ms + UNSURE_MS)
  }

  line(text: string): void {
    const line = `${String(this.time.now() - this.start).padStart(7)} ${text}`
    this.lines.push(line)
    if (this.lines.length > LINES_KEPT) this.lines.shift()
    this.#print?.(line)
  }

  /** The trade was carried out. */
  get #isOver(): boolean {
    return this.risk.over > 0 && this.risk.isDone && this.risk.open.size === 0
  }

  get injected(): Record<string, number> {
    const late = this.network.late > 0 ? { request_late: this.network.late } : {}
    return { ...this.venue.faults.injected(), ...late, ...this.#crashes }
  }

  async play(): Promise<void> {
    const run = {
      kind: 'live' as const,
      source: 'simulation',
      instruments: [INSTRUMENT],
      lockstep: false,
    } satisfies RunStarted
    this.tape.append('ingest', [runStarted(RUN_ID, run)], null)
    this.time.onStep = () => this.#afterStep()
    this.#scheduleMarket()
    this.#scheduleCrashes()
    this.#scheduleCalm()
    this.reconciler.start()
    await this.execution.prepare(1 + this.trial.executionCrashes.length)
    void this.execution.start()
    this.watch.trouble(this.start + this.trial.approveAt)
    const rested = await this.time.runUntil(this.start + LIMIT_MS, () => this.#isAtRest())
    if (!rested) this.problems.push(`nothing came to rest in ${LIMIT_MS} ms`)
    this.problems.push(...finalProblems(this.tape.messages, this.venue.exchange, this.injected))
  }

  #scheduleMarket(): void {
    const step = (): void => {
      const now = this.time.now()
      const events = this.#path.step(now)
      this.venue.applyMarket(events)
      const told = this.#asTold(events)
      this.time.after(MARKET_MS, () => {
        for (const { outputs } of this.#composer.push(told))
          this.tape.append('ingest', outputs, null)
        for (const { outputs } of this.#composer.flush()) this.tape.append('ingest', outputs, null)
        this.risk.tick(this.#composer.marketTime ?? now, this.#path.ticks)
      })
      this.time.after(STEP_MS, step)
    }
    step()
    for (const { at, mood } of this.trial.moods)
      this.time.after(at, () => {
        this.#path.mood = mood
      })
    for (const { at, ticks } of this.trial.jumps) this.time.after(at, () => this.#path.jump(ticks))
  }

  /** What is stuck as it triggers can neither fill nor be canceled: the venue itself clears it in the end. */
  #scheduleCalm(): void {
    const clear = (): void => {
      const { exchange } = this.venue
      for (const { status, algoId } of exchange.openConditionals(ACCOUNT, SYMBOL))
        if (status === 'TRIGGERING') exchange.resolveTrigger(ACCOUNT, { algoId }, 'expire')
      this.venue.settle()
      this.time.after(CLEAR_EVERY_MS, clear)
    }
    this.time.after(CALM_AT, clear)
  }

  /** Prints and marks bear the time of the venue's clock, which may not be ours. */
  #asTold(events: readonly MarketEvent[]): readonly MarketEvent[] {
    const ahead = this.venue.shownTime - this.venue.time
    if (ahead === 0) return events
    return events.map((one) =>
      'time' in one && one.time !== null ? { ...one, time: one.time + ahead } : one,
    )
  }

  #count(kind: string): void {
    this.#crashes = { ...this.#crashes, [kind]: (this.#crashes[kind] ?? 0) + 1 }
  }

  #scheduleCrashes(): void {
    for (const { at, downMs } of this.trial.executionCrashes)
      this.time.after(at, () => {
        if (!this.execution.isUp || this.#isOver) return
        this.line('execution crashes')
        this.#count('execution_crash')
        this.execution.crash()
        this.watch.trouble(this.time.now() + downMs + 3_000)
        this.time.after(downMs, () => {
          this.line('execution starts again')
          void this.execution.start()
        })
      })
    for (const { at, downMs } of this.trial.reconcilerCrashes)
      this.time.after(at, () => {
        if (!this.reconciler.isUp || this.#isOver) return
        this.line('the reconciler crashes')
        this.#count('reconciler_crash')
        this.reconciler.crash()
        this.time.after(downMs, () => this.reconciler.start())
      })
  }

  #afterStep(): void {
    for (let busy = true; busy;) {
      const told = [this.execution.pump(), this.reconciler.pump(), this.risk.pump()]
      busy = told.includes(true)
    }
    for (; this.#traced < this.tape.length; this.#traced++) {
      const text = describeMessage(this.tape.messages[this.#traced]!)
      if (text !== null) this.line(text)
    }
    if (!this.execution.isUp) this.watch.trouble(this.time.now() + 3_000)
    const problem = this.watch.check(this.time.now())
    if (problem === null) return
    this.line(`PROBLEM ${problem}`)
    this.problems.push(problem)
  }

  /** Leaves nothing behind on the machine. */
  async end(): Promise<void> {
    this.execution.crash()
    this.reconciler.crash()
    this.network.close()
    await this.time.runUntil(this.time.now())
  }

  /** The trade is over, and what came after it: nothing more goes wrong, so that books can be compared. */
  #calm(): void {
    this.venue.faults.clear()
    this.network.clear()
  }

  /** Calm, nothing open, and the reconciler has found nothing since. */
  #isAtRest(): boolean {
    const now = this.time.now()
    if (this.risk.open.size > 0) {
      this.#idleSince = now
      return false
    }
    const calmAt = this.start + CALM_AT
    const done = this.#isOver && now - this.#idleSince > AFTERMATH_MS
    if (done && now < calmAt) this.#calm()
    if (!done && now < calmAt + 10_000) return false
    if (this.execution.inHand > 0 || !this.execution.isCaughtUp) return false
    const { fundingAt } = this.trial
    const sinceFunding = fundingAt === null ? Infinity : now - this.start - fundingAt
    if (sinceFunding >= 0 && sinceFunding < FUNDING_MS) return false
    const last = this.tape.messages.findLast((one) => one.type === 'reconciler.run.completed')
    if (last === undefined || !isType(last, 'reconciler.run.completed') || !last.payload.clean)
      return false
    const news = this.tape.messages.findLast(({ type }) => type.startsWith('execution.order.'))
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
  return {
    seed: trial.seed,
    problems: play.problems,
    hash: () => play.tape.hash(),
    injected: play.injected,
    messages: play.tape.messages,
    virtualMs: play.time.now() - play.start,
    longestUnprotectedMs: play.watch.longestMs,
    lastLines: play.lines,
  }
}
