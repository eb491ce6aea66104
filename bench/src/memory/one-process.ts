/** Runs the stack in this process alone, so that only it is weighed; answers its parent and ends. */
import { playAndWeigh } from './play-and-weigh.ts'

process.send?.(await playAndWeigh(process.argv[2]!, false))
process.disconnect()
