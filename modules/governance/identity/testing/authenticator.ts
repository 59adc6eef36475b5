/** An authenticator in software: makes passkeys and answers with them as WebAuthn says, or as an attacker would. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()

export interface Party {
  readonly id: string
  readonly origin: string
}

export const ownParty: Party = { id: 'localhost', origin: 'http://localhost:5000' }

export class Authenticator {
  readonly id = randomBytes(32)
  readonly #keys: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  counter = 0

  create(challenge: string, { id, origin }: Party = ownParty, verified = true) {
    const { x, y } = this.#keys.publicKey.export({ format: 'jwk' }) as { x: string; y: string }
    // COSE key: kty EC2, alg ES256, curve P-256, and the two coordinates.
    const key = Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
      Buffer.from(x, 'base64url'),
      Buffer.from([0x22, 0x58, 0x20]),
      Buffer.from(y, 'base64url'),
    ])
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, key])
    const data = Buffer.concat([this.#data(id, verified, true), credential])
    const attestation = Buffer.concat([
      Buffer.from([0xa3, 0x63]),
      Buffer.from('fmt'),
      Buffer.from([0x64]),
      Buffer.from('none'),
      Buffer.from([0x67]),
      Buffer.from('attStmt'),
      Buffer.from([0xa0, 0x68]),
      Buffer.from('authData'),
      Buffer.from([0x58, data.length]),
      data,
    ])
    return this.#answer({ clientDataJSON: this.#client('webauthn.create', challenge, origin), attestationObject: base64url(attestation) })
  }

  get(challenge: string, { id, origin }: Party = ownParty, verified = true) {
    this.counter += 1
    const data = this.#data(id, verified, false)
    const clientDataJSON = this.#client('webauthn.get', challenge, origin)
    const signature = sign('sha256', Buffer.concat([data, sha256(Buffer.from(clientDataJSON, 'base64url'))]), this.#keys.privateKey)
    return this.#answer({ clientDataJSON, authenticatorData: base64url(data), signature: base64url(signature) })
  }

  #data(party: string, verified: boolean, attested: boolean): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.counter)
    return Buffer.concat([sha256(party), Buffer.from([0x01 | (verified ? 0x04 : 0) | (attested ? 0x40 : 0)]), counter])
  }

  #client(type: string, challenge: string, origin: string): string {
    return base64url(Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })))
  }

  #answer(response: Record<string, unknown>) {
    return { id: base64url(this.id), rawId: base64url(this.id), type: 'public-key' as const, response, clientExtensionResults: {} }
  }
}
