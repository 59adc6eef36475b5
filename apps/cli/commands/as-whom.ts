/** For acts that only people do: this machine is none, so whoever acts names a file with the own API key. */
import type { GatehouseClient } from '@gatehouse/sdk/client'
import { readText } from '../files/read-text.ts'
import { act, type Cli } from './act.ts'

export interface AsWhom {
  readonly keyFile?: string
}

export const keyFile = ['--key-file <file>', 'a file with your API key; without it this machine acts, which is no person'] as const

export async function clientOf({ connect }: Pick<Cli, 'connect'>, { keyFile: file }: AsWhom): Promise<GatehouseClient> {
  const connection = await connect()
  return file === undefined ? connection.client : connection.as((await readText(file)).trim())
}

interface Acting {
  readonly out: Cli['out']
  readonly client: GatehouseClient
}

/** An action for commander that is done as whoever `--key-file` names. The options come last, as commander hands them over. */
export function actAs<A extends unknown[]>(run: (acting: Acting, ...args: A) => Promise<void>): (...args: unknown[]) => Promise<void> {
  return act(async (cli, ...args: A) => run({ out: cli.out, client: await clientOf(cli, args.at(-1) as AsWhom) }, ...args))
}
