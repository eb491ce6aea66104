import type { MarketEvent } from '@tapedeck/core'
import { rowBuffers, type EventFileKind } from './event-rows.ts'
import { FileLane, type LaneTarget } from './file-lane.ts'
import type { RowBuffers } from './row-buffers.ts'

/** Events of one kind and symbol. */
export class EventLane extends FileLane {
  readonly #rows: RowBuffers<MarketEvent>

  constructor(target: LaneTarget, kind: EventFileKind) {
    super(target, kind)
    this.#rows = rowBuffers(kind)
  }

  protected get columns(): RowBuffers<MarketEvent>['columns'] {
    return this.#rows.columns
  }

  /** Whether `add` has to wait for `make`. */
  needs(at: number): boolean {
    return at >= this.periodEnd || this.isFull
  }

  async make(at: number): Promise<void> {
    if (at >= this.periodEnd) await this.turn(at)
    else await this.flush()
  }

  add(order: number, at: number, event: MarketEvent): void {
    this.#rows.push(order, at, event)
    if (event.kind === 'bar') this.register.sequenced(event.bar.openTime, at)
    else this.register.timed(at)
    this.took(1, order, at, at)
  }
}
