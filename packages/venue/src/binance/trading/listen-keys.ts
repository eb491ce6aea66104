import { known, unknown, type VenueResult } from '../../port/index.ts'
import type { SecretHider } from '../credentials/index.ts'
import { AnswerFields, type CallName, type RestClient } from '../rest/index.ts'
import type { ListenKeyAnswer, ListenKeyCalls } from '../streams/index.ts'

/** The calls of the account stream's key: binance-ccxt-facts §3.5. A key that is learned is hidden from then on. */
export const createListenKeys = (rest: RestClient, hider: SecretHider): ListenKeyCalls => {
  const call = async (name: CallName): Promise<VenueResult<ListenKeyAnswer>> => {
    const outcome = await rest.call(name, {}, 'entry')
    if (outcome.kind === 'unknown') return unknown(outcome.detail)
    if (outcome.kind === 'refused') {
      const { code, reason } = outcome
      return known({ listenKey: null, code, reason })
    }
    return rest.read(name, outcome.body, (body) => {
      const listenKey = new AnswerFields(body, 'answer').text('listenKey')
      hider.learn(listenKey)
      return { listenKey }
    })
  }
  return {
    create: () => call('fapiPrivatePostListenKey'),
    extend: () => call('fapiPrivatePutListenKey'),
  }
}
