import { describe, expect, it, vi } from 'vitest'
import { newSignal } from './signal.ts'

describe('signal', () => {
  it('wakes everyone who waits, and nobody who comes later', async () => {
    vi.useFakeTimers()
    try {
      const signal = newSignal()
      const woken: string[] = []
      signal.ring()
      const first = signal.wait(1_000).then(() => woken.push('first'))
      const second = signal.wait(1_000).then(() => woken.push('second'))
      await Promise.resolve()
      expect(woken).toEqual([])
      signal.ring()
      await Promise.all([first, second])
      const late = signal.wait(1_000).then(() => woken.push('late'))
      await vi.advanceTimersByTimeAsync(999)
      expect(woken).toEqual(['first', 'second'])
      await vi.advanceTimersByTimeAsync(1)
      await late
      expect(woken).toEqual(['first', 'second', 'late'])
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})
