import { z } from 'zod'
import type { VenueRequest } from '../venue-request.ts'
import { ControlError, malformed } from './control-error.ts'

export const Decimal = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?$/, 'expected a positive decimal as text, e.g. "12.5"')
export const AccountName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected 1 to 64 letters, digits, _ . and -')
export const SymbolName = z.string().regex(/^[A-Z0-9_]{2,30}$/, 'expected a symbol, e.g. BTCUSDT')
export const Milliseconds = z.int().min(0).max(8_640_000_000_000_000)

const text = (path: readonly PropertyKey[]): string => path.map(String).join('.') || 'the body'

/**
 * The body as JSON of a shape. Throws a `ControlError` that names the field. Content of another type is
 * refused, so that a web page in a browser cannot post here.
 */
export const readBody = <T>(request: VenueRequest, schema: z.ZodType<T>): T => {
  const type = request.headers['content-type'] ?? ''
  // By what stands before the parameters, as a browser judges it: it would send `text/plain; a=json` unasked.
  if (type.split(';')[0]!.trim().toLowerCase() !== 'application/json')
    throw new ControlError(415, `content-type is ${type || 'absent'}: expected application/json`)
  let value: unknown
  try {
    value = JSON.parse(request.body === '' ? '{}' : request.body)
  } catch {
    throw malformed('the body is not JSON')
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.slice(0, 5)
  throw malformed(problems.map(({ path, message }) => `${text(path)}: ${message}`).join('; '))
}
