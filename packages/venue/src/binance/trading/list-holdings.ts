import { dec, toDecimalString, type VenueBalance, type VenuePosition } from '@tapedeck/core'
import type { VenueResult } from '../../port/index.ts'
import { AnswerUnreadable, fieldsOfAll, type AnswerFields } from '../rest/index.ts'
import { priceOrNull } from './read-plain-order.ts'
import type { VenueDesk } from './venue-desk.ts'

const readPosition = (fields: AnswerFields, venue: string): VenuePosition => {
  const symbol = fields.text('symbol')
  const amount = dec(fields.decimal('positionAmt'))
  const side = fields.has('positionSide') ? fields.text('positionSide') : 'BOTH'
  if (side !== 'BOTH' && !amount.isZero())
    throw new AnswerUnreadable(
      `position of ${symbol} has side ${side}, expected BOTH: the account is in hedge mode`,
    )
  return {
    venue,
    symbol,
    side: amount.isZero() ? 'FLAT' : amount.gt(0) ? 'LONG' : 'SHORT',
    quantity: toDecimalString(amount.abs()),
    averagePrice: priceOrNull(fields, 'entryPrice'),
  }
}

/** Positions that are not flat. */
export const listPositions = (
  { rest, venue }: VenueDesk,
  symbols: readonly string[],
): Promise<VenueResult<readonly VenuePosition[]>> =>
  rest.ask('fapiPrivateV3GetPositionRisk', {}, 'query', (body) =>
    fieldsOfAll(body, 'positionRisk')
      .filter((fields) => symbols.includes(fields.text('symbol')))
      .map((fields) => readPosition(fields, venue))
      .filter(({ side }) => side !== 'FLAT'),
  )

export const listBalances = ({ rest }: VenueDesk): Promise<VenueResult<readonly VenueBalance[]>> =>
  rest.ask('fapiPrivateV3GetBalance', {}, 'query', (body) =>
    fieldsOfAll(body, 'balance').map((fields) => ({
      asset: fields.text('asset'),
      wallet: fields.decimal('balance'),
    })),
  )
