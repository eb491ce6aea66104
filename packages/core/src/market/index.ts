/**
 * Instruments' grids: prices and quantities as whole ticks and lots.
 *
 * Invariant: sums of ticks and lots are exact; floats appear only at the edge, by one correctly
 * rounded division.
 */
export { decimalToSteps, fromSteps, parseStep, stepsToDecimal, type Step } from './grid.ts'
