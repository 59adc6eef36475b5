import type { BlobsConfig } from '../../base/config.ts'
import type { Egress } from '../egress.ts'
import { folderHeads } from './folder.ts'
import type { HeadStore } from './head-store.ts'
import { postgresHeads } from './postgres.ts'
import { s3Heads } from './s3.ts'

/** @param place a folder, `postgres://…` of a database in other hands than the node's own, or a bucket there */
export async function openHeads(place: string | (BlobsConfig & { kind: 's3' }), egress: Egress): Promise<HeadStore> {
  if (typeof place !== 'string') return s3Heads(egress, place)
  return /^postgres(?:ql)?:\/\//.test(place) ? postgresHeads({ connectionString: place }) : folderHeads(place)
}
