import { shortHash, type VenueReported } from '@tapedeck/contracts'
import { dec, toDecimalString, type VenueFill } from '@tapedeck/core'

/** What a report says, before it is known whom it is about and which id it has. */
export type ReportDraft = Pick<VenueReported, 'report' | 'learned_by' | 'at'> &
  Partial<
    Pick<
      VenueReported,
      | 'client_order_id'
      | 'venue_order_id'
      | 'side'
      | 'fill'
      | 'filled_quantity'
      | 'amount'
      | 'code'
      | 'reason'
      | 'may_resend'
      | 'retry_in_ms'
    >
  > & {
    /** What sets this news apart from other news of its kind about the same order; the same when told twice. */
    readonly mark?: string
  }

export type ReportPlace = Pick<VenueReported, 'account' | 'venue' | 'symbol'>

const REASON_LENGTH_MAX = 400
const CODE_LENGTH_MAX = 40
const ID_LENGTH_MAX = 64

const cut = (text: string | null | undefined, length: number): string | null =>
  text === null || text === undefined || text === '' ? null : text.slice(0, length)

/** A report with the id that its content has, however and however often it was learned. */
export const describeReport = (place: ReportPlace, draft: ReportDraft): VenueReported => {
  const { account, venue, symbol } = place
  const clientOrderId = cut(draft.client_order_id, ID_LENGTH_MAX)
  const about = [account, venue, symbol, clientOrderId ?? '', draft.report, draft.mark ?? '']
  return {
    account,
    venue,
    symbol,
    report_id: `report-${shortHash(about.join('|'), 24)}`,
    report: draft.report,
    client_order_id: clientOrderId,
    venue_order_id: cut(draft.venue_order_id, ID_LENGTH_MAX),
    side: draft.side ?? null,
    fill: draft.fill ?? null,
    filled_quantity: draft.filled_quantity ?? null,
    amount: draft.amount ?? null,
    code: cut(draft.code, CODE_LENGTH_MAX),
    reason: cut(draft.reason, REASON_LENGTH_MAX),
    may_resend: draft.may_resend ?? false,
    retry_in_ms: draft.retry_in_ms ?? null,
    learned_by: draft.learned_by,
    at: Math.max(0, Math.round(draft.at)),
  }
}

/** A fill as a report: told by its own id, so that stream and queries tell the same news. */
export const draftFill = (
  fill: VenueFill,
  learnedBy: VenueReported['learned_by'],
  venueOrderId: string | null,
  filledQuantity: string | null,
): ReportDraft => ({
  report: 'filled',
  mark: fill.fillId,
  learned_by: learnedBy,
  at: fill.at,
  client_order_id: fill.clientOrderId,
  venue_order_id: venueOrderId,
  side: fill.side,
  fill: {
    fill_id: fill.fillId,
    quantity: fill.quantity,
    price: fill.price,
    fee: fill.fee,
    fee_asset: fill.feeAsset,
    liquidity: fill.liquidity,
  },
  filled_quantity: filledQuantity,
})

/** That market time has come to this, without anybody telling. */
export const draftTime = (at: number): ReportDraft => ({
  report: 'time_passed',
  mark: String(at),
  learned_by: 'clock',
  at,
})

const HOUR_MS = 3_600_000
/** A payment is made some time after its hour; never this long before it. */
const EARLY_MS = 60_000

/**
 * The stream and the income list may write a payment's time and amount a little differently, so it is known by
 * its hour, in which a symbol is paid once, and by its amount as a number.
 */
export const draftFunding = (
  amount: string,
  at: number,
  learnedBy: VenueReported['learned_by'],
): ReportDraft => ({
  report: 'funding',
  mark: `${Math.floor((at + EARLY_MS) / HOUR_MS)}|${toDecimalString(dec(amount))}`,
  learned_by: learnedBy,
  at,
  amount,
})
