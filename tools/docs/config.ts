import { SERVICES, TradingConfig } from '@tapedeck/contracts'
import { BASE_CONFIG, type ConfigDefinition, describeConfig } from '@tapedeck/runtime'
import { z } from 'zod'
import { describeType } from './describe-type.ts'
import { GENERATED, page, table } from './markdown.ts'
import type { JsonSchema } from './schemas.ts'
import { DESCRIBED } from './services.ts'

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
    `### \`${key}\``,
    `${schema.description ?? ''}.`,
    table(['Key', 'Type and range', 'Default', 'Meaning'], leaves(schema, key).map(rowOf)),
  ].join('\n\n')

const variables = (title: string, definition: ConfigDefinition): string[] => {
  const rows = describeConfig(definition).map((row) => [
    `\`${row.key}\``,
    row.required ? '**required**' : row.default === null ? 'unset' : `\`${row.default}\``,
    `${row.description}${row.secret ? ' (secret)' : ''}`,
    row.example === null ? '' : `\`${row.example}\``,
  ])
  if (rows.length === 0) return []
  return [`### ${title}`, table(['Variable', 'Default', 'Meaning', 'Example'], rows)]
}

const environment = (): string[] => [
  '## Environment',
  'What a process reads at its start. A variable that begins with `TAPEDECK_` and is not in these tables, or has a value that does not ' +
    'fit, stops the start with `CONFIG_INVALID`, which names every one. A secret may be given as a file: `<NAME>_FILE`. `npm start` sets all ' +
    'of them itself; `docker-compose.yml` shows them per container.',
  ...variables('Every service', BASE_CONFIG),
  ...SERVICES.flatMap((service) => variables(service, DESCRIBED[service].config)),
]

/** `docs/reference/config.md`, from the schema of the trading configuration and the keys that services declare. */
export const configDocument = (): string => {
  const schema = z.toJSONSchema(TradingConfig, { io: 'input' }) as JsonSchema
  const sections = Object.entries(schema.properties ?? {})
  return page(
    GENERATED,
    '# Configuration',
    'Trading is configured by one YAML file (`config/tapedeck.yaml`, its path in `TAPEDECK_CONFIG`), a process by its ' +
      '[environment](#environment).',
    '## Trading configuration',
    'Only `instruments` must be there; every other key has the default named here. A key that is not in ' +
      'these tables, and a value outside its range, stops the start with `CONFIG_INVALID`. Each service hashes the ' +
      'sections that it decides by, and writes the hash into every envelope (`producer.config_hash`). The source is ' +
      '`packages/contracts/src/config/`.',
    'Percent means percent (0.25 is a quarter of one percent); a fraction is a fraction of one. Times of day are UTC.',
    ...sections.map(([key, inner]) => section(key, inner)),
    ...environment(),
  )
}
