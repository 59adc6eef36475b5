import type { Knock } from '@gatehouse/runtime/door/operation'

/**
 * Whether a browser's request came from the node's own pages. Beside SameSite cookies this is what keeps another site from
 * acting in a signed-in person's name: browsers send `Origin` with every request that changes something, and pages cannot forge it.
 */
export function isForeign({ origin, safe, site }: Pick<Knock, 'origin' | 'safe' | 'site'>, own: string): boolean {
  // A link from another site carries the cookie: it may open the portal's pages, but nothing that leaves an entry in somebody's name.
  if (site === 'cross-site' || site === 'same-site') return true
  return safe !== true && !isOwnOrigin(origin, own)
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

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
