import type { ErasedCounts } from '@gatehouse/runtime/door/node'

export function added(left: ErasedCounts, right: ErasedCounts): ErasedCounts {
  const sum: Record<string, number> = { ...left }
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count
  return sum
}
