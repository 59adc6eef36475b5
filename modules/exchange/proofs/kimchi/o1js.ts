/** What is used of o1js, an optional install: the package's own types are not there when the node is compiled. */
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface Field {
  assertEquals(other: Field, message?: string): void
  toBigInt(): bigint
}
export interface Bool {
  readonly isBool?: unique symbol
}
export interface UInt64 {
  readonly value: Field
  assertLessThan(other: UInt64, message?: string): void
}
interface ProofJson {
  readonly publicInput: readonly string[]
  readonly publicOutput: readonly string[]
  readonly maxProofsVerified: number
  readonly proof: string
}
/** Private inputs: the secret, the end, the neighbours on the way up, and on which side each stands. */
export type Witness = readonly [Field, UInt64, readonly Field[], readonly Bool[]]
export interface Program {
  compile(options?: { cache?: unknown }): Promise<{ verificationKey: { data: string; hash: Field } }>
  prove(claim: readonly Field[], ...witness: Witness): Promise<{ proof: { publicOutput: Field; toJSON(): ProofJson } }>
  analyzeMethods(): Promise<{ prove: { rows: number } }>
}

export interface O1js {
  readonly Field: { (value: bigint | number | string): Field; readonly ORDER: bigint }
  readonly Bool: (value: boolean) => Bool
  readonly UInt64: { from(value: bigint): UInt64; readonly Unsafe: { fromField(field: Field): UInt64 } }
  readonly Poseidon: { hash(fields: readonly Field[]): Field }
  readonly Provable: { Array(type: unknown, length: number): unknown; if(condition: Bool, yes: Field, no: Field): Field }
  readonly ZkProgram: {
    (definition: {
      name: string
      publicInput: unknown
      publicOutput: unknown
      methods: { prove: { privateInputs: readonly unknown[]; method(claim: readonly Field[], ...witness: Witness): Promise<{ publicOutput: Field }> } }
    }): Program
    Proof(program: Program): { fromJSON(json: ProofJson): Promise<{ toJSON(): ProofJson }> }
  }
  verify(proof: ProofJson, verificationKey: string): Promise<boolean>
  setBackend(backend: 'native' | 'wasm'): void
}

/** The version that the circuit's verification key belongs to. Another one may make another key, and then no proof of the two agrees. */
export const o1jsVersion = '2.15.0'

export class O1jsMissing extends Error {
  override readonly name = 'O1jsMissing'
}

/**
 * @param folder where it was installed, if not beside the node
 * @returns the file of its CommonJS entry
 * @throws O1jsMissing which says how to add it
 */
export function findO1js(folder: string | undefined): string {
  const from = createRequire(folder === undefined ? import.meta.url : pathToFileURL(join(folder, 'package.json')))
  let found: string
  try {
    found = from.resolve('o1js')
  } catch {
    throw new O1jsMissing(
      `proofs of large sets need the package o1js, which is not installed. Add it in a folder of its own (npm install --save-exact o1js@${o1jsVersion}), and name the folder in GATEHOUSE_O1JS`,
    )
  }
  const { version } = from(join(found, '..', '..', '..', 'package.json')) as { version: string }
  if (version !== o1jsVersion)
    throw new O1jsMissing(`o1js ${version} is installed, and the circuit belongs to ${o1jsVersion}: npm install --save-exact o1js@${o1jsVersion}`)
  return found
}

export function hasO1js(folder: string | undefined): boolean {
  try {
    findO1js(folder)
    return true
  } catch (error) {
    if (error instanceof O1jsMissing) return false
    throw error
  }
}

/** Loaded as o1js itself would: `@o1js/native` has no code. Without the add-on it computes in WebAssembly, three times as slow. */
function hasAddOn(found: string): boolean {
  try {
    createRequire(found)(`@o1js/native-${platform()}-${arch()}`)
    return true
  } catch {
    return false
  }
}

/** @throws O1jsMissing */
export async function loadO1js(folder: string | undefined): Promise<O1js> {
  const found = findO1js(folder)
  // The module stands beside the CommonJS entry, which is all that resolves from elsewhere.
  const o1js = (await import(pathToFileURL(found.replace(/\.cjs$/, '.js')).href)) as O1js
  if (hasAddOn(found)) o1js.setBackend('native')
  return o1js
}
