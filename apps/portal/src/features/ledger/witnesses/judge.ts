/** How a witness keeps up with the log. Pure. */
import type { Witness } from './queries.ts'

/** Witnesses are asked every two seconds; who has not cosigned for so long is late. */
const lateMs = 60_000

export type Standing = 'current' | 'following' | 'late' | 'failing' | 'never'

export function judge(
  { cosigned_size, cosigned_at, fault, added_at }: Pick<Witness, 'cosigned_size' | 'cosigned_at' | 'fault' | 'added_at'>,
  size: number,
  nowMs: number,
): Standing {
  if (cosigned_size !== null && cosigned_size >= size) return 'current'
  if (fault !== null) return 'failing'
  if (nowMs - Date.parse(cosigned_at ?? added_at) >= lateMs) return 'late'
  return cosigned_size === null ? 'never' : 'following'
}
