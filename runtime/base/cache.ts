/** How long a cached answer about rights may be trusted. A change takes effect on every process within this time. */
export const cacheTtlMs = 900

/**
 * Remembers answers for a short time, counted from when they were asked for. Failures are not kept. Bounded: at the limit the
 * oldest goes.
 *
 * Only an answer that has come is shared. A load runs in its caller's transaction, where it may stand behind a statement that
 * waits for somebody's lock; if that somebody waited for the load, both would wait for ever.
 */
export class TtlCache<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly untilMs: number }>()
  readonly #nowMs: () => number
  readonly #ttlMs: number
  readonly #entriesMax: number
  /** Counts what was forgotten: a load that began before knows too little to be kept. */
  #forgotten = 0

  constructor(nowMs: () => number, options: { ttlMs?: number; entriesMax?: number } = {}) {
    this.#nowMs = nowMs
    this.#ttlMs = options.ttlMs ?? cacheTtlMs
    this.#entriesMax = options.entriesMax ?? 10_000
  }

  async get(key: string, load: () => Promise<Value>): Promise<Value> {
    const now = this.#nowMs()
    const known = this.#entries.get(key)
    if (known !== undefined && known.untilMs > now) return known.value
    const before = this.#forgotten
    const value = await load()
    if (before === this.#forgotten) this.#keep(key, value, now + this.#ttlMs)
    return value
  }

  forget(key: string): void {
    this.#forgotten += 1
    this.#entries.delete(key)
  }

  #keep(key: string, value: Value, untilMs: number): void {
    const known = this.#entries.get(key)
    if (known !== undefined && known.untilMs > untilMs) return
    // Renewed entries go to the end, so that the first is always the one asked for longest ago.
    this.#entries.delete(key)
    if (this.#entries.size >= this.#entriesMax) {
      const oldest = this.#entries.keys().next()
      if (!oldest.done) this.#entries.delete(oldest.value)
    }
    this.#entries.set(key, { value, untilMs })
  }
}
