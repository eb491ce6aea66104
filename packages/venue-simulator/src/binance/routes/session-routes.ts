import { API_ERRORS } from '../api-error.ts'
import type { Answer, Call, Route } from '../route.ts'

const state = ({ connection, time }: Call): Answer => ({
  apiKey: connection?.session?.apiKey ?? null,
  authorizedSince: connection?.session?.authorizedSince ?? null,
  connectedSince: connection?.connectedSince ?? null,
  returnRateLimits: connection?.returnsRateLimits ?? false,
  serverTime: time,
})

/** From here on requests of the connection need no signature. Ed25519 keys alone, as documented. */
const logon = (call: Call): Answer => {
  const { key, connection, time } = call
  if (key === null || connection === null) throw API_ERRORS.rejectedKey()
  if (key.verifier.type !== 'ED25519') throw API_ERRORS.keyTypeNotSupported(key.verifier.type)
  connection.session = { apiKey: key.apiKey, authorizedSince: time }
  return state(call)
}

const logout = (call: Call): Answer => {
  if (call.connection !== null) call.connection.session = null
  return state(call)
}

const session = (name: string, access: Route['access'], answer: Route['answer']): Route => ({
  method: 'GET',
  path: `/ws-fapi/v1/session.${name}`,
  access,
  weight: 2,
  answer,
})

/** Who a connection of the WebSocket API speaks for (Binance USD-M docs, WebSocket API general info). */
export const SESSION_ROUTES: readonly Route[] = [
  session('logon', 'logon', logon),
  session('status', 'anyone', state),
  session('logout', 'anyone', logout),
]
