/** Passes of exact linkage, as their form changes them. */

export type Passes = readonly (readonly string[])[]

/** As the plan's schema has it. */
export const passesMax = 8
export const passKeysMax = 8

/** With the pass at another place. */
export function moved(passes: Passes, from: number, to: number): Passes {
  const pass = passes[from]
  return pass === undefined || to < 0 || to >= passes.length ? passes : passes.toSpliced(from, 1).toSpliced(to, 0, pass)
}

/** With a key more in a pass, or with one less; a pass may be left without keys, for it is being written. */
export const toggled = (passes: Passes, at: number, key: string): Passes =>
  passes.map((pass, index) => (index !== at ? pass : pass.includes(key) ? pass.filter((one) => one !== key) : [...pass, key]))

/** With one more pass: on what no pass looks at yet, so that no key is left over. */
export const grown = (passes: Passes, keys: readonly string[]): Passes => [...passes, keys.filter((key) => !passes.flat().includes(key)).slice(0, passKeysMax)]

/** An earlier pass that asks for less: whoever agrees in this one agrees in that one, so this one finds nobody. */
export function foundBefore(passes: Passes, at: number): number | undefined {
  const pass = passes[at] ?? []
  const found = passes.findIndex(
    (earlier, index) => index < at && earlier.length > 0 && earlier.length < pass.length && earlier.every((key) => pass.includes(key)),
  )
  return found === -1 ? undefined : found
}

/** Without a key that is not defined any more; what stands empty by it goes, too, but one pass always stands. */
export function withoutKey(passes: Passes, key: string): Passes {
  const left = passes.map((pass) => pass.filter((one) => one !== key)).filter((pass, at) => pass.length > 0 || passes[at]?.length === 0)
  return left.length === 0 ? [[]] : left
}
