/** Where a webhook may point. The allow list is the operator's; sending asks it again each time. */
import { type Egress, EgressError } from '@gatehouse/runtime/data/egress'

const loopback = /^(localhost|127[.]\d+[.]\d+[.]\d+|\[::1\])$/

/** @returns the address as it will be sent to, or what is wrong with it */
export function checkAddress(egress: Pick<Egress, 'check'>, text: string): { readonly url: string } | { readonly fault: string } {
  try {
    const url = egress.check(text)
    // The egress lets a listed host use http, for services beside the node. An event crosses a network only under TLS.
    if (url.protocol !== 'https:' && !loopback.test(url.hostname)) return { fault: `${url.hostname}: use https; plain http stays on this machine` }
    return { url: url.href }
  } catch (error) {
    if (error instanceof EgressError) return { fault: error.message }
    throw error
  }
}
