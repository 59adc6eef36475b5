/** What an anchor's numbers mean, for the eye. Pure. */
import type { Anchor } from './queries.ts'

/** `reorganised`: a chain took it back, or never took it, and it is on its way again. */
export type Told = Anchor['state'] | 'reorganised' | 'failing'

export function toldOf({ state, losses, last_error }: Pick<Anchor, 'state' | 'losses' | 'last_error'>): Told {
  if (state !== 'pending') return state
  if (losses > 0) return 'reorganised'
  return last_error === null ? 'pending' : 'failing'
}

/** Why it is not confirmed yet; `undefined` once it is, or when nobody waits for it any more. */
export type Why = 'not_tried' | 'failed' | 'lost' | 'not_mined' | 'shallow' | undefined

export function whyOf({ state, losses, last_error, depth }: Pick<Anchor, 'state' | 'losses' | 'last_error' | 'depth'>): Why {
  if (state === 'sent') return depth === null || depth === 0 ? 'not_mined' : 'shallow'
  if (state !== 'pending') return undefined
  if (losses > 0) return 'lost'
  return last_error === null ? 'not_tried' : 'failed'
}

/** What a transaction cost, in the chain's own coin (10^18 wei), as a decimal text without rounding. */
export function feeOf(gasUsed: unknown, gasPriceWei: unknown): string | undefined {
  if (typeof gasUsed !== 'number' || typeof gasPriceWei !== 'string' || !/^\d{1,40}$/.test(gasPriceWei)) return undefined
  const wei = (BigInt(gasUsed) * BigInt(gasPriceWei)).toString().padStart(19, '0')
  const [whole, part] = [wei.slice(0, -18), wei.slice(-18).replace(/0+$/, '')]
  return part === '' ? whole : `${whole}.${part}`
}
