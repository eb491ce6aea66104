import { EXIT } from '../exit-codes.ts'
import { type Terminal, printLine, say } from '../terminal/index.ts'
import { type DoctorOptions, examine } from './checks.ts'
import { printFindings } from './print-findings.ts'

/** Examines the machine. Exit code 3 when something would keep Tapedeck from starting. */
export const runDoctor = async (
  terminal: Terminal,
  { json, ...options }: DoctorOptions & { json: boolean },
): Promise<number> => {
  if (!json) say(terminal, `Examining this machine; asking ${options.venueUrl} for at most 2 s`)
  const findings = await examine(options)
  const failed = findings.filter(({ result }) => result === 'fail').length
  if (json) printLine(terminal, JSON.stringify({ ok: failed === 0, findings }))
  else {
    printFindings(terminal, findings)
    say(
      terminal,
      failed === 0
        ? 'Ready to start: ./tapedeck up'
        : `${failed} of ${findings.length} checks failed.`,
    )
  }
  return failed === 0 ? EXIT.OK : EXIT.CHECK_FAILED
}
