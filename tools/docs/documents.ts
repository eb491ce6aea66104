import { SERVICES } from '@tapedeck/contracts'
import { asyncApiDocument } from './asyncapi.ts'
import { configDocument } from './config.ts'
import { errorsDocument } from './errors.ts'
import { featuresDocument } from './features.ts'
import { messagesDocument } from './messages.ts'
import { metricsDocument } from './metrics.ts'
import { openApiDocument } from './open-api.ts'
import { venueFaultsDocument } from './venue-faults.ts'

/** Every generated document: its path from the root, and what makes its text. Committed, and compared by a test. */
export const DOCUMENTS: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/reference/asyncapi.json': asyncApiDocument,
  'docs/reference/messages.md': messagesDocument,
  'docs/reference/errors.md': errorsDocument,
  'docs/reference/config.md': configDocument,
  'docs/reference/features.md': featuresDocument,
  'docs/reference/metrics.md': metricsDocument,
  'docs/reference/venue-faults.md': venueFaultsDocument,
  ...Object.fromEntries(
    SERVICES.map((service) => [
      `docs/reference/openapi/${service}.json`,
      async () => await openApiDocument(service),
    ]),
  ),
}
