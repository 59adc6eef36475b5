/**
 * A real server that speaks S3: MinIO where its program is found (GATEHOUSE_MINIO, or `minio` on the PATH), s3rver elsewhere.
 * Which of them answered stands in the name of the tests.
 */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../base/testing/free-port.ts'

export interface S3Server {
  readonly endpoint: string
  readonly bucket: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  stop(): Promise<void>
}

const minio = [process.env.GATEHOUSE_MINIO ?? '', ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'minio'))].find(isProgram)

export const s3Program = minio === undefined ? 's3rver, for MinIO is not installed' : 'MinIO'

export async function startS3(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-s3-'))
  const started = minio === undefined ? await startS3rver(directory) : await startMinio(minio, directory)
  return {
    ...started,
    async stop() {
      await started.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function startMinio(program: string, directory: string): Promise<S3Server> {
  const port = await freePort()
  const credentials = { accessKeyId: 'gatehouse', secretAccessKey: 'gatehouse-test-only' }
  // A folder under the data directory is a bucket.
  const child = spawn(program, ['server', '--quiet', '--address', `127.0.0.1:${port}`, directory], {
    env: { ...process.env, MINIO_ROOT_USER: credentials.accessKeyId, MINIO_ROOT_PASSWORD: credentials.secretAccessKey, MINIO_BROWSER: 'off' },
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const endpoint = `http://127.0.0.1:${port}`
  for (let attempt = 0; attempt < 150; attempt++) {
    const alive = await fetch(`${endpoint}/minio/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (alive) break
    await sleep(100)
  }
  const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3')
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  await client.send(new CreateBucketCommand({ Bucket: 'objects' }))
  client.destroy()
  return {
    endpoint,
    bucket: 'objects',
    credentials,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function startS3rver(directory: string): Promise<S3Server> {
  const { default: S3rver } = (await import('s3rver' as string)) as {
    default: new (options: object) => { run(): Promise<{ port: number }>; close(): Promise<void> }
  }
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: 'objects' }] })
  const { port } = await server.run()
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: 'objects',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    stop: () => server.close(),
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return path !== ''
  } catch {
    return false
  }
}
