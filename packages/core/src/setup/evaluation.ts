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
const BOXES_KEPT_MIN = 3

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

/**
 * A box as it was read. Its numbers are made when someone keeps it: nine in ten evaluations have too
 * few boxes to be kept, and those must cost nothing.
 */
export type ReadBox = {
  readonly box: Box
  readonly checked: boolean
  readonly note: string
  readonly numbers: () => BoxResult['numbers']
}

export const box = (
  name: Box,
  checked: boolean,
  note: string,
  numbers: ReadBox['numbers'],
): ReadBox => ({ box: name, checked, note, numbers })

export const withNumbers = (boxes: readonly ReadBox[]): BoxResult[] =>
  boxes.map(({ box: name, checked, note, numbers }) => ({
    box: name,
    checked,
    note,
    numbers: numbers(),
  }))

export const checkedBoxes = (boxes: readonly Pick<ReadBox, 'box' | 'checked'>[]): Box[] =>
  boxes.filter((result) => result.checked).map((result) => result.box)

/** True when enough boxes are checked for the evaluation to be kept. */
export const isWorthKeeping = (boxes: readonly ReadBox[]): boolean =>
  boxes.reduce((count, { checked }) => count + (checked ? 1 : 0), 0) >= BOXES_KEPT_MIN

/** A price of these features as a decimal string on its tick grid. */
export const priceText = (features: Features, ticks: number): string =>
  stepsToDecimal(ticks, parseStep(features.tick_size))
