/** Knows which methods a path has, for 405 with `Allow`. */
export interface RouteTable {
  add(method: string, url: string): void
  /** Methods of the routes that match a path, sorted; empty when no route does. */
  methodsOf(path: string): string[]
}

const matches = (pattern: readonly string[], path: readonly string[]): boolean => {
  for (const [index, segment] of pattern.entries()) {
    if (segment.includes('*')) return true
    const actual = path[index]
    if (actual === undefined) return false
    if (segment.includes(':') ? actual === '' : segment !== actual) return false
  }
  return pattern.length === path.length
}

/** An empty table. */
export const createRouteTable = (): RouteTable => {
  const routes: { method: string; segments: string[] }[] = []
  return {
    add: (method, url) => {
      routes.push({ method, segments: url.split('/') })
    },
    methodsOf: (path) => {
      const segments = path.split('/')
      const found = routes.filter((route) => matches(route.segments, segments))
      return [...new Set(found.map((route) => route.method))].toSorted()
    },
  }
}
