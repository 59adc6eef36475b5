/** The kinds of messages that the node's modules declare. */
import type { AnyMessageKind } from '@gatehouse/runtime/door/message-kind'
import type { Node } from '@gatehouse/runtime/door/node'
import { kindName } from './message.ts'

const declared = (_: Node) => new Map<string, AnyMessageKind>()

/**
 * Once, when a node is put together: the kinds of all its modules (`messageKinds` of `defineModule`).
 * @throws TypeError for a kind that two modules declare
 */
export function declareMessageKinds(node: Node, kinds: readonly AnyMessageKind[]): void {
  const known = node.of(declared)
  for (const kind of kinds) {
    if (!kindName.safeParse(kind.kind).success || kind.versions.length === 0)
      throw new TypeError(`a kind of message is <module>.<what> with a version: ${kind.kind}`)
    if (known.has(kind.kind)) throw new TypeError(`two modules declare messages of the kind ${kind.kind}`)
    known.set(kind.kind, kind)
  }
}

export const kindNamed = (node: Node, name: string): AnyMessageKind | undefined => node.of(declared).get(name)
