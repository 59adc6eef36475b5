/** Events of the contract CheckpointAnchor, as eth_getLogs gives them. */
import { toHex, utf8 } from '../encoding.ts'
import { Fault } from '../report.ts'
import { each, matching, object } from '../shape.ts'
import { keccak256 } from './keccak.ts'

export interface AnchorEvent {
  readonly size: number
  /** Hexadecimal. */
  readonly root: string
  readonly previousSize: number
  readonly previousRoot: string
  readonly place: string
}

export const anchoredTopic = `0x${toHex(keccak256(utf8('Anchored(bytes32,uint64,bytes32,uint64,bytes32)')))}`
export const originTopic = (origin: string): string => `0x${toHex(keccak256(utf8(origin)))}`

/** The events of one log among those given, in their order. @throws Fault */
export function readEvents(value: unknown, origin: string, place: string): AnchorEvent[] {
  return each(value, place, (item, at) => readEvent(item, origin, at)).filter((event) => event !== undefined)
}

/** `undefined` for an event of another kind or log. */
export function readEvent(value: unknown, origin: string, place: string): AnchorEvent | undefined {
  const { topics, data } = object(value, place)
  const [kind, of] = each(topics, `${place}/topics`, (topic, at) => matching(topic, at, /^0x[0-9a-f]{64}$/, 'a topic'))
  if (kind !== anchoredTopic || of !== originTopic(origin)) return undefined
  const words =
    matching(data, `${place}/data`, /^0x(?:[0-9a-f]{64}){4}$/, 'the data of an anchor')
      .slice(2)
      .match(/.{64}/g) ?? []
  const size = (word = '') => {
    const read = Number(BigInt(`0x${word}`))
    if (!Number.isSafeInteger(read)) throw new Fault(`${place}/data`, 'a size beyond all logs')
    return read
  }
  return { size: size(words[0]), root: words[1] ?? '', previousSize: size(words[2]), previousRoot: words[3] ?? '', place }
}

/** Each event continues the one before: none is missing between them. @throws Fault */
export function checkChain(events: readonly AnchorEvent[]): void {
  events.forEach((event, at) => {
    const before = events[at - 1]
    const fits =
      before === undefined
        ? event.previousSize < event.size
        : event.previousSize === before.size && event.previousRoot === before.root && event.size > before.size
    if (!fits) throw new Fault(event.place, `the anchor of size ${event.size} does not follow the one before it: an event is missing or out of order`)
  })
}
