/**
 * Objects in a bucket that speaks S3. The SDK signs and retries; every byte of it goes through the node's own way out. Large
 * objects are sent in parts, which S3 shows as one object when the last was taken, and not before.
 */
import type { Readable } from 'node:stream'
import type { Egress } from '../egress.ts'
import { type Blob, BlobError, type BlobStore, checkName, checkPrefix, clip, limitOf } from './blob-store.ts'

export interface S3Options {
  readonly bucket: string
  /** In front of every name, ending with a slash; empty where the bucket is the node's own. */
  readonly folder: string
  readonly region: string
  /** A server that speaks S3; AWS itself where none is named. */
  readonly endpoint: string | undefined
  /** `https://host/bucket/name` and not `https://bucket.host/name`. */
  readonly pathStyle: boolean
  /** The id of the KMS key that the server seals with, beside what the node has sealed. */
  readonly kmsKey: string | undefined
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
}

/** Held in memory once per running `put`. S3 takes at most 10,000 parts, so an object has at most 80 GiB. */
export const partBytes = 8 * 1_048_576
export const partsMax = 10_000
const silenceMs = 60_000

/** Where the settings lead to: the operator's own choice, which needs no second entry on the allow list. */
export function originOfS3({ bucket, region, endpoint, pathStyle }: Pick<S3Options, 'bucket' | 'region' | 'endpoint' | 'pathStyle'>): string {
  const { protocol, host } = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`)
  return `${protocol}//${pathStyle ? host : `${bucket}.${host}`}`
}

/** @throws BlobError when the package is not installed */
export async function s3Blobs(egress: Egress, options: S3Options): Promise<BlobStore> {
  const sdk = await loadSdk()
  const client = new sdk.S3Client({
    region: options.region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    forcePathStyle: options.pathStyle,
    credentials: options.credentials,
    requestHandler: handlerOn(egress),
    // The defaults add a checksum to every part, and check it where the server gives one.
    maxAttempts: 4,
  })
  const Bucket = options.bucket
  const keyOf = (name: string) => options.folder + checkName(name)
  const sealing = options.kmsKey === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: options.kmsKey }
  const send = (command: object) => client.send(command).catch(told)

  async function putParts(Key: string, first: Uint8Array, rest: AsyncIterator<Uint8Array>): Promise<number> {
    const { UploadId } = await send(new sdk.CreateMultipartUploadCommand({ Bucket, Key, ...sealing }))
    try {
      const Parts: object[] = []
      let size = 0
      for (let part: Uint8Array | undefined = first; part !== undefined; part = await nextOf(rest)) {
        const PartNumber = Parts.length + 1
        if (PartNumber > partsMax) throw new BlobError(`an object has at most ${partsMax * partBytes} bytes`)
        const { ETag } = await send(new sdk.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: part }))
        Parts.push({ ETag, PartNumber })
        size += part.length
      }
      await send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
      return size
    } catch (error) {
      await send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {})
      throw error
    }
  }

  async function stat(name: string): Promise<Blob | undefined> {
    const found = await send(new sdk.HeadObjectCommand({ Bucket, Key: keyOf(name) })).catch(absent)
    return found === undefined ? undefined : { name, size: found.ContentLength ?? 0, modifiedMs: found.LastModified?.getTime() ?? 0 }
  }

  return {
    kind: 's3',
    async put(name, body) {
      const Key = keyOf(name)
      const parts = inParts(body)
      const first = (await nextOf(parts)) ?? new Uint8Array(0)
      if (first.length < partBytes) await send(new sdk.PutObjectCommand({ Bucket, Key, Body: first, ...sealing }))
      const size = first.length < partBytes ? first.length : await putParts(Key, first, parts)
      return { name, size, modifiedMs: (await stat(name))?.modifiedMs ?? 0 }
    },
    async get(name, range) {
      const whole = range === undefined
      const part = whole ? undefined : clip(range, (await stat(name))?.size ?? 0)
      if (!whole && part === undefined) return (await stat(name)) === undefined ? undefined : nothing()
      const Range = part === undefined ? {} : { Range: `bytes=${part.start}-${part.end - 1}` }
      return (await send(new sdk.GetObjectCommand({ Bucket, Key: keyOf(name), ...Range })).catch(absent))?.Body
    },
    stat,
    async delete(name) {
      await send(new sdk.DeleteObjectCommand({ Bucket, Key: keyOf(name) })).catch(absent)
    },
    async list(prefix, page) {
      const limit = limitOf(page)
      const after = page?.after === undefined ? {} : { StartAfter: options.folder + page.after }
      const answer = await send(new sdk.ListObjectsV2Command({ Bucket, Prefix: options.folder + checkPrefix(prefix), MaxKeys: limit, ...after }))
      return (answer.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
        name: Key.slice(options.folder.length),
        size: Size,
        modifiedMs: LastModified?.getTime() ?? 0,
      }))
    },
  }
}

