/**
 * After the trade: its books (journal) and its review (analyst), from recorded numbers only.
 *
 * Entry points: `createJournalDecider`, `createAnalystDecider`, `writeReview`. Invariants: a trade is
 * recorded only when its fills add up exactly; a review says nothing that is not on the tape.
 */
export { createAnalystDecider, type AnalystConfig } from './analyst-decider.ts'
export { createJournalDecider, type JournalConfig } from './journal-decider.ts'
export { REVIEW_TEMPLATE, writeReview, type ReviewInput } from './write-review.ts'
export { lessonsOf } from './lessons.ts'
export { addFill, compareClosedTrade, type FillSums } from './record-trade.ts'
