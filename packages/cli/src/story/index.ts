/**
 * Why did it (not) trade? The recorded chain of an id, told. Entry point: `runWhy`. Invariant: everything
 * told was recorded; nothing is computed again.
 */
export { runWhy, type WhyOptions } from './run-why.ts'
export type { Chain, RecordedEvent } from './find-chain.ts'
export { tellStory } from './tell-story.ts'
