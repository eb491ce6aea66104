import {
  FAULT_FACTS,
  FAULT_PRESETS,
  Fault,
  FaultPlan,
  presetPlan,
  type FaultPlace,
} from '@tapedeck/venue-simulator'
import { z } from 'zod'
import { describeType } from './describe-type.ts'
import { GENERATED, page, table } from './markdown.ts'
import type { JsonSchema } from './schemas.ts'

const PLACES: readonly (readonly [FaultPlace, string])[] = [
  ['request', 'A request and its answer'],
  ['switch', 'The venue as a whole: on or off'],
  ['account', 'A message of an account stream'],
  ['market', 'A message of a market stream'],
  ['connection', 'A stream connection'],
  ['listen_key', 'A listen key'],
  ['trigger', 'A conditional order whose price is reached'],
  ['order', 'A plain order'],
  ['move', 'By itself, at a time'],
]

const EXAMPLE = {
  name: 'stops-stick',
  seed: 7,
  faults: [
    { fault: { kind: 'algo_stuck' }, when: { kind: 'probability', probability: 0.2 } },
    {
      fault: { kind: 'answer_lost', as: 'timeout' },
      when: { kind: 'every_nth', nth: 10 },
      on: { requests: ['orders'], symbols: ['BTCUSDT'] },
      times: 3,
    },
    {
      fault: { kind: 'outage', part: 'queries' },
      when: { kind: 'every', every_ms: 3_600_000 },
      lasting_ms: 30_000,
    },
  ],
}

/** A line a fault. */
const example = (): string => {
  const { name, seed, faults } = EXAMPLE
  const lines = faults.map((planned) => `    ${JSON.stringify(planned)}`)
  const head = `  "name": ${JSON.stringify(name)},\n  "seed": ${seed}`
  return `{\n${head},\n  "faults": [\n${lines.join(',\n')}\n  ]\n}`
}

type Node = JsonSchema & { readonly oneOf?: readonly JsonSchema[]; readonly default?: unknown }

const schemaOf = (schema: z.ZodType): Node => z.toJSONSchema(schema, { io: 'input' }) as Node

const propertiesOf = (schema: JsonSchema): readonly (readonly [string, Node])[] =>
  Object.entries(schema.properties ?? {}) as (readonly [string, Node])[]

/** Fields of an object apart from its kind: `low_ms` (integer, 0 to 10), with what is left out. */
const fieldsOf = (schema: JsonSchema): string => {
  const fields = propertiesOf(schema).filter(([name]) => name !== 'kind')
  const described = fields.map(([name, field]) => {
    const fallback =
      field.default === undefined ? '' : `; ${JSON.stringify(field.default)} if absent`
    return `\`${name}\` (${describeType(field)}${fallback})`
  })
  return described.join(', ') || '-'
}

const kindOf = (schema: JsonSchema): string =>
  String(propertiesOf(schema).find(([name]) => name === 'kind')?.[1].const)

const variantsOf = (schema: Node): readonly JsonSchema[] => schema.oneOf ?? schema.anyOf ?? []

const faultRows = (place: FaultPlace): string[][] =>
  variantsOf(schemaOf(Fault))
    .filter((variant) => FAULT_FACTS.get(kindOf(variant))?.place === place)
    .map((variant) => {
      const kind = kindOf(variant)
      return [`\`${kind}\``, FAULT_FACTS.get(kind)!.says, fieldsOf(variant)]
    })

const plannedSchema = (): readonly (readonly [string, Node])[] => {
  const faults = propertiesOf(schemaOf(FaultPlan)).find(([name]) => name === 'faults')![1]
  return propertiesOf(faults.items!)
}

const scheduleRows = (): string[][] => {
  const when = plannedSchema().find(([name]) => name === 'when')![1]
  return variantsOf(when).map((variant) => [`\`${kindOf(variant)}\``, fieldsOf(variant)])
}

const targetRows = (): string[][] => {
  const on = plannedSchema().find(([name]) => name === 'on')![1]
  return propertiesOf(on).map(([name, field]) => [`\`${name}\``, describeType(field)])
}

/** `docs/reference/venue-faults.md`, from the schemas that fault plans are read by. */
export const venueFaultsDocument = (): string =>
  page(
    GENERATED,
    '# Faults of the simulated venue',
    'What goes wrong is a plan: which faults, on what, when, by which seed. The same plan and the same requests at the same times meet the ' +
      'same faults; each fault draws by itself, so that leaving one out does not move the others. The source is ' +
      '`packages/venue-simulator/src/faults/`; how to set one: [the simulated venue](../venue-simulator.md).',
    '## Presets',
    table(
      ['Name', 'What goes wrong', 'Faults'],
      FAULT_PRESETS.map(({ name, says }) => [
        `\`${name}\``,
        says,
        String(presetPlan(name, 1).faults.length),
      ]),
    ),
    '## A plan in a file',
    `\`\`\`json\n${example()}\n\`\`\``,
    'Times count from the start of the venue, those of a fault that is added while it runs from then. `from_ms` and `until_ms` bound when a ' +
      'fault strikes at all; with `lasting_ms` it goes on striking for so long; `times` is how often at most. `on` narrows what it acts on; ' +
      'without it, faults of orders act on orders and the others on all that they can.',
    table(['`when.kind`', 'Fields'], scheduleRows()),
    'What happens by itself, and listen keys that expire, take `at`, `every` or `once`. Outages and streams that are down take those and ' +
      '`always`, and need `lasting_ms`. Clocks are `always`, from and until a time.',
    table(['`on`', 'One of these'], targetRows()),
    ...PLACES.flatMap(([place, title]) => [
      `## ${title}`,
      table(['Kind', 'What happens', 'Fields'], faultRows(place)),
    ]),
  )
