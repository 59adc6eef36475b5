/** How long a cached answer about rights may be trusted. A change takes effect on every process within this time. */
export const cacheTtlMs = 900

/**
 * Remembers answers for a short time. Failures and misses that throw are not kept. Bounded: at the limit the oldest goes.
 */
export class TtlCache<Value> {
  readonly #entries = new Map<string, { readonly value: Promise<Value>; readonly untilMs: number }>()
  readonly #nowMs: () => number
  readonly #ttlMs: number
  readonly #entriesMax: number

  constructor(nowMs: () => number, options: { ttlMs?: number; entriesMax?: number } = {}) {
    this.#nowMs = nowMs
    this.#ttlMs = options.ttlMs ?? cacheTtlMs
    this.#entriesMax = options.entriesMax ?? 10_000
  }

  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const now = this.#nowMs()
    const known = this.#entries.get(key)
    if (known !== undefined && known.untilMs > now) return known.value
    const value = load()
    // Renewed entries go to the end, so that the first is always the one asked for longest ago.
    this.#entries.delete(key)
    if (this.#entries.size >= this.#entriesMax) {
      const oldest = this.#entries.keys().next()
      if (!oldest.done) this.#entries.delete(oldest.value)
    }
    this.#entries.set(key, { value, untilMs: now + this.#ttlMs })
    value.catch(() => {
      if (this.#entries.get(key)?.value === value) this.#entries.delete(key)
    })
    return value
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }
}
