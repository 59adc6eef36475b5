/** Where a source that speaks HTTP may be, as a setting, and whether an address is still the same place. Pure. */
import { z } from 'zod'
import { isThisMachine } from '../server-settings.ts'

/** Without a password, a query or a fragment; plain http stays on this machine, for a credential travels along. */
export const addressSchema = z
  .url({ protocol: /^https?$/, error: 'give an address such as https://data.example.org/api' })
  .max(2_000)
  .refine(isPlainAddress, 'an address holds no user, password, query or fragment')
  .refine(isPrivateInTransit, 'use https; plain http stays on this machine')

function isPlainAddress(text: string): boolean {
  const url = urlOf(text)
  return url === undefined || (url.username === '' && url.password === '' && url.search === '' && url.hash === '')
}

function isPrivateInTransit(text: string): boolean {
  const url = urlOf(text)
  return url === undefined || url.protocol === 'https:' || isThisMachine(url.hostname)
}

/** The address of something below another, whatever slashes they have. */
export function below(base: string, path: string): URL {
  return new URL(`${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`)
}

/** Where a link leads, if it stays at the same origin: whoever answers may not send us, and our credential, elsewhere. */
export function sameOrigin(link: string, from: URL): URL | undefined {
  const url = urlOf(link, from)
  return url !== undefined && url.origin === from.origin && url.username === '' && url.password === '' ? url : undefined
}

function urlOf(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined
}
