import { type BarClosed, type Message, type Output, isType, output } from '@tapedeck/contracts'
import { BarBuilder } from '@tapedeck/core'
import type { ArchivedMessage } from '../archive/index.ts'
import type { ServiceCheck } from './service-check.ts'

const CLOCK_MS = 1_000
const STEP_MS = 15_000
const JUMP_MS = 3_600_000

const keyOf = ({ venue, symbol }: { venue: string; symbol: string }): string => `${venue}|${symbol}`

const barOutput = (bar: BarClosed): Output =>
  output('market.bar.closed', {
    aggregate_id: `${bar.venue}.${bar.symbol}.${bar.timeframe}.${bar.open_time}`,
    aggregate_version: 1,
    occurred_at: bar.close_time,
    payload: bar,
  })

/**
 * What ingest derives from the market: bars from the prints before them, and the clock from the clock
 * before it. Prints, book, marks and feeds are the market's own word.
 */
export class IngestCheck {
  readonly #check: ServiceCheck
  #bars = new Map<string, BarBuilder>()
  #hasPrints = false
  #clock: { readonly at: number; readonly version: number } | null = null

  constructor(check: ServiceCheck) {
    this.#check = check
  }

  recorded(recorded: ArchivedMessage): void {
    const { message } = recorded
    if (isType(message, 'market.bar.closed')) return this.#bar(recorded, message.payload)
    if (isType(message, 'market.clock')) return this.#tick(recorded, message)
    this.#check.input(recorded)
    if (isType(message, 'market.run.started')) {
      this.#bars = new Map(
        message.payload.instruments.map((one) => [keyOf(one), new BarBuilder({ instrument: one })]),
      )
    } else if (isType(message, 'market.trades')) this.#prints(message.payload)
    else if (isType(message, 'market.feed.status')) {
      const { channel, status } = message.payload
      // A hole in the prints is told before the prints behind it.
      if (channel === 'trades' && status !== 'up' && status !== 'stale')
        this.#bars.get(keyOf(message.payload))?.taint()
    }
  }

  #prints(batch: Message<'market.trades'>['payload']): void {
    this.#hasPrints = true
    const bars = this.#bars.get(keyOf(batch))
    if (bars === undefined) return
    const excluded = new Set(batch.excluded)
    for (let i = 0; i < batch.id.length; i++)
      if (!excluded.has(i))
        bars.addTrade(
          batch.price_ticks[i]!,
          batch.quantity_lots[i]!,
          batch.maker[i]!,
          batch.time[i]!,
        )
  }

  #bar(recorded: ArchivedMessage, payload: BarClosed): void {
    if (!this.#hasPrints) return this.#check.input(recorded, 'SOURCE_OF_BARS')
    this.#close(this.#bars.get(keyOf(payload)), payload.close_time)
    this.#check.recorded(recorded)
  }

  #close(bars: BarBuilder | undefined, until: number): void {
    this.#check.computed((bars?.closeUntil(until) ?? []).map(barOutput), null)
  }

  #tick(recorded: ArchivedMessage, { payload, aggregate_version }: Message<'market.clock'>): void {
    const before = this.#clock
    this.#clock = { at: payload.at, version: aggregate_version }
    if (before === null) return this.#check.input(recorded)
    if (this.#hasPrints && (payload.jump || payload.at % STEP_MS === 0)) {
      for (const bars of this.#bars.values()) this.#close(bars, payload.at)
      // The bars that a boundary closes lie before its clock.
      this.#check.settle()
    }
    const isJump = payload.jump && payload.at - before.at > JUMP_MS && payload.at % CLOCK_MS === 0
    const at = isJump ? payload.at : before.at + CLOCK_MS
    this.#check.computed(
      [
        output('market.clock', {
          aggregate_id: 'market',
          aggregate_version: before.version + 1,
          occurred_at: at,
          payload: { at, jump: isJump },
        }),
      ],
      null,
    )
    this.#check.recorded(recorded)
  }
}
