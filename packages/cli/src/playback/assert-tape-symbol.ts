import type { TapeReader } from '@tapedeck/backtest'
import { TapedeckError } from '@tapedeck/contracts'

/**
 * Tapes are played whole, so a named symbol has to be all that they hold. Throws SYMBOL_UNKNOWN where it is not there,
 * VALIDATION_FAILED where others would be played with it.
 */
export const assertTapeSymbol = (
  tapes: readonly Pick<TapeReader, 'instruments'>[],
  symbol: string | undefined,
): void => {
  if (symbol === undefined) return
  const held = tapes.flatMap(({ instruments }) => instruments.map((one) => one.symbol))
  const list = held.join(', ')
  if (!held.includes(symbol))
    throw new TapedeckError(
      'SYMBOL_UNKNOWN',
      `symbol ${symbol} is not on the tape; it holds ${list}`,
      {
        hint: 'Name another tape or another symbol.',
      },
    )
  if (held.length > 1)
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `--symbol ${symbol}: the tape holds ${list}, and is played whole`,
      {
        hint: `Leave --symbol out, or make a tape of that one: tapedeck tape convert --symbol ${symbol}.`,
      },
    )
}
