import { known, type FundingPayment, type VenueResult } from '../../port/index.ts'
import { fieldsOfAll } from '../rest/index.ts'
import type { VenueDesk } from './venue-desk.ts'

const PAGE = 1000
const HISTORY_MS = 89 * 86_400_000

/** Funding of a symbol from `since` on, oldest first. One payment in eight hours: a page is a year. */
export const listFunding = async (
  { rest }: VenueDesk,
  symbol: string,
  since: number,
): Promise<VenueResult<readonly FundingPayment[]>> => {
  if (!rest.clock.isSet) await rest.syncClock()
  const startTime = Math.max(since, rest.clock.timestamp() - HISTORY_MS, 0)
  const parameters = { symbol, incomeType: 'FUNDING_FEE', startTime, limit: PAGE }
  const rows = await rest.ask('fapiPrivateGetIncome', parameters, 'query', (body) =>
    fieldsOfAll(body, 'income')
      .filter((fields) => fields.text('incomeType') === 'FUNDING_FEE')
      .map((fields) => ({
        symbol: fields.text('symbol'),
        amount: fields.decimal('income'),
        at: fields.time('time'),
      })),
  )
  if (rows.outcome === 'unknown') return rows
  return known(
    rows.value
      .filter((row) => row.symbol === symbol && row.at >= since)
      .toSorted((a, b) => a.at - b.at),
  )
}
