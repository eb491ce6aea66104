import { ACCEPTANCE_CASES, CASE_GROUPS } from './acceptance-cases.ts'

export const LIST_FILE = new URL('../../../../docs/reference/venue-acceptance.md', import.meta.url)

const onWire = ACCEPTANCE_CASES.filter(({ over }) => over === 'wire').length

const HEAD = `# What a venue has to do

Everything above the venue port relies on these ${ACCEPTANCE_CASES.length} cases. They are written against the port alone
(\`packages/venue/src/port\`) and run on

- the Binance adapter over the simulated venue, requests, signatures, streams and faults included: all of them;
- the paper venue, the port directly upon the exchange: all but the ${onWire} that are about a wire (marked W).

Each case has a venue, an account of 100000 USDT and a clock of its own. A venue that is added gets a stage
(\`packages/venue-simulator/test/acceptance/venue-stage.ts\`) and runs the list:

\`\`\`sh
node --experimental-vm-modules node_modules/jest/bin/jest.js --selectProjects integration --testPathPatterns test/acceptance
\`\`\`

This page is written by the same command with \`WRITE_ACCEPTANCE_LIST=true\` before it, and compared without.
`

const row = ({ id, title, over }: (typeof ACCEPTANCE_CASES)[number]): string =>
  `- **${id}**${over === 'wire' ? ' (W)' : ''} ${title}`

/** The cases as a page of the documentation. */
export const acceptanceList = (): string =>
  [
    HEAD,
    ...CASE_GROUPS.map(([title, cases]) => `## ${title}\n\n${cases.map(row).join('\n')}\n`),
  ].join('\n')
