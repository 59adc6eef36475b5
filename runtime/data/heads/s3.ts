/**
 * Heads as objects of a bucket. A swap is one PUT on a condition: If-None-Match where there is to be none yet, If-Match with the tag of the object that was read
 * where there is one. A number that is drawn anew for each version stands in front of the value, so that no two versions ever have the same
 * bytes and with them the same tag. A server that does not keep conditions would let a log fork; it is found out when the store is opened.
 */
import { randomBytes } from 'node:crypto'
import { handlerOn, loadSdk, type S3Options } from '../blobs/s3.ts'
import type { Egress } from '../egress.ts'
import { checkHead, type HeadStore, HeadStoreError } from './head-store.ts'

const nonceBytes = 16
const listMax = 1_000
/** Of a process that asks before another one has written. */
const probeName = '.gatehouse-probe'

interface Stored {
  readonly version: string
  readonly tag: string
  readonly value: Uint8Array
}

/** @throws HeadStoreError for a bucket that cannot be reached, or whose server does not keep conditions */
export async function s3Heads(egress: Egress, options: S3Options): Promise<HeadStore> {
  const sdk = await loadSdk()
  const client = new sdk.S3Client({
    region: options.region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    forcePathStyle: options.pathStyle,
    credentials: options.credentials,
    requestHandler: handlerOn(egress),
    maxAttempts: 4,
  })
  const Bucket = options.bucket
  const sealing = options.kmsKey === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: options.kmsKey }

  /** `undefined` for what is not there, or was not as the condition said. */
  const send = (command: object) =>
    client.send(command).catch((error: Error & { $metadata?: { httpStatusCode?: number } }) => {
      const status = error.$metadata?.httpStatusCode
      // 409: another conditional write of the same name is under way.
      if (status === 404 || status === 412 || status === 409) return undefined
      throw new HeadStoreError(`the bucket of heads answered ${status ?? 'nothing'} (${error.name})`, { cause: error })
    })

  async function read(name: string): Promise<Stored | undefined> {
    const found = await send(new sdk.GetObjectCommand({ Bucket, Key: options.folder + name }))
    if (found?.Body === undefined || found.ETag === undefined) return undefined
    const chunks: Uint8Array[] = []
    for await (const chunk of found.Body) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    if (bytes.length < nonceBytes) throw new HeadStoreError(`the object ${name} is not a head: put it back from its copy`)
    return { version: bytes.subarray(0, nonceBytes).toString('hex'), tag: found.ETag, value: new Uint8Array(bytes.subarray(nonceBytes)) }
  }

  async function swap(name: string, before: Stored | undefined, value: Uint8Array): Promise<string | undefined> {
    const nonce = randomBytes(nonceBytes)
    const condition = before === undefined ? { IfNoneMatch: '*' } : { IfMatch: before.tag }
    const Body = Buffer.concat([nonce, value])
    const version = nonce.toString('hex')
    if ((await send(new sdk.PutObjectCommand({ Bucket, Key: options.folder + name, Body, ...sealing, ...condition }))) !== undefined) return version
    // An answer may have been lost and the request sent again: then what stands there is ours.
    return (await read(name))?.version === version ? version : undefined
  }

  async function prove(): Promise<void> {
    const Key = options.folder + probeName
    const put = (condition: object) => send(new sdk.PutObjectCommand({ Bucket, Key, Body: Buffer.from('probe'), ...sealing, ...condition }))
    await put({})
    if ((await put({ IfNoneMatch: '*' })) !== undefined || (await put({ IfMatch: '"00000000000000000000000000000000"' })) !== undefined)
      throw new HeadStoreError(
        'the server of the bucket of heads does not keep conditions (If-Match, If-None-Match): two nodes could both move a head there, and a log could fork. Choose another server, a folder or a database.',
      )
  }

  await prove()
  return {
    kind: 's3',
    async read(name) {
      checkHead(name)
      const found = await read(name)
      return found && { version: found.version, value: found.value }
    },
    async compareAndSwap(name, expected, value) {
      checkHead(name, value)
      const before = await read(name)
      return before?.version === expected ? swap(name, before, value) : undefined
    },
    async list(prefix) {
      const names: string[] = []
      for (;;) {
        const last = names.at(-1)
        const after = last === undefined ? {} : { StartAfter: options.folder + last }
        const page = await send(new sdk.ListObjectsV2Command({ Bucket, Prefix: options.folder + prefix, MaxKeys: listMax, ...after }))
        const found = (page?.Contents ?? []).map(({ Key = '' }) => Key.slice(options.folder.length))
        names.push(...found)
        if (found.length < listMax) return names.filter((name) => name !== probeName).sort()
      }
    },
    async close() {},
  }
}
