/** What is checked of an application's settings whenever they are saved. */
import { Problem } from '@gatehouse/core/problem'
import type { KeyScope } from '../access/index.ts'
import { problems } from './problems.ts'

/** How somebody signs in, who somebody is, and what other programs may: people do these things in the portal, and nobody in their place. */
export const closedAreas: ReadonlySet<string> = new Set([
  'api_key',
  'application',
  'backup',
  'deployment',
  'emergency',
  'engineer_account',
  'erasure',
  'factor',
  'identity_provider',
  'institution',
  'key',
  'node_key',
  'node_log',
  'operator',
  'own_connection',
  'person_account',
  'role',
  'secret',
  'session',
  'tenant',
  'user',
] satisfies KeyScope['area'][])

const loopback = new Set(['127.0.0.1', '[::1]'])

/** @throws Problem `redirect_refused`, `area_refused` */
export function check({
  redirect_uris: uris = [],
  scopes = [],
}: {
  readonly redirect_uris?: readonly string[] | undefined
  readonly scopes?: readonly KeyScope[] | undefined
}): void {
  const parsed = uris.map((uri) => new URL(uri))
  for (const [at, uri] of parsed.entries()) {
    const own = uri.protocol === 'https:' || (uri.protocol === 'http:' && loopback.has(uri.hostname))
    if (!own || uri.hash !== '' || uri.username !== '' || uri.password !== '' || uris[at]?.includes('*') === true) {
      throw new Problem(problems.redirect_refused, `address ${at + 1}`)
    }
  }
  // A program on somebody's machine and one on a server are two: the one cannot keep what the other can.
  if (new Set(parsed.map((uri) => uri.protocol)).size > 1) throw new Problem(problems.redirect_refused, 'https and http together')
  const closed = scopes.find(({ area }) => closedAreas.has(area))
  if (closed !== undefined) throw new Problem(problems.area_refused, closed.area)
}
