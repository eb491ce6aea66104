/** The routes of the 2026 split; `legacy` is the address without one. */
export type StreamRoute = 'public' | 'market' | 'private' | 'legacy'

/** A listen key named at connection, with the event types it asks for; null asks for all. */
export type ListenKeyRequest = {
  readonly listenKey: string
  readonly events: ReadonlySet<string> | null
}

export type StreamPath = {
  readonly route: StreamRoute
  /** Payloads come wrapped in `{stream, data}`. */
  readonly combined: boolean
  readonly streams: readonly string[]
  readonly listenKeys: readonly ListenKeyRequest[]
}

const PATH = /^\/(?:(public|market|private)\/)?(ws|stream)(?:\/([^?]*))?$/
/** ccxt numbers its connections: `/ws/3` names no stream. */
const RUNNING_INDEX = /^\d{1,9}$/
const NAMES_MAX = 2048

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const namesOf = (text: string): string[] =>
  text
    .split('/')
    .map(decoded)
    .filter((name) => name !== '')
    .slice(0, NAMES_MAX)

/**
 * Listen keys of a query, each with the `events` that follow it. `events` before any key holds for every
 * key that brings none of its own.
 */
const listenKeysOf = (pairs: readonly (readonly [string, string])[]): ListenKeyRequest[] => {
  const keys: { listenKey: string; events: ReadonlySet<string> | null }[] = []
  let forAll: ReadonlySet<string> | null = null
  for (const [name, value] of pairs)
    if (name === 'listenKey' && value !== '') keys.push({ listenKey: value, events: null })
    else if (name === 'events' && value !== '') {
      const last = keys.at(-1)
      if (last === undefined) forAll = new Set(namesOf(value))
      else last.events = new Set(namesOf(value))
    }
  return keys.map(({ listenKey, events }) => ({ listenKey, events: events ?? forAll }))
}

const pairsOf = (query: string): (readonly [string, string])[] =>
  query
    .split('&')
    .filter((part) => part !== '')
    .slice(0, NAMES_MAX)
    .map((part) => {
      const at = part.indexOf('=')
      return at < 0
        ? ([decoded(part), ''] as const)
        : ([decoded(part.slice(0, at)), decoded(part.slice(at + 1))] as const)
    })

/**
 * What an address asks for (binance-ccxt-facts §1.1, §6.2), or null for one that does not exist. On the
 * private route every name is a listen key.
 */
export const readStreamPath = (path: string, query: string): StreamPath | null => {
  const match = PATH.exec(path)
  if (match === null) return null
  const route = (match[1] ?? 'legacy') as StreamRoute
  const combined = match[2] === 'stream'
  const pairs = pairsOf(query)
  const named = namesOf(match[3] ?? '').filter((name) => !RUNNING_INDEX.test(name))
  const asked = pairs.flatMap(([name, value]) => (name === 'streams' ? namesOf(value) : []))
  const names = [...new Set([...named, ...asked])]
  const listenKeys = listenKeysOf(pairs)
  if (route !== 'private') return { route, combined, streams: names, listenKeys: [] }
  const bare = names.map((listenKey) => ({ listenKey, events: null }))
  return { route, combined, streams: [], listenKeys: [...bare, ...listenKeys] }
}
