import { type SocketConnection, startCluster } from './cluster.ts'

/** How to reach the database; either form is a valid `pg.PoolConfig`. */
export type DatabaseConnection = SocketConnection | { readonly connectionString: string }

export interface OpenDatabaseInput {
  readonly instanceDir: string
  /** Set: that server is used and none is started. Its role must be an ordinary one, without superuser and BYPASSRLS. */
  readonly databaseUrl?: string | undefined
  /** The PATH variable, searched when the packaged binaries do not run here. */
  readonly searchPath?: string | undefined
  /** `false` only in tests: gives up durability for speed. */
  readonly durable?: boolean | undefined
  readonly log?: { info(message: string): void; error(message: string): void } | undefined
  /** One short phrase per step of a start that may take seconds. */
  readonly onProgress?: ((step: string) => void) | undefined
  /** The server ended on its own; the node should say so and end too. */
  readonly onLost?: ((reason: string) => void) | undefined
}

export interface OpenedDatabase {
  readonly kind: 'embedded' | 'found' | 'external'
  readonly connection: DatabaseConnection
  /** Absent for an external server: the node never holds more than its ordinary role there. */
  readonly superuser?: SocketConnection
  /** Ends the server we started, after a last checkpoint; close every pool first. Does nothing to an external one. */
  stop(): Promise<void>
}

/** The node's database: `DATABASE_URL`, else the packaged PostgreSQL on a private socket, else one found on the machine. */
export async function openDatabase(input: OpenDatabaseInput): Promise<OpenedDatabase> {
  if (input.databaseUrl) return { kind: 'external', connection: { connectionString: input.databaseUrl }, stop: async () => undefined }
  const cluster = await startCluster({
    ...input,
    onLost: (reason) => {
      input.log?.error(reason)
      input.onLost?.(reason)
    },
  })
  input.log?.info(`PostgreSQL (${cluster.kind}) runs as process ${cluster.pid}`)
  return { kind: cluster.kind, connection: cluster.connection, superuser: cluster.superuser, stop: cluster.stop }
}
