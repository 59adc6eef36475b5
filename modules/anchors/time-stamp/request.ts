/** A time-stamp request and what comes back (RFC 3161 section 2.4). */

import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { MessageImprint, TimeStampReq, TimeStampReqVersion, TimeStampResp } from '@peculiar/asn1-tsp'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'

export const sha256Oid = '2.16.840.1.101.3.4.2.1'

export function timeStampRequest(imprint: Uint8Array, nonce: Uint8Array, policy: string | undefined): Uint8Array {
  const request = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha256Oid, parameters: null }),
      hashedMessage: new OctetString(imprint),
    }),
    nonce: Uint8Array.from(nonce).buffer,
    certReq: true,
    ...(policy === undefined ? {} : { reqPolicy: policy }),
  })
  return new Uint8Array(AsnConvert.serialize(request))
}

/** A positive number whose first bit is not set, as DER writes it, so that what comes back has the same bytes. */
export function nonceOf(random: Uint8Array): Uint8Array {
  const nonce = Uint8Array.from(random)
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40
  return nonce
}

export type TimeStampAnswer =
  | { readonly granted: true; readonly token: Uint8Array }
  | { readonly granted: false; readonly fault: 'refused' | 'unreadable'; readonly reason: string }

export function readAnswer(bytes: Uint8Array): TimeStampAnswer {
  try {
    const { status, timeStampToken } = AsnConvert.parse(bytes, TimeStampResp)
    // 0 granted, 1 granted with modifications.
    if (status.status > 1 || timeStampToken === undefined)
      return { granted: false, fault: 'refused', reason: `the authority refused (status ${status.status})` }
    return { granted: true, token: new Uint8Array(AsnConvert.serialize(timeStampToken)) }
  } catch {
    return { granted: false, fault: 'unreadable', reason: 'the authority answered with something that is no time-stamp response' }
  }
}
