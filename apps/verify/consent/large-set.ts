/** `gh-kimchi-v1`, checked from its description in docs/reference/consent-proof.md; what proves itself to nobody but o1js is asked of o1js. */
import type { Cryptography } from '../cryptography.ts'
import { join, toHex } from '../encoding.ts'
import { CannotTell, Fault } from '../report.ts'
import { type ConsentClaim, parts, u32 } from './one-out-of-many.ts'

export const largeSystemId = 'gh-kimchi-v1'
/** Of the circuit's numbers. */
const order = 0x40000000000000000000000000000000224698fc094cf91b992d30ed00000001n

export interface CircuitProof {
  readonly publicInput: readonly string[]
  readonly publicOutput: readonly string[]
  readonly maxProofsVerified: 0
  /** Base64. */
  readonly proof: string
}

/** Asks o1js whether the proof holds under the key. */
export type CircuitVerifier = (proof: CircuitProof, verificationKey: string) => Promise<boolean>

export type LargeClaim = Omit<ConsentClaim, 'members'> & { readonly setSize: number; readonly setRoot: Uint8Array }

/**
 * @returns the nullifier, when the proof holds
 * @throws Fault where it does not, CannotTell where o1js is not there to be asked
 */
export async function verifyLargeSet(
  claim: LargeClaim,
  proof: Uint8Array,
  place: string,
  cryptography: Cryptography,
  ask: CircuitVerifier | undefined,
): Promise<Uint8Array> {
  const nullifier = proof.slice(0, 32)
  if (proof.length <= 32 || number(nullifier) >= order) throw new Fault(place, 'the proof does not begin with a nullifier')
  if (number(claim.setRoot) >= order) throw new Fault('/set/root', 'the root is no number of the circuit')
  const word = async (...values: (string | Uint8Array)[]) => number((await cryptography.sha256(parts(values))).subarray(0, 31))
  const { origin, size, root, grantee, scope, expiry, time, requestHash, verifier, setSize, setRoot } = claim
  const context = parts([origin, verifier, requestHash, grantee, scope])
  const bound = [origin, String(size), root, grantee, scope, expiry, u32(setSize), setRoot, time, requestHash, verifier]
  const publicInput = [
    number(setRoot),
    await word('gatehouse/zk/kimchi/group/v1', grantee, scope),
    BigInt(Date.parse(time)),
    await word('gatehouse/zk/kimchi/request/v1', context),
    await word('gatehouse/zk/kimchi/statement/v1', ...bound),
  ]
  if (ask === undefined)
    throw new CannotTell('a proof over a large set is checked with the package o1js 2.15.0, which is not there: name its folder in GATEHOUSE_O1JS', place)
  const text = {
    publicInput: publicInput.map(String),
    publicOutput: [String(number(nullifier))],
    maxProofsVerified: 0 as const,
    proof: base64Of(proof.subarray(32)),
  }
  const holds = await ask(text, verificationKey).catch((error: unknown) => {
    if (error instanceof CannotTell) throw error
    return false
  })
  if (!holds) throw new Fault(place, 'the proof does not hold: it was made for another statement, changed, or forged')
  return nullifier
}

