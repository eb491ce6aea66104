/**
 * Shapes that are secrets wherever they stand: our API keys, JSON Web Tokens, bearer credentials and
 * passwords in URLs. Redaction by field name cannot see them inside an error's message.
 */
const SECRET_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\btdk_([a-z]{2,10})_([0-9A-Za-z]{12})_[0-9A-Za-z]{8,}/g, 'tdk_$1_$2_[redacted]'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '[redacted token]'],
  [/\b(bearer)\s+[\w.~+/-]{8,}=*/gi, '$1 [redacted]'],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"\\]{0,100}):[^\s@/"\\]{1,200}@/gi, '$1:[redacted]@'],
]

/** A log line without the secrets that can be told by their shape. */
export const scrubLine = (line: string): string =>
  SECRET_SHAPES.reduce((text, [shape, replacement]) => text.replace(shape, replacement), line)
