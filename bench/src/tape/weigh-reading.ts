/** Reads a tape in this process alone, and answers its parent with the most memory that took, bytes. */
import { readTape } from './read-tape.ts'

const rows = await readTape(process.argv[2]!)
process.send?.({ rows, peakBytes: process.resourceUsage().maxRSS * 1024 })
process.disconnect()