function number(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`)
}

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(join(bytes), (byte) => String.fromCharCode(byte)).join(''))
}

/** As o1js 2.15.0 compiles the circuit. */
const verificationKey =
  'AACcenc1yLdGBm4xtUN1dpModROI0zovuy5rz2a94vfdBgG1C75BqviU4vw6JUYqODF8n9ivtfeU5s9PcpEGIP0htil2mfx8v2DB5RuNQ7VxJWkha0TSnJJsOl0FxhjldBbOY3tUZzZxHpPhHOKHz/ZAXRYFIsf2x+7boXC0iPurEX9VcnaJIq+YxxmnSfeYYxHkjxO9lrDBqjXzd5AHMnYyjTPC69B+5In7AOGS6R+A/g3/aR/MKDa4eDVrnsF9Oy/Ay8ahic2sSAZvtn08MdRyk/jm2cLlJbeAAad6Xyz/H9l7JrkbVwDMMPxvHVHs27tNoJCzIlrRzB7pg3ju9aQOu4h3thDr+WSgFQWKvcRPeL7f3TFjIr8WZ2457RgMcTwXwORKbqJCcyKVNOE+FlNwVkOKER+WIpC0OlgGuayPFwQQkbb91jaRlJvahfwkbF2+AJmDnavmNpop9T+/Xak1adXIrsRPeOjC+qIKxIbGimoMOoYzYlevKA80LnJ7HC0IxR+yNLvoSYxDDPNRD+OCCxk5lM2h8IDUiCNWH4FZNJ+doiigKjyZlu/xZ7jHcX7qibu/32KFTX85DPSkQM8dANSrz4ybxc01C/D/wp1t5GCZ+M/gLpxTuSMaRHIEE6UMRmbrMeOSKLnl4eeGqACKnK3yOGMLGXuc/8fbhKgKFhUKR89XcqLS/NP7lwCEej/L8q8R7sKGMCXmgFYluWH4JBSPDgvMxScfjFS33oBNb7po8cLnAORzohXoYTSgztklD0mKn6EegLbkLtwwr9ObsLz3m7fp/3wkNWFRkY5xzSZN1VybbQbmpyQNCpxd/kdDsvlszqlowkyC8HnKbhnvE0Mrz3ZIk4vSs/UGBSXAoESFCFCPcTq11TCOhE5rumMJErv5LusDHJgrBtQUMibLU9A1YbF7SPDAR2QZd0yx3waAC2F3xF+U682SOKF7oCZl2OICysRHqH+rZ604UfdGG0zWRuP2yg6kfGwcGQbO1ql40WrWTiFhbxxdKC7Gbz4yhvxlRSBLkXvDVrKyNBMwBMKaGfM5F2mMKFP7O38bcxfNSgjvNINKcpZq6NbDGQQeTwbzaJ15C8CQ4Yg0ndqIIA3tC36fI09hCYjjVTEmMAFTApk/tMUu0tC9Dt/vfDgXAlDJBwN5Y2Pt60qWY92skizVcWyWBxp5A8e4cVu3iToxOGUbSHzawovjubcH7qWjIZoghZJ16QB1c0ryiAfHB48OHhs2p/JZWz8Dp7kfcPkeg2Of2NbupJlNVMLIH4IGWaPAscBRkZ+F4oLqOhJ5as7fAzzU8PQdeZi0YgssGDJVmNEHP61I16KZNcxQqR0EUVwhyMmYmpVjvtfhHi/6I3TgYCmfnm6GL2sN144vMWg/gJ+p9a4GcEA0+gK3oCcKcwkq5rm+1Oxo9LWLp92Bdxq3iqfoIFmJ/ANGSbHF8StVmlVsP8zA+xuHylyiww/Lercce7cq0YA5PtYS3ge9IDYwXckBUXb5ikD3alrrv5mvMu6itB7ix2f8lbiF9Fkmc4Bk2ycIWXJDCuBN+2sTFqzUeoT6xY8XWaOcnDvqOgSm/CCSv38umiOE2jEpsKYxhRc6W70UJkrzd3hr2DiSF1I2B+krpUVK1GeOdCLC5sl7YPzk+pF8183uI9wse6UTlqIiroKqsggzLBy/IjAfxS0BxFy5zywXqp+NogFkoTEJmR5MaqOkPfap+OsD1lGScY6+X4WW/HqCWrmA3ZTqDGngQMTGXLCtl6IS/cQpihS1NRbNqOtKTaCB9COQu0oz6RivBlywuaj3MKUdmbQ2gVDj+SGQItCNaXawyPSBjB9VT+68SoJVySQsYPCuEZCb0V/40n/a7RAbyrnNjP+2HwD7p27Pl1RSzqq35xiPdnycD1UeEPLpx/ON65mYCkn+KLQZmkqPio+vA2KmJngWTx+ol4rVFimGm76VT0xCFDsu2K0YX0yoLNH4u2XfmT9NR8gGfkVRCnnNjlbgHQmEwC75+GmEJ5DjD3d+s6IXTQ60MHvxbTHHlnfmPbgKn2SAI0uVoewKC9GyK6dSaboLw3C48jl0E2kyc+7umhCk3kEeWmt//GSjRNhoq+B+mynXiOtgFs/Am2v1TBjSb+6tcijsf5tFJmeGxlCjJnTdNWBkSHpMoo6OFkkpA6/FBAUHLSM7Yv8oYyd0GtwF5cCwQ6aRTbl9oG/mUn5Q92OnDMQcUjpgEho0Dcp2OqZyyxqQSPrbIIZZQrS2HkxBgjcfcSTuSHo7ONqlRjLUpO5yS95VLGXBLLHuCiIMGT+DW6DoJRtRIS+JieVWBoX0YsWgYInXrVlWUv6gDng5AyVFkUIFwZk7/3mVAgvXO83ArVKA4S747jT60w5bgV4Jy55slDM='
