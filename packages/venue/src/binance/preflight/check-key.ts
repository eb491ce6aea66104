import type { RestOutcome } from '../rest/index.ts'
import { AnswerFields } from '../rest/index.ts'
import { fail, pass, unanswered, warn, type PreflightFinding } from './finding.ts'
import type { PreflightDesk } from './preflight-options.ts'

/** What the account says about itself; null where it does not. */
export type AccountWords = {
  readonly canTrade: boolean
  readonly canWithdraw: boolean | null
  readonly isHedged: boolean
  readonly isMultiAsset: boolean | null
}

const KEY_FIXES: Readonly<Record<string, string>> = {
  '-1022':
    'The secret is not the one of this key: copy both anew, without blanks, or make a new key.',
  '-2014':
    'This text is no API key: check that key and secret are not exchanged, and that nothing was cut off.',
  '-2015':
    'One of three: the key was deleted, or is of the other network (demo and live have keys of their own); it is bound to another address than the one that this machine is seen at; or it lacks the permission for futures.',
  '-1021': 'Set the clock of this machine (NTP).',
}
const OTHER_KEY_FIX = 'Look at the key in the API management of the venue.'

const readWords = (body: unknown): AccountWords => {
  const fields = new AnswerFields(body, 'accountConfig')
  const orNull = (field: string): boolean | null => (fields.has(field) ? fields.flag(field) : null)
  return {
    canTrade: fields.flag('canTrade'),
    canWithdraw: orNull('canWithdraw'),
    isHedged: fields.flag('dualSidePosition'),
    isMultiAsset: orNull('multiAssetsMargin'),
  }
}

const refusedKey = (outcome: Extract<RestOutcome, { kind: 'refused' }>): PreflightFinding =>
  fail(
    'key',
    `the venue refuses it: ${outcome.code} ${outcome.reason}`,
    KEY_FIXES[outcome.code] ?? OTHER_KEY_FIX,
  )

/** Whether the key is accepted; null when nothing about the account can be learned with it. */
export const checkKey = async ({
  rest,
  network,
}: PreflightDesk): Promise<{
  readonly finding: PreflightFinding
  readonly words: AccountWords | null
}> => {
  const name = 'fapiPrivateGetAccountConfig'
  const outcome = await rest.call(name, {}, 'entry')
  if (outcome.kind === 'refused') {
    const finding = outcome.mayRetry
      ? unanswered('key', `${outcome.code} ${outcome.reason}`)
      : refusedKey(outcome)
    return { finding, words: null }
  }
  const words = outcome.kind === 'unknown' ? outcome : rest.read(name, outcome.body, readWords)
  if ('kind' in words || words.outcome === 'unknown')
    return { finding: unanswered('key', words.detail), words: null }
  const hint =
    network === 'mainnet'
      ? 'Whether it is bound to an address, this API does not say. In the API management: bound to the address of this machine, withdrawals and transfers off.'
      : null
  return { finding: pass('key', 'accepted, from this address', hint), words: words.value }
}

/**
 * Whether the key may trade. Asks the venue to check an order without placing it: whatever it says about
 * the order, it says only to a key that may trade.
 */
export const checkPermission = async (
  { rest, plan }: PreflightDesk,
  { canTrade }: AccountWords,
): Promise<PreflightFinding> => {
  const name = 'permission'
  if (!canTrade)
    return fail(
      name,
      'the venue does not let this account trade',
      'Open the futures account at the venue, or ask there why it is locked.',
    )
  const [instrument] = plan.instruments
  if (instrument === undefined) return pass(name, 'the account may trade')
  const outcome = await rest.call(
    'fapiPrivatePostOrderTest',
    {
      symbol: instrument.symbol,
      side: 'BUY',
      type: 'MARKET',
      quantity: instrument.min_quantity,
      newClientOrderId: 'td-preflight',
    },
    'entry',
  )
  if (outcome.kind === 'unknown') return unanswered(name, outcome.detail)
  if (outcome.kind === 'refused' && outcome.mayRetry)
    return unanswered(name, `${outcome.code} ${outcome.reason}`)
  if (outcome.kind === 'refused' && outcome.consequence === 'key_refused')
    return fail(
      name,
      `the key may read and not trade: ${outcome.code} ${outcome.reason}`,
      'Turn on futures trading for this key in the API management of the venue.',
    )
  return pass(name, 'the account and the key may trade (an order was checked, none was placed)')
}

export const judgeWithdrawals = ({ canWithdraw }: AccountWords): PreflightFinding => {
  const name = 'withdrawals'
  if (canWithdraw === false) return pass(name, 'nothing can be moved out of this account')
  return warn(
    name,
    canWithdraw === null
      ? 'the venue does not say whether assets may be moved out of this account'
      : 'assets may be moved out of this account; whether this key may do it, this API does not say',
    'In the API management: withdrawals and transfers off for this key. Trading needs neither.',
  )
}
