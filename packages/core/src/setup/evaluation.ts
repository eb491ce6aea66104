import type {
  Box,
  BoxResult,
  Features,
  Grade,
  NoSignalReason,
  Side,
  Strategy,
} from '@tapedeck/contracts'
import { parseStep, stepsToDecimal } from '../market/index.ts'
import type { Exits } from './exits.ts'
import type { PointOfInterest } from './points-of-interest.ts'

/** Boxes from which an evaluation is worth keeping, signal or not. */
export const BOXES_KEPT_MIN = 3

/** One strategy's judgment of one side at one bar close. */
export type Evaluation = {
  readonly strategy: Strategy
  readonly side: Side
  readonly grade: Grade
  readonly boxes: readonly BoxResult[]
  readonly score: number
  readonly poi: PointOfInterest | null
  readonly exits: Exits | null
  /** What the strategy itself has against it, in order of precedence. */
  readonly reasons: readonly NoSignalReason[]
}

export const box = (
  name: Box,
  checked: boolean,
  note: string,
  numbers: BoxResult['numbers'],
): BoxResult => ({ box: name, checked, note, numbers })

export const checkedBoxes = (boxes: readonly BoxResult[]): Box[] =>
  boxes.filter((result) => result.checked).map((result) => result.box)

/** A price of these features as a decimal string on its tick grid. */
export const priceText = (features: Features, ticks: number): string =>
  stepsToDecimal(ticks, parseStep(features.tick_size))
