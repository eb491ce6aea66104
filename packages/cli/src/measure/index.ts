/** Order flow of a recording by the core alone, without servers. Entry point: `runMeasure`. */
export { runMeasure, type MeasureCommand } from './run-measure.ts'
