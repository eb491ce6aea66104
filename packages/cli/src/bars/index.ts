/** Strategies on bars, as the command line shows them. Entry point: `listStrategies`. */
export { listStrategies, type ListStrategiesCommand } from './list-strategies.ts'
