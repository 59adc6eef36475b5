/**
 * Where messages go. Only to the host that an administrator has registered for the other side, whatever a message asks for; the egress asks the
 * operator's list besides, each time.
 */
import { type Egress, EgressError } from '@gatehouse/runtime/data/egress'

const thisMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** @returns the address without a slash at its end, or what is wrong with it */
export function sendable(egress: Pick<Egress, 'check'>, text: string): { readonly address: string } | { readonly fault: string } {
  try {
    const url = egress.check(text)
    if (url.username !== '' || url.password !== '') return { fault: 'an address holds no credential' }
    if (url.protocol !== 'https:' && !thisMachine.test(url.hostname)) return { fault: `${url.hostname}: use https; plain http stays on this machine` }
    return { address: `${url.origin}${url.pathname}`.replace(/\/+$/, '') }
  } catch (error) {
    if (error instanceof EgressError || error instanceof TypeError) return { fault: error instanceof EgressError ? error.message : 'this is no address' }
    throw error
  }
}

/** The same for an address that the other side names: it has to lie at its registered address. */
export function sendableTo(egress: Pick<Egress, 'check'>, text: string, registered: string): { readonly address: string } | { readonly fault: string } {
  const checked = sendable(egress, text)
  if ('fault' in checked || new URL(checked.address).origin === new URL(registered).origin) return checked
  return { fault: `${new URL(checked.address).host} is not the host that is registered for this participant` }
}

/** A pid in a path. Colons stand for themselves there, as most implementations write them. */
export const inPath = (pid: string): string => encodeURIComponent(pid).replaceAll('%3A', ':')
