import { AnswerFields } from '../rest/index.ts'
import type { AccountWords } from './check-key.ts'
import { fail, pass, unanswered, warn, type PreflightFinding } from './finding.ts'
import type { PreflightDesk } from './preflight-options.ts'

export const judgePositionMode = ({ isHedged }: AccountWords): PreflightFinding =>
  isHedged
    ? fail(
        'position mode',
        'hedge mode: long and short stand side by side',
        'Close all positions and orders, and set one-way mode in the preferences of the venue. It is not changed from here.',
      )
    : pass('position mode', 'one-way')

export const judgeAssetMode = ({ isMultiAsset }: AccountWords): PreflightFinding => {
  const fix =
    'Set single-asset mode in the preferences of the venue: sizes are reckoned in one asset.'
  if (isMultiAsset === null) return warn('asset mode', 'the venue does not say', fix)
  return isMultiAsset
    ? fail('asset mode', 'multi-assets mode: other assets are margin too', fix)
    : pass('asset mode', 'single asset')
}

const readBurn = (body: unknown): boolean => new AnswerFields(body, 'answer').flag('feeBurn')

/** Fees in another asset are booked, and valued where a price of it is known. */
export const checkFees = async ({ rest }: PreflightDesk): Promise<PreflightFinding> => {
  const name = 'fees'
  const fix =
    'Turn off paying futures fees with BNB at the venue, or let its price be known: BNBUSDT among the instruments, or execution.fee_prices. Without a price they are booked and missing in results.'
  const outcome = await rest.call('fapiPrivateGetFeeBurn', {}, 'entry')
  if (outcome.kind === 'unknown') return unanswered(name, outcome.detail)
  if (outcome.kind === 'refused')
    return outcome.mayRetry
      ? unanswered(name, `${outcome.code} ${outcome.reason}`)
      : warn(name, `the venue does not say whether they are paid with BNB: ${outcome.code}`, fix)
  const burn = rest.read('fapiPrivateGetFeeBurn', outcome.body, readBurn)
  if (burn.outcome === 'unknown') return unanswered(name, burn.detail)
  return burn.value ? warn(name, 'paid with BNB', fix) : pass(name, 'paid in the quote asset')
}
