import { EXIT } from '../exit-codes.ts'
import { type Terminal, paint, printLine, say } from '../terminal/index.ts'
import { type DoctorOptions, type Finding, examine } from './checks.ts'

const MARKS = { pass: ['green', '✓'], warn: ['yellow', '!'], fail: ['red', '✗'] } as const

const print = (terminal: Terminal, findings: readonly Finding[]): void => {
  const width = Math.max(...findings.map(({ name }) => name.length))
  for (const { name, result, detail, fix } of findings) {
    const [color, mark] = MARKS[result]
    printLine(
      terminal,
      `${paint(terminal.out, color, `${mark} ${result}`)}  ${name.padEnd(width)}  ${detail}`,
    )
    if (fix !== null) printLine(terminal, `${' '.repeat(width + 10)}→ ${fix}`)
  }
}

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
    print(terminal, findings)
    say(
      terminal,
      failed === 0
        ? 'Ready to start: ./tapedeck up'
        : `${failed} of ${findings.length} checks failed.`,
    )
  }
  return failed === 0 ? EXIT.OK : EXIT.CHECK_FAILED
}
