import type { Account } from './account.ts'

/** The roles a cluster of ours has. Everything the node does, it does as the ordinary role, which row-level security binds. */
export const superuser = 'postgres'
export const ordinaryRole = 'gatehouse'
export const ordinaryDatabase = 'gatehouse'
export const port = 5432

export interface SettingsInput {
  readonly socketDir: string
  readonly logDir: string
  /** Finished segments of the log are copied here while the folder exists; a backup makes it. */
  readonly archiveDir: string
  /** `false` only for tests: a power cut may then lose everything. */
  readonly durable: boolean
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/**
 * `postgresql.conf`, written anew at every start so that it always is what this version of the node expects; an operator's
 * own settings stand in `local.conf` beside it and win.
 *
 * No personal value may reach the log, whatever a statement holds: errors of statements are not logged at all (`log` lies above
 * `error` in log_min_messages; the node sees them and logs their code), and DETAIL lines, which repeat rows, are left out (terse).
 */
export function postgresqlConf({ socketDir, logDir, archiveDir, durable }: SettingsInput): string {
  const settings: Record<string, string> = {
    listen_addresses: "''",
    port: String(port),
    unix_socket_directories: quoted(socketDir),
    unix_socket_permissions: '0700',
    // The databases of a whole test run are in one cluster.
    max_connections: durable ? '100' : '200',
    shared_buffers: '128MB',
    max_wal_size: '1GB',
    wal_keep_size: '512MB',
    archive_mode: 'on',
    archive_command: quoted(archiveCommand(archiveDir)),
    jit: 'off',
    timezone: "'UTC'",
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    logging_collector: 'on',
    log_directory: quoted(logDir),
    log_filename: "'postgresql-%a.log'",
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    log_line_prefix: "'%m [%p] '",
    log_timezone: "'UTC'",
    log_checkpoints: 'off',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: "'none'",
    log_min_duration_statement: '-1',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  return ['# Written at every start; put your own settings into local.conf.', ...lines, "include_if_exists = 'local.conf'", ''].join('\n')
}

/** In full or not at all; a segment that is there already is the same one, sent again after a crash. */
function archiveCommand(folder: string): string {
  return `test ! -d "${folder}" || test -f "${folder}/%f" || { cp "%p" "${folder}/%f.part" && mv "${folder}/%f.part" "${folder}/%f"; }`
}

/** Only through the socket, and only for the operating-system user the node runs as: no password exists that could leak. */
export const pgHbaConf = 'local all all peer map=node\n'

/** Maps the node's user to the two roles. The account the server runs as is not in it: owning the files gives no login. */
export function pgIdentConf(nodeUser: string): string {
  return [superuser, ordinaryRole].map((role) => `node ${JSON.stringify(nodeUser)} ${role}\n`).join('')
}

/** C.UTF-8 sorts by code point, so no upgrade of the operating system's collations can break an index; macOS has no such locale, and C sorts alike. */
export function initdbArguments(dataDir: string, durable: boolean): string[] {
  const locale = process.platform === 'darwin' ? 'C' : 'C.UTF-8'
  return ['-D', dataDir, '-U', superuser, '-A', 'peer', '-E', 'UTF8', `--locale=${locale}`, ...(durable ? [] : ['--no-sync'])]
}

/** How a child process becomes the server's account; `cwd: '/'` because the node's own folder may be closed to it. */
export function runAs(account: Account | undefined): { cwd: string; uid?: number; gid?: number; env: Record<string, string> } {
  // The node's environment may hold secrets, so the server gets none of it.
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  return account ? { cwd: '/', uid: account.uid, gid: account.gid, env } : { cwd: '/', env }
}
