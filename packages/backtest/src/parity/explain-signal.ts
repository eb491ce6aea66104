import { type Message, type MessageType, isType } from '@tapedeck/contracts'
import { firstDifference } from '../verify/index.ts'

/** What a signal was made from, by instrument and time. */
export const EVIDENCE_TYPES = [
  'orderflow.features',
  'setup.evaluated',
] as const satisfies readonly MessageType[]

type Evaluation = Message<'setup.evaluated'>['payload']
type Features = Message<'orderflow.features'>['payload']

const FIELDS_MAX = 6

/** Features and evaluations at the times that are asked about; nothing else is kept. */
export class Evidence {
  readonly #times: ReadonlySet<number>
  readonly #features = new Map<string, Features>()
  readonly #evaluations = new Map<string, Evaluation[]>()

  constructor(times: readonly number[]) {
    this.#times = new Set(times)
  }

  hear(message: Message): void {
    if (!isType(message, 'orderflow.features') && !isType(message, 'setup.evaluated')) return
    const { venue, symbol, at } = message.payload
    if (!this.#times.has(at)) return
    const key = `${venue}|${symbol}|${at}`
    if (isType(message, 'orderflow.features')) this.#features.set(key, message.payload)
    else this.#evaluations.set(key, [...(this.#evaluations.get(key) ?? []), message.payload])
  }

  features(venue: string, symbol: string, at: number): Features | undefined {
    return this.#features.get(`${venue}|${symbol}|${at}`)
  }

  evaluation(of: {
    venue: string
    symbol: string
    at: number
    setup_id: string
  }): Evaluation | undefined {
    const { venue, symbol, at, setup_id } = of
    return this.#evaluations
      .get(`${venue}|${symbol}|${at}`)
      ?.find((one) => one.setup_id === setup_id)
  }
}

const show = (value: unknown): string => {
  const text = value === undefined ? 'absent' : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** Fields of the features that are not the same, with both values. */
const featureDifferences = (given: Features, other: Features): string[] =>
  Object.keys(given)
    .flatMap((field) => {
      const key = field as keyof Features
      const found = firstDifference(given[key], other[key], field)
      return found === null
        ? []
        : [`${found.path} ${show(found.recorded)}, there ${show(found.recomputed)}`]
    })
    .slice(0, FIELDS_MAX)

type Asked = {
  readonly venue: string
  readonly symbol: string
  readonly at: number
  readonly setup_id: string
}

/** Why the other side did not give a signal that this one gave, as far as what it measured and judged says. */
export const explainMissing = (signal: Asked, here: Evidence, there: Evidence): string[] => {
  const judged = there.evaluation(signal)
  const reasons =
    judged === undefined
      ? ['there it was no setup of three boxes']
      : judged.reasons.length > 0
        ? [`there it was not signalled: ${judged.reasons.join(', ')}`]
        : []
  const { venue, symbol, at } = signal
  const [ours, theirs] = [here.features(venue, symbol, at), there.features(venue, symbol, at)]
  if (theirs === undefined) return [...reasons, 'there nothing was measured at that time']
  const fields = ours === undefined ? [] : featureDifferences(ours, theirs)
  return fields.length === 0
    ? [...reasons, 'the features are the same']
    : [...reasons, ...fields.map((field) => `features: ${field}`)]
}
