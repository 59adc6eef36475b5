interface Key {
  readonly owner_kind: string
  readonly owner: string
  readonly expires_at: string
  readonly revoked_at: string | null
}

export type KeyState = 'valid' | 'expired' | 'revoked'

export function keyStateAt({ revoked_at, expires_at }: Pick<Key, 'revoked_at' | 'expires_at'>, nowMs: number): KeyState {
  if (revoked_at !== null) return 'revoked'
  return Date.parse(expires_at) <= nowMs ? 'expired' : 'valid'
}

/** By the partner's id how many of its keys hold. */
export function countByOwner(keys: readonly Key[], nowMs: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) {
    if (key.owner_kind === 'partner' && keyStateAt(key, nowMs) === 'valid') counts.set(key.owner, (counts.get(key.owner) ?? 0) + 1)
  }
  return counts
}
