/** Where somebody signs in from, as far as it matters: the network, as a keyed digest, and the kind of browser. */
import { commitment } from '@gatehouse/crypto/hmac'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Knock } from '@gatehouse/runtime/door/operation'
import { challengeKey } from './keys.ts'

/** A digest of the network: addresses change within one, and nobody may read off the table where people are. */
export async function placeOf(node: Node, { source }: Pick<Knock, 'source'>): Promise<Uint8Array> {
  return commitment(node.keys.primitives, await challengeKey(node), 'gatehouse/identity/place/v1', networkOf(source ?? ''))
}

/** The first 24 bits of an IPv4 address, the first 48 of an IPv6 address. */
export function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/i.exec(address)
  if (v4 !== null) return v4[1] as string
  return address.includes(':') ? expanded(address).slice(0, 3).join(':') : address
}

function expanded(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right].map((part) => part.replace(/^0+(?=.)/, ''))
}

const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** The kind of browser and system, which people recognise and which tells nobody apart; never the header itself. */
export function agentOf({ agent = '' }: Pick<Knock, 'agent'>): string {
  const first = (names: typeof browsers) => names.find(([pattern]) => pattern.test(agent))?.[1]
  const [browser, system] = [first(browsers), first(systems)]
  if (browser === undefined && system === undefined) return 'unknown'
  return [browser, system].filter((name) => name !== undefined).join(' · ')
}
