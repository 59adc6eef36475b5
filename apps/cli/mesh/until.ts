import { setTimeout as wait } from 'node:timers/promises'

const everyMs = 250
const limitMs = 120_000

/** Asks again and again until it is true. @throws Error with the words, where it does not become true */
export async function until(ready: () => Promise<boolean>, otherwise: string, signal: AbortSignal): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await ready())) {
    if (performance.now() > end) throw new Error(`After ${limitMs / 1_000} s ${otherwise}.`)
    await wait(everyMs, undefined, { signal })
  }
}
