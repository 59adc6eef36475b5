/**
 * The circuit of `gh-kimchi-v1`: the prover knows the secret and the end of one leaf under the root, the leaf is of the grantee and
 * scope that are named (one word, `group`), its end is after the time that is named, and the nullifier is made of the same secret.
 * Described with its byte layouts in docs/reference/consent-proof.md.
 */
import type { Field, O1js, Program } from './o1js.ts'

/** Levels of the tree over the leaves: room for 2^20. */
export const levels = 20

/** Places of the public input. The last binds what the circuit itself does not compute with. */
const publicFields = 5

/** The first 31 bytes of the SHA-256 of the text, as every word of the circuit is made; written out so that the circuit stands alone. */
export interface Tags {
  readonly leaf: bigint
  readonly nullifier: bigint
}

export function consentProgram(o1js: O1js, tags: Tags): Program {
  const { Bool, Field, Poseidon, Provable, UInt64, ZkProgram } = o1js
  return ZkProgram({
    name: 'gh-kimchi-v1',
    publicInput: Provable.Array(Field, publicFields),
    publicOutput: Field,
    methods: {
      prove: {
        privateInputs: [Field, UInt64, Provable.Array(Field, levels), Provable.Array(Bool, levels)],
        async method(claim, secret, until, path, sides) {
          const [root, group, time, request] = claim as [Field, Field, Field, Field, Field]
          let node = leafOf(o1js, tags, { secret, group, until: until.value })
          path.forEach((neighbour, level) => {
            const right = sides[level] as (typeof sides)[number]
            node = Poseidon.hash([Provable.if(right, neighbour, node), Provable.if(right, node, neighbour)])
          })
          node.assertEquals(root, 'the consent is not in the set')
          UInt64.Unsafe.fromField(time).assertLessThan(until, 'the consent has ended')
          return { publicOutput: Poseidon.hash([Field(tags.nullifier), secret, request]) }
        },
      },
    },
  })
}

export function leafOf(
  { Field, Poseidon }: O1js,
  tags: Tags,
  { secret, group, until }: { readonly secret: Field; readonly group: Field; readonly until: Field },
): Field {
  return Poseidon.hash([Field(tags.leaf), secret, group, until])
}

/** From the leaves up, each level padded by the root of an empty tree of its height; an empty leaf is 0. */
export function treeOf({ Field, Poseidon }: O1js, leaves: readonly Field[], onLevel: (level: number) => void = () => undefined) {
  const rows: Field[][] = [[...leaves]]
  const empty: Field[] = [Field(0)]
  for (let level = 0; level < levels; level++) {
    const below = rows[level] as Field[]
    const pad = empty[level] as Field
    const row: Field[] = []
    for (let at = 0; at < below.length; at += 2) row.push(Poseidon.hash([below[at] as Field, below[at + 1] ?? pad]))
    rows.push(row)
    empty.push(Poseidon.hash([pad, pad]))
    onLevel(level + 1)
  }
  return {
    root: rows[levels]?.[0] ?? (empty[levels] as Field),
    pathOf: (place: number) =>
      Array.from({ length: levels }, (_, level) => {
        const at = Math.floor(place / 2 ** level)
        return { neighbour: rows[level]?.[at ^ 1] ?? (empty[level] as Field), right: at % 2 === 1 }
      }),
  }
}
