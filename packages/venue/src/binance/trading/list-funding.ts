import { known, type FundingPayment, type VenueResult } from '../../port/index.ts'
import { fieldsOfAll, type AnswerFields } from '../rest/index.ts'
import type { VenueDesk } from './venue-desk.ts'

const PAGE = 1000
/** Three months are kept: binance-ccxt-facts §3.4. Without an end, the venue may look at a week alone. */
const HISTORY_MS = 89 * 86_400_000
const MINUTE = 60_000

type Row = FundingPayment & { readonly id: string }

const readRow = (fields: AnswerFields): Row => ({
  id: fields.id('tranId'),
  symbol: fields.text('symbol'),
  amount: fields.decimal('income'),
  at: fields.time('time'),
})

/**
 * Funding of a symbol from `since` on, oldest first. The next page begins at the time of the last row, which
 * comes again: several rows may share it.
 */
export const listFunding = async (
  { rest }: VenueDesk,
  symbol: string,
  since: number,
): Promise<VenueResult<readonly FundingPayment[]>> => {
  if (!rest.clock.isSet) await rest.syncClock()
  const now = rest.clock.timestamp()
  const rows = new Map<string, Row>()
  for (let startTime = Math.max(since, now - HISTORY_MS, 0); startTime <= now;) {
    const asked = { symbol, incomeType: 'FUNDING_FEE', startTime, endTime: now + MINUTE }
    const page = await rest.ask(
      'fapiPrivateGetIncome',
      { ...asked, limit: PAGE },
      'query',
      (body) =>
        fieldsOfAll(body, 'income')
          .filter((fields) => fields.text('incomeType') === 'FUNDING_FEE')
          .map(readRow),
    )
    if (page.outcome === 'unknown') return page
    for (const row of page.value) rows.set(row.id, row)
    if (page.value.length < PAGE) break
    const last = Math.max(...page.value.map(({ at }) => at))
    startTime = last > startTime ? last : startTime + 1
  }
  return known(
    [...rows.values()]
      .filter((row) => row.symbol === symbol && row.at >= since)
      .toSorted((a, b) => a.at - b.at)
      .map(({ amount, at }) => ({ symbol, amount, at })),
  )
}
