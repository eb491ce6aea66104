import {
  isPem,
  keyProblem,
  readCredentials,
  readPrivateKey,
  type Credentials,
} from '@tapedeck/venue'
import { EXIT } from '../exit-codes.ts'
import type { Terminal } from '../terminal/index.ts'

const problemsOf = ({ apiKey, secret }: Credentials): string[] =>
  (
    [
      ['API key', apiKey],
      ['secret', secret],
    ] as const
  ).flatMap(([name, key]) => {
    const problem = keyProblem(key, name)
    return problem === null ? [] : [`the ${name} ${problem}`]
  })

/** How requests will be signed, in words. */
const waysOf = ({ secret }: Credentials): string => {
  const text = secret.reveal()
  if (!isPem(text)) return 'HMAC'
  const reading = readPrivateKey(text)
  return reading.ok ? reading.kind : 'nothing'
}

/**
 * Whether execution would find keys in this environment, and whether they look like keys. Asks no venue, and
 * never shows one. Throws CREDENTIALS_INVALID for what cannot be read at all.
 */
export const checkEnvironment = ({ env, out, err }: Terminal, json: boolean): number => {
  const credentials = readCredentials(env)
  const problems =
    credentials === null ? ['there are no keys in the environment'] : problemsOf(credentials)
  if (json) out.write(`${JSON.stringify({ found: credentials !== null, problems })}\n`)
  else if (problems.length === 0)
    err.write(
      `Key and secret were found, and look like keys${credentials === null ? '' : `; requests are signed by ${waysOf(credentials)}`}.\n`,
    )
  else for (const problem of problems) err.write(`${problem}\n`)
  return problems.length === 0 ? EXIT.OK : EXIT.CHECK_FAILED
}
