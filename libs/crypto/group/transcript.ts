/**
 * What a proof is about, hashed in the order it is said (Fiat and Shamir 1986, strong form: the whole statement and its context go
 * in, not only the commitments). Each part has its label and length before it, so that no two statements make the same bytes.
 */
import { concat, u32, utf8 } from '../bytes.ts'
import type { Domain } from '../domain.ts'
import type { Group, Scalar } from './group.ts'

export class Transcript {
  private state: Uint8Array
  private readonly group: Group
  private readonly domain: Uint8Array

  /** @param domain the family of protocols that the proof belongs to, so that a proof of one is worth nothing in another */
  constructor(group: Group, domain: Domain, protocol: string) {
    this.group = group
    this.domain = utf8(domain)
    this.state = group.sha512(this.domain, framed('protocol', utf8(protocol)))
  }

  add(label: string, ...values: readonly (Uint8Array | string | number)[]): this {
    const parts = values.map((value) => (typeof value === 'string' ? utf8(value) : typeof value === 'number' ? u32(value) : value))
    this.state = this.group.sha512(this.state, ...parts.map((part) => framed(label, part)))
    return this
  }

  /** A number nobody could choose, bound to everything said so far. Asking changes what later answers are. */
  challenge(label: string): Scalar {
    this.state = this.group.sha512(this.state, framed('challenge', utf8(label)))
    return this.group.hashToScalar(this.state, this.domain)
  }
}

function framed(label: string, value: Uint8Array): Uint8Array {
  const name = utf8(label)
  return concat(u32(name.length), name, u32(value.length), value)
}
