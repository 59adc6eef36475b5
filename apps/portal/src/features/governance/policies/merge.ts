/** Puts two people's changes of one document together. */
import { type Path, pointerTo } from '../../../ui/json/document.ts'

export interface Merged {
  readonly document: unknown
  /** Places that both have changed, as JSON pointers: there, mine stands. */
  readonly contested: readonly string[]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Rules are known by their uids wherever they stand; a list of anything else is one value. */
function byUid(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (!Array.isArray(value)) return undefined
  const entries = value.map((item: unknown) => [isObject(item) && typeof item.uid === 'string' ? item.uid : '', item] as const)
  const map = new Map(entries)
  return map.size === entries.length && !map.has('') ? map : undefined
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
}

/** What I changed since `base`, made again on theirs. */
export function merge(base: unknown, mine: unknown, theirs: unknown): Merged {
  const contested: string[] = []
  const document = mergeAt([], base, mine, theirs)
  return { document, contested }

  function mergeAt(path: Path, was: unknown, my: unknown, their: unknown): unknown {
    if (isSame(my, their) || isSame(was, their)) return my
    if (isSame(was, my)) return their
    if (isObject(was) && isObject(my) && isObject(their)) {
      const of = (value: Readonly<Record<string, unknown>>) => new Map(Object.entries(value))
      return Object.fromEntries(mergeMembers(path, of(was), of(my), of(their)))
    }
    const lists = [byUid(was), byUid(my), byUid(their)] as const
    if (lists[0] !== undefined && lists[1] !== undefined && lists[2] !== undefined) {
      return mergeMembers(path, lists[0], lists[1], lists[2]).map(([, item]) => item)
    }
    contested.push(pointerTo(path))
    return my
  }

  function mergeMembers(
    path: Path,
    was: ReadonlyMap<string, unknown>,
    my: ReadonlyMap<string, unknown>,
    their: ReadonlyMap<string, unknown>,
  ): (readonly [string, unknown])[] {
    return [...new Set([...their.keys(), ...my.keys()])]
      .map((name) => [name, mergeAt([...path, name], was.get(name), my.get(name), their.get(name))] as const)
      .filter(([, value]) => value !== undefined)
  }
}
