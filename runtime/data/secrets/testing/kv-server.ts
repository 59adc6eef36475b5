/**
 * A server that speaks as much of the key-value engine (version 2) as the driver asks for, on a real socket: data, metadata, lists, check-and-set,
 * `max_versions`. It is the tests' own and proves the protocol as its documentation tells it, not that of any release of Vault.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const kvToken = 'a-token-of-the-tests'

interface Entry {
  max: number
  current: number
  readonly versions: Map<number, { readonly data: unknown; readonly created_time: string }>
}

interface Answer {
  readonly status: number
  readonly data?: unknown
  readonly errors?: string[]
}

const nothing: Answer = { status: 404, errors: [] }

export interface KvServer {
  readonly address: string
  readonly entries: ReadonlyMap<string, Entry>
  close(): Promise<void>
}

export async function startKv(mount = 'secret'): Promise<KvServer> {
  const entries = new Map<string, Entry>()

  function answerTo(method: string, url: URL, body: { data?: unknown; options?: { cas?: number }; max_versions?: number }): Answer {
    const [, place, path = ''] = new RegExp(`^/v1/${mount}/(data|metadata)/(.+)$`).exec(url.pathname) ?? []
    switch (`${method} ${place}${url.searchParams.get('list') === 'true' ? ' list' : ''}`) {
      case 'GET metadata list':
        return list(path)
      case 'GET metadata': {
        const entry = entries.get(path)
        return entry === undefined ? nothing : { status: 200, data: { current_version: entry.current, max_versions: entry.max } }
      }
      case 'POST metadata':
        entries.set(path, { versions: new Map(), current: 0, ...entries.get(path), max: body.max_versions ?? 0 })
        return { status: 204 }
      case 'DELETE metadata':
        entries.delete(path)
        return { status: 204 }
      case 'POST data':
        return write(path, body.data, body.options?.cas)
      case 'GET data':
        return read(path, Number(url.searchParams.get('version') ?? 0))
      default:
        return { status: 405, errors: ['unsupported operation'] }
    }
  }

  function list(path: string): Answer {
    const below = [...entries.keys()].filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1))
    const keys = [...new Set(below.map((name) => (name.includes('/') ? name.slice(0, name.indexOf('/') + 1) : name)))].sort()
    return keys.length === 0 ? nothing : { status: 200, data: { keys } }
  }

  function write(path: string, data: unknown, cas: number | undefined): Answer {
    const found = entries.get(path) ?? { versions: new Map(), current: 0, max: 0 }
    if (cas !== undefined && cas !== found.current) return { status: 400, errors: ['check-and-set parameter did not match the current version'] }
    found.current++
    // Nanoseconds, as the engine writes them.
    const created_time = new Date().toISOString().replace('Z', '123456Z')
    found.versions.set(found.current, { data, created_time })
    found.versions.delete(found.current - (found.max || 10))
    entries.set(path, found)
    return { status: 200, data: { version: found.current, created_time, deletion_time: '', destroyed: false } }
  }

  function read(path: string, wanted: number): Answer {
    const entry = entries.get(path)
    const version = wanted || (entry?.current ?? 0)
    const found = entry?.versions.get(version)
    if (found === undefined) return nothing
    return { status: 200, data: { data: found.data, metadata: { version, created_time: found.created_time, deletion_time: '', destroyed: false } } }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const known = request.headers['x-vault-token'] === kvToken
      const text = Buffer.concat(chunks).toString()
      const { status, ...body } = known
        ? answerTo(request.method ?? '', new URL(request.url ?? '/', 'http://kv'), text === '' ? {} : (JSON.parse(text) as object))
        : { status: 403, errors: ['permission denied'] }
      response.writeHead(status, { 'content-type': 'application/json' }).end(status === 204 ? '' : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    entries,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
