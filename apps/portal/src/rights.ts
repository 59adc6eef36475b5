import type { Session } from './api.ts'

/** What a page, an action or a wing asks of whoever wants it. */
export type Needed =
  | { readonly action: string; readonly on: string /** Not enough to have the right on one's own things only. */; readonly everybodys?: true }
  | { readonly kinds: readonly Session['kind'][] }

/** Hides what the API would refuse; it refuses it all the same. */
export function isOpenTo(session: Session, needed: Needed): boolean {
  if ('kinds' in needed) return needed.kinds.includes(session.kind)
  const { action, on, everybodys = false } = needed
  return session.rights.some((right) => right.on === on && right.may.some((may) => may === action) && !(everybodys && right.own === true))
}
