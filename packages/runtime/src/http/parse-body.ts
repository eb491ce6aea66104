import { TapedeckError } from '@tapedeck/contracts'
import type { App } from './app.ts'

/** Deeper bodies are refused: no resource needs them, and they only serve to exhaust a stack. */
const BODY_DEPTH_MAX = 32

const MEDIA_TYPES = ['application/json', 'application/merge-patch+json']

/** Whether brackets outside of strings nest deeper than allowed. Runs before anything is built. */
const isTooDeep = (text: string): boolean => {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === 0x5c) i++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > BODY_DEPTH_MAX) return true
    } else if (char === 0x7d || char === 0x5d) depth--
  }
  return false
}

const malformed = (message: string): TapedeckError =>
  new TapedeckError('MALFORMED_REQUEST', message)

/** Reads JSON bodies and nothing else. Refuses `__proto__` keys, as they are never meant. */
export const parseJsonBodies = (app: App): void => {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(MEDIA_TYPES, { parseAs: 'string' }, (request, body, done) => {
    const text = body as string
    if (text === '') done(malformed('The body is empty; expected JSON'), undefined)
    else if (isTooDeep(text))
      done(malformed(`The body nests deeper than ${BODY_DEPTH_MAX} levels`), undefined)
    else
      void parseJson(request, text, (error, value) => {
        if (error === null) done(null, value)
        else done(malformed('The body is not JSON'), undefined)
      })
  })
}
