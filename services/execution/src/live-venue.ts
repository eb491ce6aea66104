import { type Message, type VenueReported, isType, output } from '@tapedeck/contracts'
import { type ExecutionDecider, openIntents } from '@tapedeck/core'
import type { ServiceContext, ShellOf } from '@tapedeck/runtime'
import {
  type BinanceVenue,
  OrderCourier,
  type VenueResult,
  createBinanceVenue,
  intentOf,
  lookAtVenue,
  machineClock,
  unknown,
  venueSubject,
} from '@tapedeck/venue'
import type { CONFIG } from './config.ts'
import { fencedFetch } from './fenced-fetch.ts'
import type { LiveSettings } from './live-settings.ts'
import type { Tables } from './migrations.ts'
import { ReportInbox } from './report-inbox.ts'
import { type VenueMeter, createVenueMeter, measuredVenue } from './venue-meter.ts'

type Context = ServiceContext<typeof CONFIG, Tables>

/** Until the venue has said that the account may be traded it is asked again this often. */
const PREPARE_AGAIN_MS = 5_000
const LOOK_BACK_MS_MAX = 86_400_000
const MEASURE_EVERY_MS = 2_000

/** What the reconciler asks: the venue's books on these symbols, fills since then. */
export type VenueQuestion = { readonly symbols: readonly string[]; readonly since: number }

const readQuestion = (bytes: Uint8Array): VenueQuestion | null => {
  try {
    const asked = JSON.parse(new TextDecoder().decode(bytes)) as Partial<VenueQuestion>
    const { symbols, since } = asked
    if (!Array.isArray(symbols) || !symbols.every((one) => typeof one === 'string')) return null
    return typeof since === 'number' && since >= 0 ? { symbols, since } : null
  } catch {
    return null
  }
}

const encode = (answer: VenueResult<unknown>): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(answer))

/**
 * The live venue of an execution service: its adapter, the courier that carries intents there, and the
 * answer to whoever wants to know its books. Not ready before the venue has said that the account may be
 * traded; what it says about orders goes onto the tape before anything follows from it.
 */
export class LiveVenue {
  readonly #context: Context
  readonly #settings: LiveSettings
  readonly #meter: VenueMeter
  #venue: BinanceVenue | null = null
  #courier: OrderCourier | null = null
  #leave: (() => void) | null = null
  #isPrepared = false
  #opening: Promise<void> = Promise.resolve()

  constructor(context: Context, settings: LiveSettings) {
    this.#context = context
    this.#settings = settings
    this.#meter = createVenueMeter(context.metrics)
    context.health.expect('venue')
    context.health.expect('account stream', { critical: false })
  }

  /** An output of ours that is on the tape. Intents of before the courier began are in the brain's state. */
  observe(message: Message, { isNew }: { readonly isNew: boolean }): void {
    if (!isNew || this.#courier === null) return
    if (
      isType(message, 'execution.order.submitted') ||
      isType(message, 'execution.order.pending_cancel')
    )
      this.#courier.carry(intentOf(message))
  }

  /** Returns at once; the venue may be away. */
  start(shell: ShellOf<Tables>): void {
    this.#opening = this.#open(shell).catch((error: unknown) => {
      if (!this.#context.stopping.aborted) this.#context.fail(error)
    })
  }

  async stop(): Promise<void> {
    await this.#opening
    this.#leave?.()
    await this.#courier?.stop()
    await this.#venue?.close()
  }

