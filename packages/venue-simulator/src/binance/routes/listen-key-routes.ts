import type { Answer, Call, Route } from '../route.ts'

const path = '/fapi/v1/listenKey'

const close = ({ listenKeys, account }: Call): Answer => {
  listenKeys.close(account)
  return {}
}

/** Listen keys: an API key is enough, nothing is signed (binance-ccxt-facts §3.5). */
export const LISTEN_KEY_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path,
    access: 'key',
    weight: 1,
    answer: ({ listenKeys, account, now }) => ({ listenKey: listenKeys.open(account, now) }),
  },
  {
    method: 'PUT',
    path,
    access: 'key',
    weight: 1,
    answer: ({ listenKeys, account, now }) => ({ listenKey: listenKeys.extend(account, now) }),
  },
  { method: 'DELETE', path, access: 'key', weight: 1, answer: close },
]
