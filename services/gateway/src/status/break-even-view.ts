import type { ExecutionConfig } from '@tapedeck/contracts'
import { dec } from '@tapedeck/core'
import type { z } from 'zod'
import type { BreakEvenView } from './status-schema.ts'

/**
 * What a stop at break-even really brings after fees: it lies a buffer beyond entry, and leaves as a
 * taker. Percent of notional; slippage would come on top.
 */
export const breakEvenView = ({
  break_even,
  fees,
}: ExecutionConfig): z.infer<typeof BreakEvenView> => {
  const buffer = dec(break_even.buffer_percent)
  const taker = dec(fees.taker_percent)
  const both = taker.times(2)
  const makerEntry = taker.plus(fees.maker_percent)
  const result = buffer.minus(both)
  const covers = !result.isNegative()
  const figures = `The break-even buffer of ${buffer.toString()} % ${covers ? 'covers' : 'does not cover'} two taker fees of ${taker.toString()} %`
  const consequence = covers
    ? `a trade stopped at break-even keeps ${result.toString()} % before slippage`
    : `a trade stopped at break-even loses ${result.abs().toString()} % before slippage`
  const withMaker = buffer.minus(makerEntry)
  return {
    buffer_percent: buffer.toNumber(),
    maker_percent: fees.maker_percent,
    taker_percent: fees.taker_percent,
    fees_percent: both.toNumber(),
    fees_maker_entry_percent: makerEntry.toNumber(),
    result_percent: result.toNumber(),
    covers_fees: covers,
    sentence: `${figures}: ${consequence} (${withMaker.toString()} % when the entry was a maker).`,
  }
}