  async #open(shell: ShellOf<Tables>): Promise<void> {
    const { bus, logger, trading, stopping } = this.#context
    const { network, credentials, rereadCredentials, workingType } = this.#settings
    const log = {
      info: (text: string, details: object) => logger.info({ event: 'venue', ...details }, text),
      warn: (text: string, details: object) => logger.warn({ event: 'venue', ...details }, text),
    }
    const options = {
      network,
      credentials,
      rereadCredentials,
      log,
      fetch: fencedFetch(fetch, shell.mayAct),
    }
    const venue = await createBinanceVenue(
      workingType === undefined ? options : { ...options, workingType },
    )
    this.#venue = venue
    const { account } = trading.execution
    this.#leave = bus.respond(venueSubject(account), async (bytes) => await this.#answer(bytes))
    const inbox = new ReportInbox(this.#context.db)
    const courier = new OrderCourier({
      venue: measuredVenue(venue, this.#meter, (isUp, detail) =>
        this.#context.health.set('account stream', isUp, detail),
      ),
      account,
      venueName: this.#settings.venueName,
      symbols: this.#settings.symbols,
      recvWindowMs: venue.lateArrivalMs,
      entriesWait: true,
      timeAtStake: () => (shell.brain as ExecutionDecider).timeAtStake(),
      log,
      report: async (report) => await this.#report(shell, inbox, report),
    })
    if (stopping.aborted) return
    // What is open from before is looked after at once: stops and exits do not wait for anything. An entry does,
    // after every start: leverage, margin type or position mode may have been changed while nobody looked.
    this.#courier = courier
    courier.start(openIntents(shell.brain as ExecutionDecider))
    void this.#keepMeasuring(courier, venue)
    this.#isPrepared = await this.#prepare(venue)
    if (this.#isPrepared) courier.admitEntries()
  }

  /** Asks until the account may be traded. False when the service stops before. */
  async #prepare(venue: BinanceVenue): Promise<boolean> {
    const { clock, health, logger, stopping } = this.#context
    const { symbols, leverage, marginType, money } = this.#settings
    while (!stopping.aborted) {
      const answer = await venue.prepareAccount({ symbols, leverage, marginType })
      const problems = answer.outcome === 'unknown' ? [answer.detail] : answer.value.problems
      if (problems.length === 0) {
        health.set('venue', true, money === 'real' ? 'trades real money' : 'trades play money')
        logger.warn({ event: 'venue_open', money, symbols }, 'orders go to a live venue')
        return true
      }
      health.set('venue', false, problems.join('; '))
      logger.warn({ event: 'venue_not_ready', problems }, 'the account cannot be traded')
      await clock.sleep(PREPARE_AGAIN_MS, stopping)
    }
    return false
  }

  async #answer(bytes: Uint8Array): Promise<Uint8Array> {
    const asked = readQuestion(bytes)
    const venue = this.#venue
    if (asked === null || venue === null) throw new Error('expected {symbols, since}')
    if (!this.#isPrepared) return encode(unknown('the account is not prepared for trading yet'))
    const { health, clock } = this.#context
    // A history that no question should ask for would take the venue's limits for minutes.
    const since = Math.max(asked.since, clock.now() + venue.clockOffsetMs - LOOK_BACK_MS_MAX)
    const answer = await lookAtVenue(venue, asked.symbols, since)
    const problem = answer.outcome === 'known' ? venue.keyProblem : answer.detail
    health.set('venue', problem === null, problem ?? `trades ${this.#settings.money} money`)
    return encode(answer)
  }

  async #report(shell: ShellOf<Tables>, inbox: ReportInbox, report: VenueReported): Promise<void> {
    const { report_id: id } = report
    if (await inbox.holds(shell.runId, id)) return
    await shell.inject([
      output('execution.venue.reported', {
        aggregate_id: id,
        aggregate_version: 1,
        occurred_at: this.#context.clock.now(),
        payload: report,
      }),
    ])
    inbox.note(shell.runId, id)
    this.#meter.reports.inc({ report: report.report, learned_by: report.learned_by })
  }

  async #keepMeasuring(courier: OrderCourier, venue: BinanceVenue): Promise<void> {
    const { clock, stopping } = this.#context
    while (!stopping.aborted) {
      this.#meter.inHand.set(courier.inHand)
      this.#meter.clockOffset.set(venue.clockOffsetMs / 1000)
      this.#meter.weight.set(venue.weightUsed)
      this.#meter.weightLimit.set(venue.weightLimit)
      this.#meter.paused.set(venue.pausedMs / 1000)
      const { listenKeyKeptAt: keptAt, keyProblem } = venue
      this.#meter.listenKeyAge.set(keptAt === null ? 0 : (machineClock.now() - keptAt) / 1000)
      this.#meter.keyRefused.set(keyProblem === null ? 0 : 1)
      if (keyProblem !== null) this.#context.health.set('venue', false, keyProblem)
      await clock.sleep(MEASURE_EVERY_MS, stopping)
    }
  }
}
