/**
 * Whether a browser's request came from the node's own pages. Beside SameSite cookies this is what keeps another site from
 * acting in a signed-in person's name: browsers send `Origin` with every request that changes something, and pages cannot forge it.
 */
import type { Knock } from '@gatehouse/runtime/door/operation'

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a request with a session is another site's doing. A link there carries the cookie too: it may open the portal's
 * pages, but ask for nothing that leaves an entry in somebody's name, such as an export.
 */
export function isForeign({ origin, safe, site }: Pick<Knock, 'origin' | 'safe' | 'site'>, own: string): boolean {
  if (site === 'cross-site' || site === 'same-site') return true
  return safe !== true && !isOwnOrigin(origin, own)
}

export function isOwnOrigin(origin: string | undefined, own: string): boolean {
  if (origin === undefined) return false
  if (origin === own) return true
  const [theirs, ours] = [parsed(origin), parsed(own)]
  // On one machine `localhost` and `127.0.0.1` are the same node; the port tells it from others there.
  return (
    theirs !== undefined &&
    ours !== undefined &&
    theirs.protocol === ours.protocol &&
    theirs.port === ours.port &&
    loopback.has(theirs.hostname) &&
    loopback.has(ours.hostname)
  )
}

function parsed(origin: string): URL | undefined {
  return URL.canParse(origin) ? new URL(origin) : undefined
}
