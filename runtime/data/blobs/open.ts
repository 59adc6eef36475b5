/** The store that the settings name. */
import type { BlobsConfig } from '../../base/config.ts'
import type { Egress } from '../egress.ts'
import type { BlobStore } from './blob-store.ts'
import { diskBlobs } from './disk.ts'
import { s3Blobs } from './s3.ts'

/** @param directory where objects lie on this disk unless the settings name another place */
export async function openBlobs(config: BlobsConfig, directory: string, egress: Egress, nowMs: () => number): Promise<BlobStore> {
  return config.kind === 's3' ? s3Blobs(egress, config) : diskBlobs(config.directory ?? directory, nowMs)
}
