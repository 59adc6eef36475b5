/** What every command begins with: its output, and the node when it asks for one. */
import { type Command, InvalidArgumentError } from 'commander'
import { type Connection, connect } from '../node/connection.ts'
import { type Output, openOutput } from '../terminal/output.ts'

export interface Cli {
  readonly out: Output
  /** The home named on the command line or in the environment. */
  readonly home: string | undefined
  connect(): Promise<Connection>
}

interface GlobalOptions {
  readonly json?: boolean
  readonly home?: string
}

/** An action for commander, which hands over the arguments, the options and the command itself. */
export function act<A extends unknown[]>(run: (cli: Cli, ...args: A) => Promise<void>): (...args: unknown[]) => Promise<void> {
  return (...args) => {
    const { json, home } = (args.at(-1) as Command).optsWithGlobals<GlobalOptions>()
    const place = home ?? process.env.GATEHOUSE_HOME
    const cli: Cli = { out: openOutput(json === true), home: place, connect: () => connect(place) }
    return run(cli, ...(args.slice(0, -1) as A))
  }
}

/** For options that may be given several times, or once with commas. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, ...value.split(',').filter((part) => part !== '')]
}

/** For options that take a whole number. */
export function wholeNumber(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('It is to be a whole number.')
  return number
}

/** For options that take a probability. */
export function probability(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('It is to be a number from 0 to 1.')
  return value
}
