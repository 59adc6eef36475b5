/** Where the node listens, as others see it. */
import { isIP } from 'node:net'
import type { Config } from '../base/config.ts'

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** Plain HTTP is for this machine only, or for a declared proxy that ends TLS in front. */
export function needsTls(config: Config): boolean {
  return config.tls !== undefined || !(isLoopback(config.host) || config.trustedProxy !== undefined)
}

/** The origin that people and partners see. */
export function originOf(config: Config): string {
  if (config.publicOrigin !== undefined) return config.publicOrigin
  const host = isIP(config.host) === 6 ? `[${config.host}]` : config.host
  return `${needsTls(config) ? 'https' : 'http'}://${host}:${config.port}`
}

/** What the node's own certificate is good for. */
export function namesOf(config: Config): string[] {
  return ['localhost', '127.0.0.1', config.publicHost, config.host, config.exchangeHost].filter((name) => name !== '0.0.0.0' && name !== '::')
}
