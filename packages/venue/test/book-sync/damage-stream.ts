import type { Random } from '@tapedeck/core'
import type { BookMessage } from './recorded-session.ts'

export type Damage = { dropped: number; duplicated: number; reordered: number }

/** How far a late message falls behind, in book changes. */
const LATE_MAX = 5

/**
 * Drops, repeats or delays book changes, each third of `share` of them. Quotes are left alone: they say what
 * is true. The snapshot is left alone too.
 */
export const damageStream = (
  messages: readonly BookMessage[],
  share: number,
  random: Random,
): { readonly messages: readonly BookMessage[]; readonly damage: Damage } => {
  const damage: Damage = { dropped: 0, duplicated: 0, reordered: 0 }
  const out: BookMessage[] = []
  let late: { readonly message: BookMessage; after: number }[] = []
  for (const message of messages) {
    if (message.kind !== 'depth' || message.snapshot) {
      out.push(message)
      continue
    }
    const chance = random.next() / share
    if (chance < 1 / 3) damage.dropped++
    else if (chance < 2 / 3) {
      damage.reordered++
      late.push({ message, after: 1 + Math.floor(random.next() * LATE_MAX) })
      continue
    } else {
      out.push(message)
      if (chance < 1) {
        damage.duplicated++
        out.push(message)
      }
    }
    for (const one of late) if (--one.after <= 0) out.push(one.message)
    late = late.filter(({ after }) => after > 0)
  }
  return { messages: out, damage }
}