/** The part of the SDK that is used. */
interface S3Sdk {
  readonly S3Client: new (settings: object) => { send(command: object): Promise<S3Answer> }
  readonly PutObjectCommand: Command
  readonly GetObjectCommand: Command
  readonly HeadObjectCommand: Command
  readonly DeleteObjectCommand: Command
  readonly ListObjectsV2Command: Command
  readonly CreateMultipartUploadCommand: Command
  readonly UploadPartCommand: Command
  readonly CompleteMultipartUploadCommand: Command
  readonly AbortMultipartUploadCommand: Command
}
type Command = new (input: object) => object
interface S3Answer {
  readonly UploadId?: string
  readonly ETag?: string
  readonly ContentLength?: number
  readonly LastModified?: Date
  readonly Body?: AsyncIterable<Uint8Array>
  readonly Contents?: readonly { readonly Key?: string; readonly Size?: number; readonly LastModified?: Date }[]
}

export async function loadSdk(): Promise<S3Sdk> {
  try {
    return (await import('@aws-sdk/client-s3')) as unknown as S3Sdk
  } catch (cause) {
    throw new BlobError('S3 is spoken by the package @aws-sdk/client-s3, which is not installed; add it with "npm install --no-save @aws-sdk/client-s3"', {
      cause,
    })
  }
}

interface SdkRequest {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

/** Headers that the connection sets itself, or does not know. */
const setBelow = new Set(['host', 'content-length', 'expect', 'connection'])

/** What the SDK sends with, in place of sockets of its own. */
export function handlerOn(egress: Egress) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: SdkRequest): Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Readable } }> {
      const query = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).map((one: string | null) => encodeURIComponent(name) + (one === null ? '' : `=${encodeURIComponent(one)}`)),
      )
      const address = `${request.protocol}//${request.hostname}${request.port === undefined ? '' : `:${request.port}`}${request.path}`
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !setBelow.has(name.toLowerCase())))
      const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body
      const answer = await egress.stream(query.length === 0 ? address : `${address}?${query.join('&')}`, {
        method: request.method,
        headers,
        ...(body === undefined ? {} : { body }),
        timeoutMs: silenceMs,
      })
      const given = Object.entries(answer.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]))
      return { response: { statusCode: answer.status, headers: Object.fromEntries(given), body: answer.body } }
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
  }
}

/** Parts of exactly `partBytes`; only the last is shorter. */
async function* inParts(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let part = Buffer.allocUnsafe(partBytes)
  let filled = 0
  for await (const bytes of body) {
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(partBytes - filled, bytes.length - at)
      part.set(bytes.subarray(at, at + taken), filled)
      at += taken
      filled += taken
      if (filled === partBytes) {
        yield part
        part = Buffer.allocUnsafe(partBytes)
        filled = 0
      }
    }
  }
  if (filled > 0) yield part.subarray(0, filled)
}

async function nextOf(parts: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  const next = await parts.next()
  return next.done ? undefined : next.value
}

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {}

function absent(error: Error): undefined {
  if (!(error instanceof BlobError && error.message.startsWith(missing))) throw error
}

const missing = 'there is no such object'

/** The server's own words may hold names and keys; only its code goes on. */
function told(error: Error & { $metadata?: { httpStatusCode?: number } }): never {
  if (error.name === 'NoSuchKey' || error.name === 'NotFound') throw new BlobError(missing)
  if (error.name === 'EgressError' || error instanceof BlobError) throw error
  throw new BlobError(`the object store answered ${error.$metadata?.httpStatusCode ?? 'nothing'} (${error.name})`)
}
