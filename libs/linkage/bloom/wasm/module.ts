/** The binary format of a module with one function and one memory, both exported (section 5.5 of the specification). */
import { type Code, control, unsigned } from './instructions.ts'

export interface ProgramFunction {
  readonly name: string
  /** Value types. */
  readonly parameters: readonly number[]
  readonly results: readonly number[]
  readonly locals: readonly number[]
  readonly body: readonly Code[]
}

const functionType = 0x60
const exportedFunction = 0x00
const exportedMemory = 0x02
const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

const counted = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes]
const section = (id: number, items: readonly Code[]): Code => [id, ...sized(counted(items))]
const text = (name: string): Code => sized([...name].map((letter) => letter.charCodeAt(0)))

/** @param pages of 65,536 bytes; the memory never grows */
export function moduleBytes({ name, parameters, results, locals, body }: ProgramFunction, pages: number): Uint8Array<ArrayBuffer> {
  const declared = counted(locals.map((type) => [1, type]))
  return Uint8Array.from([
    ...magicAndVersion,
    ...section(1, [[functionType, ...sized(parameters), ...sized(results)]]),
    ...section(3, [[0]]),
    ...section(5, [[0x01, ...unsigned(pages), ...unsigned(pages)]]),
    ...section(7, [
      [...text(name), exportedFunction, 0],
      [...text('memory'), exportedMemory, 0],
    ]),
    ...section(10, [sized([...declared, ...body.flat(), ...control.end])]),
  ])
}
