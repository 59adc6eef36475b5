/** For acts that only people do: this machine is none, so whoever acts names a file with the own API key. */
import type { GatehouseClient } from '@gatehouse/sdk/client'
import { readText } from '../files/read-text.ts'
import type { Cli } from './act.ts'

export interface AsWhom {
  readonly keyFile?: string
}

export const keyFile = ['--key-file <file>', 'a file with your API key; without it this machine acts, which is no person'] as const

export async function clientOf({ connect }: Pick<Cli, 'connect'>, { keyFile: file }: AsWhom): Promise<GatehouseClient> {
  const connection = await connect()
  return file === undefined ? connection.client : connection.as((await readText(file)).trim())
}
