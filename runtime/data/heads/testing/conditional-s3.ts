/**
 * A server that speaks as much of S3 as the heads ask for, conditional writes among it, on a real socket. It is the tests' own, because s3rver knows no
 * conditions; it proves the protocol as it is documented, not any vendor's. `keeping` makes it forget conditions, as older servers do.
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ConditionalS3 {
  readonly endpoint: string
  keeping: boolean
  /** So many writes from now on are carried out and answered as failed. */
  losing: number
  close(): Promise<void>
}

export async function startConditionalS3(bucket: string): Promise<ConditionalS3> {
  const objects = new Map<string, { readonly bytes: Buffer; readonly tag: string }>()
  const state = { keeping: true, losing: 0 }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://s3')
      const key = decodeURIComponent(url.pathname.slice(bucket.length + 2))
      const found = objects.get(key)
      const refuse = (status: number, code: string) =>
        response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`)
      if (request.method === 'GET' && key === '') {
        const [prefix, after, max] = ['prefix', 'start-after', 'max-keys'].map((name) => url.searchParams.get(name) ?? '')
        const keys = [...objects.keys()]
          .filter((name) => name.startsWith(prefix ?? '') && name > (after ?? ''))
          .sort()
          .slice(0, Number(max))
        const contents = keys.map((name) => `<Contents><Key>${name}</Key></Contents>`).join('')
        return response.writeHead(200, { 'content-type': 'application/xml' }).end(`<ListBucketResult>${contents}</ListBucketResult>`)
      }
      if (request.method === 'GET') return found === undefined ? refuse(404, 'NoSuchKey') : response.writeHead(200, { etag: found.tag }).end(found.bytes)
      if (request.method !== 'PUT') return refuse(405, 'MethodNotAllowed')
      const { 'if-match': match, 'if-none-match': none } = request.headers
      if (state.keeping && ((none === '*' && found !== undefined) || (match !== undefined && match !== found?.tag))) return refuse(412, 'PreconditionFailed')
      const bytes = plain(Buffer.concat(chunks), request.headers['content-encoding'])
      const tag = `"${createHash('md5').update(bytes).digest('hex')}"`
      objects.set(key, { bytes, tag })
      if (state.losing > 0) {
        state.losing--
        return refuse(503, 'SlowDown')
      }
      return response.writeHead(200, { etag: tag }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(state, {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

/** Clients that add a checksum behind the body send it in chunks: length in hexadecimal, CRLF, bytes, CRLF. */
function plain(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding !== 'aws-chunked') return body
  const parts: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.subarray(at, end).toString('latin1'), 16)
    if (!(size > 0)) break
    parts.push(body.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
  return Buffer.concat(parts)
}
