import { posix } from 'node:path'
import { expect, it } from '@jest/globals'
import { unusedExports } from './exports.ts'
import { CODE_FILES, FILES, textOf } from './repository.ts'

const oneFile = [{ path: 'a/x.ts', text: 'export const one = 1\nexport type Two = 2\n' }]

it.each<[string, string, boolean]>([
  ['nothing', '', false],
  ['another name', "import { other } from './x.ts'", false],
  ['the name in a comment', "// import { one } from './x.ts'", false],
  ['the name of another file', "import { one } from './y.ts'", false],
  ['its name', "import { one } from './x.ts'", true],
  ['its name, by another', "import {\n  two,\n  one as first,\n} from './x.ts'", true],
  ['everything', "import * as all from './x.ts'", true],
  ['everything, later', "const { one } = await import('./x.ts')", true],
  ['its name, to hand it on', "export { one } from './x.ts'", true],
])('a file that takes %s: %j', (_, text, isTaken) => {
  const found = unusedExports([...oneFile, { path: 'a/b.ts', text }], () => undefined)
  expect(found).toEqual(isTaken ? [] : ['a/x.ts exports one, which nobody imports'])
})

const entryOf = (name: string): string | undefined =>
  name === '@tapedeck/a' ? 'a/x.ts' : undefined

it('what a package exports is taken by its name', () => {
  const text = "import { one } from '@tapedeck/a'"
  expect(unusedExports([...oneFile, { path: 'b/c.ts', text }], entryOf)).toEqual([])
})

it('every exported value is imported by another file', () => {
  const entries = new Map<string, string>()
  for (const path of FILES.filter((file) => file.endsWith('package.json'))) {
    const { name, exports = {} } = JSON.parse(textOf(path)) as {
      name: string
      exports?: Record<string, string>
    }
    for (const [key, file] of Object.entries(exports))
      entries.set(posix.join(name, key), posix.join(posix.dirname(path), file))
  }
  const sources = CODE_FILES.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts')).map(
    (path) => ({ path, text: textOf(path) }),
  )
  expect(unusedExports(sources, (specifier) => entries.get(specifier))).toEqual([])
})
