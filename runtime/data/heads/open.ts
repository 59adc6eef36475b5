import { folderHeads } from './folder.ts'
import type { HeadStore } from './head-store.ts'
import { postgresHeads } from './postgres.ts'

/** @param place a folder, or `postgres://…` of a database in other hands than the node's own */
export async function openHeads(place: string): Promise<HeadStore> {
  return /^postgres(?:ql)?:\/\//.test(place) ? postgresHeads({ connectionString: place }) : folderHeads(place)
}
