/** A JSON document that forms edit place by place; what the forms do not know of stays in it. */

export type Path = readonly (string | number)[]

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The document with another value at the path; `undefined` takes the place out. What is missing on the way is made. */
export function put<T>(document: T, [first, ...rest]: Path, value: unknown): T {
  if (first === undefined) return value as T
  if (Array.isArray(document)) {
    const items: readonly unknown[] = document
    const at = Number(first)
    const next = rest.length === 0 ? value : put(items[at], rest, value)
    return (next === undefined ? items.filter((_, index) => index !== at) : at < items.length ? items.with(at, next) : [...items, next]) as T
  }
  const members: Readonly<Record<string, unknown>> = isObject(document) ? document : {}
  const next = rest.length === 0 ? value : put(Object.hasOwn(members, first) ? members[first] : undefined, rest, value)
  if (next !== undefined) return { ...members, [first]: next } as T
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== String(first))) as T
}

export interface Fault {
  readonly pointer: string
  readonly detail: string
}

/** JSON pointer (RFC 6901). */
export function pointerTo(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** What is wrong at a place or below it, as one text for its field. */
export function faultsAt(faults: readonly Fault[], path: Path): string | undefined {
  const pointer = pointerTo(path)
  return together(faults.filter((fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`)))
}

/** What is wrong with a place as a whole, where what is in it has fields of its own. */
export function faultsOn(faults: readonly Fault[], path: Path): string | undefined {
  return together(faults.filter(({ pointer }) => pointer === pointerTo(path)))
}

const together = (found: readonly Fault[]) => (found.length === 0 ? undefined : [...new Set(found.map(({ detail }) => detail))].join('; '))
