/** One-time tokens come in the fragment: browsers send it to no server, so it reaches no log and no `Referer`. */
export function oneTimeToken(): string {
  return decodeURIComponent(globalThis.location.hash.replace(/^#(token=)?/, ''))
}
