import { sodiumGroup } from '@gatehouse/crypto/group/sodium'

let loaded: ReturnType<typeof sodiumGroup> | undefined

/** The fast backend, loaded on first use and shared by the process. */
export function proofGroup(): ReturnType<typeof sodiumGroup> {
  loaded ??= sodiumGroup()
  return loaded
}
