import type { App, Reply } from './app.ts'

/** An API's answers are data: nothing in them is to be run, framed, sniffed or kept. */
const DEFAULT_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Headers of an answer that is made outside of the hooks. */
export const setSecureHeaders = (reply: Reply): void => {
  for (const [name, value] of Object.entries(DEFAULT_HEADERS))
    if (!reply.hasHeader(name)) reply.header(name, value)
}

/** Sets the headers that a handler has not set itself; the page of the dashboard has its own policy. */
export const secureResponses = (app: App): void => {
  app.addHook('onSend', (_request, reply, payload, done) => {
    setSecureHeaders(reply)
    done(null, payload)
  })
}
