import { asyncApiDocument } from './asyncapi.ts'
import { configDocument } from './config.ts'
import { errorsDocument } from './errors.ts'
import { messagesDocument } from './messages.ts'

/** Every generated document: its path from the root, and what makes its text. Committed, and compared by a test. */
export const DOCUMENTS: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/reference/asyncapi.json': asyncApiDocument,
  'docs/reference/messages.md': messagesDocument,
  'docs/reference/errors.md': errorsDocument,
  'docs/reference/config.md': configDocument,
}
