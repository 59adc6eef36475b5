/** A mode of the command: what it is called, what its help teaches, and how it is run. */
import type { ParseArgsConfig } from 'node:util'
import type { WitnessPolicy } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import type { TrustedKey } from '../keys.ts'
import type { LogSource } from '../log/source.ts'
import type { Report } from '../report.ts'
import type { Memory } from './memory.ts'

export interface Mode {
  readonly name: string
  /** The words after the name, as the usage shows them. */
  readonly words: string
  /** One line, in the list of modes. */
  readonly summary: string
  /** What it checks, with an example. */
  readonly help: string
  /** Beside the options that every mode has. */
  readonly options?: NonNullable<ParseArgsConfig['options']>
  /** How many words it takes: [least, most]. */
  readonly takes: readonly [number, number]
  run(call: Call): Promise<Report>
}

export interface Call {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
  readonly machine: Machine
}

/** What a mode may ask of the machine it runs on. */
export interface Machine {
  readonly cryptography: Cryptography
  /** @throws CannotTell where the file is absent, too large, or no UTF-8 text */
  readText(path: string, bytesMax: number): Promise<string>
  readBytes(path: string, bytesMax: number): Promise<Uint8Array>
  /** Line by line; of a folder the `*.ndjson` files in the order of their names. */
  readLines(path: string, lineBytesMax: number): AsyncIterable<{ readonly text: string; readonly place: string }>
  /** A folder or an address that holds a log as C2SP tlog-tiles lays it out. */
  openLog(place: string): LogSource
  /** The keys of `--key`. @throws CannotTell where none was given */
  keys(): Promise<TrustedKey[]>
  /** The policy of `--witness` and `--quorum`. */
  policy(): Promise<WitnessPolicy>
  readonly memory: Memory
  /** Shown on standard error while long work goes on. */
  progress(done: number, total: number, what: string): void
}
