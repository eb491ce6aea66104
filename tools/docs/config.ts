import { TradingConfig } from '@tapedeck/contracts'
import { z } from 'zod'
import { describeType } from './describe-type.ts'
import { GENERATED, page, table } from './markdown.ts'
import type { JsonSchema } from './schemas.ts'

type Leaf = { readonly path: string; readonly schema: JsonSchema }

const leaves = (schema: JsonSchema, path: string): Leaf[] => {
  const properties = schema.properties ?? schema.items?.properties
  if (properties === undefined) return [{ path, schema }]
  const prefix = schema.items === undefined ? path : `${path}[]`
  return Object.entries(properties).flatMap(([key, inner]) => leaves(inner, `${prefix}.${key}`))
}

const rowOf = ({ path, schema }: Leaf): string[] => [
  `\`${path}\``,
  describeType(schema),
  schema.default === undefined ? '**required**' : `\`${JSON.stringify(schema.default)}\``,
  schema.description ?? '',
]

const section = (key: string, schema: JsonSchema): string =>
  [
    `## \`${key}\``,
    `${schema.description ?? ''}.`,
    table(['Key', 'Type and range', 'Default', 'Meaning'], leaves(schema, key).map(rowOf)),
  ].join('\n\n')

/** `docs/reference/config.md`, from the schema of the trading configuration. */
export const configDocument = (): string => {
  const schema = z.toJSONSchema(TradingConfig, { io: 'input' }) as JsonSchema
  const sections = Object.entries(schema.properties ?? {})
  return page(
    GENERATED,
    '# Trading configuration',
    'One JSON file. Only `instruments` must be there; every other key has the default named here. A key that is not in ' +
      'these tables, and a value outside its range, stops the start with `CONFIG_INVALID`. Each service hashes the ' +
      'sections that it decides by, and writes the hash into every envelope (`producer.config_hash`). The source is ' +
      '`packages/contracts/src/config/`.',
    'Percent means percent (0.25 is a quarter of one percent); a fraction is a fraction of one. Times of day are UTC.',
    ...sections.map(([key, inner]) => section(key, inner)),
  )
}
