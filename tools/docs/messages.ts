import {
  DOMAIN_OF,
  MESSAGES,
  MESSAGE_TYPES,
  READS,
  SERVICES,
  type MessageType,
} from '@tapedeck/contracts'
import { describeType } from './describe-type.ts'
import { GENERATED, page, table } from './markdown.ts'
import { nameOfSchema, reachable, wireSchemas, type JsonSchema } from './schemas.ts'

const TAIL = { instrument: '<venue>.<symbol>', account: '<account>', run: 'run' } as const

const readersOf = (type: MessageType): string =>
  SERVICES.filter((service) => (READS[service] as readonly MessageType[]).includes(type)).join(', ')

const overview = (service: (typeof SERVICES)[number]): string => {
  const types = MESSAGE_TYPES.filter((type) => MESSAGES[type].publisher === service)
  const rows = types.map((type) => {
    const { version, scope, schema, about } = MESSAGES[type]
    return [
      `\`${type}\``,
      String(version),
      `\`tape.${type}.${TAIL[scope]}\``,
      `[${nameOfSchema(schema)}](#${nameOfSchema(schema).toLowerCase()})`,
      readersOf(type),
      about,
    ]
  })
  return [
    `### ${service} (\`${DOMAIN_OF[service] ?? ''}\`)`,
    table(['Type', 'Version', 'Subject', 'Payload', 'Read by', 'What it says'], rows),
  ].join('\n\n')
}

/** Fields of an object, those of nested objects as `outer.inner`. */
const fields = (schema: JsonSchema, path = ''): string[][] =>
  Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
    inner.properties === undefined
      ? [[`\`${path}${key}\``, describeType(inner)]]
      : fields(inner, `${path}${key}.`),
  )

const shape = ([name, schema]: readonly [string, JsonSchema]): string =>
  schema.properties === undefined
    ? `### ${name}\n\n${describeType(schema)}`
    : `### ${name}\n\n${table(['Field', 'Type'], fields(schema))}`

/** `docs/reference/messages.md`, from the table of messages and its schemas. */
export const messagesDocument = (): string => {
  const publishers = SERVICES.filter((service) => DOMAIN_OF[service] !== null)
  const payloads = MESSAGE_TYPES.map((type) => nameOfSchema(MESSAGES[type].schema))
  const shapes = reachable(wireSchemas(), ['Envelope', ...payloads])
  return page(
    GENERATED,
    '# Messages',
    'Everything that happens is an envelope on the tape: one JSON object with the fields of [Envelope](#envelope), ' +
      'whose `payload` has the shape that the table names. A service publishes below its own domain only. The source is ' +
      '`packages/contracts/src/subjects.ts`; one golden example of each type and version lies in ' +
      '`packages/contracts/fixtures/`; the same for machines: [asyncapi.json](asyncapi.json). The gateway reads everything.',
    '## Types, by the service that publishes them',
    ...publishers.map((service) => overview(service)),
    '## Shapes',
    'Prices in ticks and quantities in lots are integers. Money, prices and quantities of a ledger are decimals in text. ' +
      'Times are integer milliseconds since 1970 (UTC). Null means unknown, never zero.',
    ...Object.entries(shapes).map((entry) => shape(entry)),
  )
}
