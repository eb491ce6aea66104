import {
  MESSAGES,
  MESSAGE_TYPES,
  type MessageType,
  TAPE_PREFIX,
  TapedeckError,
} from '@tapedeck/contracts'

/** Many a second and of use to few: sent only to who asks for them. */
const ON_REQUEST: ReadonlySet<MessageType> = new Set(['market.trades', 'market.depth'])

const TOPICS_MAX = 64

const covers = (topic: string, type: MessageType): boolean =>
  type === topic || type.startsWith(`${topic}.`)

const unknownTopic = (topic: string): TapedeckError =>
  new TapedeckError('VALIDATION_FAILED', `There is no topic ${topic.slice(0, 60)}`, {
    details: {
      errors: [
        {
          parameter: 'topics',
          detail: `expected message types or what they begin with, e.g. setup or execution.order; domains: ${[...new Set(MESSAGE_TYPES.map((type) => type.split('.')[0]))].join(', ')}`,
          code: 'unknown_topic',
        },
      ],
    },
  })

/**
 * The message types that a list such as `setup,execution.order` names; without a list everything but
 * prints and book changes. Throws `VALIDATION_FAILED` for a topic that names nothing.
 */
export const typesOf = (topics: string | undefined): readonly MessageType[] => {
  if (topics === undefined) return MESSAGE_TYPES.filter((type) => !ON_REQUEST.has(type))
  const wanted = topics.split(',').map((topic) => topic.trim())
  if (wanted.length > TOPICS_MAX) throw unknownTopic(wanted.at(-1)!)
  for (const topic of wanted)
    if (!MESSAGE_TYPES.some((type) => covers(topic, type))) throw unknownTopic(topic)
  return MESSAGE_TYPES.filter((type) => wanted.some((topic) => covers(topic, type)))
}

/** The tape's subjects of these types; those of an instrument for one symbol only, when one is given. */
export const subjectsOf = (types: readonly MessageType[], symbol: string | undefined): string[] =>
  types.map((type) =>
    symbol !== undefined && MESSAGES[type].scope === 'instrument'
      ? `${TAPE_PREFIX}.${type}.*.${symbol}`
      : `${TAPE_PREFIX}.${type}.>`,
  )
