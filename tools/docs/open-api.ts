import { randomBytes } from 'node:crypto'
import type { ServiceName } from '@tapedeck/contracts'
import {
  BASE_CONFIG,
  type ConfigDefinition,
  type Environment,
  describeConfig,
  loadTradingConfig,
} from '@tapedeck/runtime'
import { join } from 'node:path'
import { DESCRIBED } from './services.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Something for each key that has no default: its example, else a secret that nobody knows. */
const examples = (definition: ConfigDefinition): Environment =>
  Object.fromEntries(
    describeConfig(definition)
      .filter(({ required }) => required)
      .map(({ key, example }) => [key, example ?? randomBytes(36).toString('base64url')]),
  )

/** `docs/reference/openapi/<service>.json`, from the routes that the service serves. */
export const openApiDocument = async (service: ServiceName): Promise<string> => {
  const described = DESCRIBED[service]
  const trading = loadTradingConfig(join(ROOT, 'config/tapedeck.yaml'))
  const text = await described.rest(examples({ ...BASE_CONFIG, ...described.config }), trading)
  return `${JSON.stringify(JSON.parse(text), null, 2)}\n`
}
