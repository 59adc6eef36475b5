/**
 * The environment is read here and nowhere else, once, at the start. Every setting has a default that is safe on a laptop.
 */
import { z } from 'zod'

const flag = z.enum(['true', 'false', '1', '0', '']).transform((text) => text === 'true' || text === '1')
const port = z.coerce.number().int().min(0).max(65535)
const gatewayAddress = z.url({ protocol: /^https$/, error: 'an address such as https://sms.example.org/messages is expected' })
const webAddress = z.url({ protocol: /^https?$/, error: 'an address such as https://example.org is expected' })

export const roles = ['api', 'exchange', 'worker', 'coordinator'] as const
export type Role = (typeof roles)[number]
/** What a process plays where nobody says otherwise: a coordinator is switched on. */
const ordinaryRoles: readonly Role[] = ['api', 'exchange', 'worker']

/** Nothing that is fetched, and nothing that depends on where the node was started. */
const pluginName = /^(\/|(@[a-z0-9-][a-z0-9._-]*\/)?[a-z0-9-][a-z0-9._-]*(\/[A-Za-z0-9._-]+)*$)/

const environmentSchema = z.object({
  PATH: z.string().optional(),
  DATABASE_URL: z.string().min(1).optional(),
  GATEHOUSE_HOME: z.string().min(1).optional(),
  GATEHOUSE_HEADS: z.string().min(1).optional(),
  GATEHOUSE_SECRETS: z.string().optional(),
  GATEHOUSE_PUBLISH_NODE_LOG: flag.default(false),
  GATEHOUSE_DATASPACE: flag.default(false),
  GATEHOUSE_RELEASE_KEYS: z
    .string()
    .default('')
    .transform(listOf)
    .refine((keys) => keys.every((key) => /^[A-Za-z0-9_-]{43}$/.test(key)), 'Ed25519 public keys in base64url, with commas between'),
  GATEHOUSE_O1JS: z.string().min(1).optional(),
  GATEHOUSE_SOURCE_PLUGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((name) => name.trim() || []))
    .refine((names) => names.every((name) => pluginName.test(name)), 'whole paths of modules, or names of packages, with commas between'),
  GATEHOUSE_HOST: z.string().default('127.0.0.1'),
  GATEHOUSE_PORT: port.default(5000),
  GATEHOUSE_EXCHANGE_HOST: z.string().default('127.0.0.1'),
  GATEHOUSE_EXCHANGE_PORT: port.default(9999),
  GATEHOUSE_PUBLIC_HOST: z.string().optional(),
  GATEHOUSE_ORIGIN: webAddress.optional(),
  GATEHOUSE_ROLES: z.string().default(ordinaryRoles.join(',')),
  GATEHOUSE_TLS_CERT: z.string().optional(),
  GATEHOUSE_TLS_KEY: z.string().optional(),
  GATEHOUSE_TRUSTED_PROXY: z.string().optional(),
  GATEHOUSE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  GATEHOUSE_RATE_LIMITS: flag.default(true),
  GATEHOUSE_SECOND_FACTOR: z.enum(['staff', 'everybody', 'nobody']).default('staff'),
  GATEHOUSE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(20),
  GATEHOUSE_KEY_STORE: z.string().default('file'),
  GATEHOUSE_PKCS11_PIN: z.string().optional(),
  GATEHOUSE_VAULT_TOKEN: z.string().optional(),
  GATEHOUSE_EPOCH_COPIES: z.string().default(''),
  GATEHOUSE_EPOCH_DAYS: z.coerce.number().int().min(1).max(90).default(7),
  GATEHOUSE_BACKUP_DAYS: z.coerce.number().int().min(2).max(3650).default(28),
  GATEHOUSE_BACKUPS: z.string().startsWith('/', 'the whole path of a folder is expected, such as /mnt/backups').optional(),
  GATEHOUSE_BACKUP_HOURS: z.coerce.number().int().min(1).max(168).default(24),
  GATEHOUSE_BACKUP_KEEP: z.coerce.number().int().min(1).max(1000).default(7),
  GATEHOUSE_EGRESS_ALLOW: z.string().default(''),
  HTTPS_PROXY: webAddress.optional(),
  NO_PROXY: z.string().optional(),
  GATEHOUSE_EXTRA_CA: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: webAddress.optional(),
  GATEHOUSE_BLOBS: z.string().optional(),
  GATEHOUSE_CLAMD: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_REGION: z.string().optional(),
  GATEHOUSE_SMTP_HOST: z.string().optional(),
  GATEHOUSE_SMTP_PORT: port.optional(),
  GATEHOUSE_SMTP_TLS: z.enum(['implicit', 'starttls']).default('implicit'),
  GATEHOUSE_SMTP_USER: z.string().optional(),
  GATEHOUSE_SMTP_PASSWORD: z.string().optional(),
  GATEHOUSE_SMTP_FROM: z.email('an address such as gatehouse@example.org is expected').optional(),
  GATEHOUSE_SMS_URL: gatewayAddress.optional(),
  GATEHOUSE_SMS_KEY: z.string().optional(),
  GATEHOUSE_SMS_PER_HOUR: z.coerce.number().int().min(1).max(100_000).default(100),
})

export interface Config {
  /** Where programs of the machine are looked for. */
  readonly searchPath: string | undefined
  readonly databaseUrl: string | undefined
  readonly home: string | undefined
  /** Where the newest heads are kept, out of the database's reach: a folder, `postgres://…` or a bucket; a folder of the instance where absent. */
  readonly heads: string | (BlobsConfig & { readonly kind: 's3' }) | undefined
  /** Where secrets of other systems are kept, where not in the node's own database. */
  readonly secretStore: { readonly address: string; readonly mount: string; readonly folder: string; readonly token: string } | undefined
  /** Whether everybody may read the log over the heads of all institutions. */
  readonly publishNodeLog: boolean
  /** Whether connectors of a dataspace may talk to the node. */
  readonly dataspace: boolean
  /** Whose signatures on releases count: Ed25519 public keys in base64url. */
  readonly releaseKeys: readonly string[]
  /** The folder in which o1js was installed; where absent, it is looked for beside the node. */
  readonly o1jsFolder: string | undefined
  /** Modules that bring kinds of sources: whole paths, or names of packages. */
  readonly sourcePlugins: readonly string[]
  readonly host: string
  readonly port: number
  readonly exchangeHost: string
  readonly exchangePort: number
  /** The name partners reach the exchange by; the listening address where none is given. */
  readonly publicHost: string
  /** The origin people and partners see, where a proxy stands in front. */
  readonly publicOrigin: string | undefined
  readonly roles: readonly Role[]
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined
  /** The one address whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxy: string | undefined
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly rateLimits: boolean
  /** Whose sign-in needs a second factor in a new institution; afterwards its own setting counts. */
  readonly secondFactor: 'staff' | 'everybody' | 'nobody'
  readonly poolSize: number
  readonly egress: {
    readonly allow: readonly string[]
    readonly httpsProxy: string | undefined
    readonly noProxy: string | undefined
    readonly extraCaFile: string | undefined
  }
  readonly keyStore: KeyStoreConfig
  /** Folders in other places that hold the epoch keys too. */
  readonly epochCopies: readonly string[]
  /** How long an epoch lasts, and how long after its beginning its key is destroyed: a backup opens until then and never after. */
  readonly epochDays: number
  readonly backupDays: number
  /** Where backups are made by the node itself, how often, and how many whole ones are kept. */
  readonly schedule: { readonly folder: string; readonly everyHours: number; readonly keep: number } | undefined
  readonly otlpEndpoint: string | undefined
  /** Where documents and backups lie. */
  readonly blobs: BlobsConfig
  /** ClamAV's daemon on this machine; without it files are kept unscanned. */
  readonly clamd: ClamdPlace | undefined
  /** The mail server; without it letters are kept on this machine and none is sent. */
  readonly smtp: SmtpConfig | undefined
  /** The gateway for text messages; without it none is sent. */
  readonly sms: SmsConfig | undefined
}

export type ClamdPlace = { readonly path: string } | { readonly host: '127.0.0.1' | '::1'; readonly port: number }

export type BlobsConfig =
  | { readonly kind: 'disk' /** The instance's own folder where none is named. */; readonly directory: string | undefined }
  | {
      readonly kind: 's3'
      readonly bucket: string
      readonly folder: string
      readonly region: string
      readonly endpoint: string | undefined
      readonly pathStyle: boolean
      readonly kmsKey: string | undefined
      readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    }

/** Where the root key lies. */
export type KeyStoreConfig =
  | { readonly kind: 'file' }
  | { readonly kind: 'pkcs11'; readonly library: string; readonly token: string; readonly key: string; readonly pin: string }
  | { readonly kind: 'transit'; readonly address: string; readonly mount: string; readonly key: string; readonly token: string }

export interface SmtpConfig {
  readonly host: string
  readonly port: number
  /** `implicit`: TLS from the first byte; `starttls`: a plain greeting, then TLS or nothing. */
  readonly tls: 'implicit' | 'starttls'
  readonly login: { readonly user: string; readonly password: string } | undefined
  readonly from: string
}

export interface SmsConfig {
  readonly url: string
  /** The bearer key that the gateway asks for. */
  readonly key: string
  readonly perHour: number
}

/** A setting that cannot be read, named with its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** @throws ConfigError naming the variable that is wrong and what it takes */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  // An empty variable is one that is not set: `GATEHOUSE_PORT=` in a file of settings must not become port 0.
  const given = Object.fromEntries(Object.entries(environment).filter(([, text]) => text?.trim() !== ''))
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const env = parsed.data
  const smtp = smtpOf(env)
  const blobs = bucketOr('GATEHOUSE_BLOBS', env)
  const heads = bucketOr('GATEHOUSE_HEADS', env)
  const wanted = env.GATEHOUSE_ROLES.split(',').map((role) => role.trim())
  const unknown = wanted.filter((role) => !(roles as readonly string[]).includes(role))
  if (unknown.length > 0) throw new ConfigError(`GATEHOUSE_ROLES: no such role ${unknown.join(', ')}; choose from ${roles.join(', ')}`)
  if ((env.GATEHOUSE_TLS_CERT === undefined) !== (env.GATEHOUSE_TLS_KEY === undefined)) {
    throw new ConfigError('GATEHOUSE_TLS_CERT and GATEHOUSE_TLS_KEY go together: give both files or neither')
  }
  if (env.GATEHOUSE_BACKUP_DAYS <= env.GATEHOUSE_EPOCH_DAYS)
    throw new ConfigError('GATEHOUSE_BACKUP_DAYS: backups must live longer than an epoch lasts (GATEHOUSE_EPOCH_DAYS)')
  return {
    searchPath: env.PATH,
    databaseUrl: env.DATABASE_URL,
    home: env.GATEHOUSE_HOME,
    heads: heads.kind === 's3' ? heads : env.GATEHOUSE_HEADS,
    secretStore: secretStoreOf(env.GATEHOUSE_SECRETS, env.GATEHOUSE_VAULT_TOKEN),
    publishNodeLog: env.GATEHOUSE_PUBLISH_NODE_LOG,
    dataspace: env.GATEHOUSE_DATASPACE,
    releaseKeys: env.GATEHOUSE_RELEASE_KEYS,
    o1jsFolder: env.GATEHOUSE_O1JS,
    sourcePlugins: env.GATEHOUSE_SOURCE_PLUGINS,
    host: env.GATEHOUSE_HOST,
    port: env.GATEHOUSE_PORT,
    exchangeHost: env.GATEHOUSE_EXCHANGE_HOST,
    exchangePort: env.GATEHOUSE_EXCHANGE_PORT,
    publicOrigin: env.GATEHOUSE_ORIGIN === undefined ? undefined : new URL(env.GATEHOUSE_ORIGIN).origin,
    publicHost: env.GATEHOUSE_PUBLIC_HOST ?? env.GATEHOUSE_EXCHANGE_HOST,
    roles: wanted as Role[],
    tls: env.GATEHOUSE_TLS_CERT && env.GATEHOUSE_TLS_KEY ? { certFile: env.GATEHOUSE_TLS_CERT, keyFile: env.GATEHOUSE_TLS_KEY } : undefined,
    trustedProxy: env.GATEHOUSE_TRUSTED_PROXY,
    logLevel: env.GATEHOUSE_LOG_LEVEL,
    rateLimits: env.GATEHOUSE_RATE_LIMITS,
    secondFactor: env.GATEHOUSE_SECOND_FACTOR,
    poolSize: env.GATEHOUSE_POOL_SIZE,
    egress: {
      allow: listOf(env.GATEHOUSE_EGRESS_ALLOW),
      httpsProxy: env.HTTPS_PROXY,
      noProxy: env.NO_PROXY,
      extraCaFile: env.GATEHOUSE_EXTRA_CA,
    },
    keyStore: keyStoreOf(env.GATEHOUSE_KEY_STORE, env),
    epochCopies: listOf(env.GATEHOUSE_EPOCH_COPIES),
    epochDays: env.GATEHOUSE_EPOCH_DAYS,
    backupDays: env.GATEHOUSE_BACKUP_DAYS,
    schedule: scheduleOf(env),
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    blobs,
    clamd: clamdOf(env.GATEHOUSE_CLAMD),
    smtp,
    sms: smsOf(env),
  }
}

/** @throws ConfigError where the node did not start the server and so cannot copy its files */
function scheduleOf(env: z.output<typeof environmentSchema>): Config['schedule'] {
  if (env.GATEHOUSE_BACKUPS === undefined) return undefined
  if (env.DATABASE_URL !== undefined) {
    throw new ConfigError('GATEHOUSE_BACKUPS: this node uses a database server of yours (DATABASE_URL); back it up with its own tools, such as pg_basebackup')
  }
  return { folder: env.GATEHOUSE_BACKUPS, everyHours: env.GATEHOUSE_BACKUP_HOURS, keep: env.GATEHOUSE_BACKUP_KEEP }
}

/** A socket of this machine. clamd speaks in the clear, so no other machine is named. */
function clamdOf(text: string | undefined): ClamdPlace | undefined {
  if (text === undefined) return undefined
  if (text.startsWith('/')) return { path: text }
  const [, host, number] = /^(127\.0\.0\.1|\[::1\]):(\d{1,5})$/.exec(text) ?? []
  const found = port.safeParse(number)
  if (host === undefined || !found.success)
    throw new ConfigError('GATEHOUSE_CLAMD: the path of a socket, or 127.0.0.1:3310, is expected; clamd runs on this machine')
  return { host: host === '[::1]' ? '::1' : '127.0.0.1', port: found.data }
}

const s3Parameters = ['endpoint', 'region', 'path_style', 'kms_key']

/** A folder, or `s3://bucket/folder?endpoint=…&region=…&path_style=true&kms_key=…`. */
function bucketOr(name: 'GATEHOUSE_BLOBS' | 'GATEHOUSE_HEADS', env: z.output<typeof environmentSchema>): BlobsConfig {
  const text = env[name]
  if (text === undefined || !text.includes('://') || (name === 'GATEHOUSE_HEADS' && /^postgres(?:ql)?:/.test(text))) return { kind: 'disk', directory: text }
  const wrong = (why: string) => new ConfigError(`${name}: ${why}`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 's3:' || url.hostname === '') throw wrong('a folder, or s3://bucket/folder, is expected')
  if (url.username !== '' || url.password !== '') throw wrong('credentials belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  const unknown = [...url.searchParams.keys()].filter((name) => !s3Parameters.includes(name))
  if (unknown.length > 0) throw wrong(`no such parameter ${unknown.join(', ')}; choose from ${s3Parameters.join(', ')}`)
  const endpoint = url.searchParams.get('endpoint') ?? undefined
  if (endpoint !== undefined && !webAddress.safeParse(endpoint).success) throw wrong('the endpoint is an address such as https://s3.example.org')
  const region = url.searchParams.get('region') ?? env.AWS_REGION
  if (region === undefined && endpoint === undefined) throw wrong('a region is needed: add ?region=… or set AWS_REGION')
  if (env.AWS_ACCESS_KEY_ID === undefined || env.AWS_SECRET_ACCESS_KEY === undefined)
    throw wrong('S3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; no other source of credentials is asked')
  const folder = url.pathname.replace(/^\/+|\/+$/g, '')
  return {
    kind: 's3',
    bucket: url.hostname,
    folder: folder === '' ? '' : `${folder}/`,
    region: region ?? 'us-east-1',
    endpoint,
    pathStyle: url.searchParams.get('path_style') === 'true',
    kmsKey: url.searchParams.get('kms_key') ?? undefined,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      ...(env.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: env.AWS_SESSION_TOKEN }),
    },
  }
}

/**
 * `file`, `pkcs11:/path/to/library.so?token=…&key=…` or `vault:https://host:8200/mount/key`; PIN and token come from the environment.
 * @throws ConfigError naming what is missing
 */
function keyStoreOf(
  text: string,
  env: { readonly GATEHOUSE_PKCS11_PIN?: string | undefined; readonly GATEHOUSE_VAULT_TOKEN?: string | undefined },
): KeyStoreConfig {
  if (text === 'file') return { kind: 'file' }
  const wrong = (why: string) => new ConfigError(`GATEHOUSE_KEY_STORE: ${why}`)
  const [, library = '', query = ''] = /^pkcs11:(\/[^?]+)\?(.+)$/.exec(text) ?? []
  if (library !== '') {
    const named = new URLSearchParams(query)
    const [token, key] = [named.get('token'), named.get('key')]
    if (!token || !key) throw wrong('a hardware module needs token=… and key=…')
    if (env.GATEHOUSE_PKCS11_PIN === undefined) throw wrong('a hardware module needs its PIN in GATEHOUSE_PKCS11_PIN')
    return { kind: 'pkcs11', library, token, key, pin: env.GATEHOUSE_PKCS11_PIN }
  }
  const [, address, mount, key] = /^vault:(https?:\/\/[^/]+)\/([a-z0-9_/-]+)\/([a-z0-9_-]+)$/i.exec(text) ?? []
  if (address === undefined || mount === undefined || key === undefined)
    throw wrong('file, pkcs11:/path/to/library.so?token=…&key=… or vault:https://host:8200/transit/key is expected')
  if (env.GATEHOUSE_VAULT_TOKEN === undefined) throw wrong('a key service needs its token in GATEHOUSE_VAULT_TOKEN')
  return { kind: 'transit', address, mount, key, token: env.GATEHOUSE_VAULT_TOKEN }
}

/** `table`, or `vault:https://host:8200/mount/folder`; the token comes from the environment. */
function secretStoreOf(text: string | undefined, token: string | undefined): Config['secretStore'] {
  if (text === undefined || text === 'table') return undefined
  const wrong = (why: string) => new ConfigError(`GATEHOUSE_SECRETS: ${why}`)
  const [, address, mount, folder] = /^vault:(https?:\/\/[^/]+)\/([a-z0-9_-]+)\/([a-z0-9_/-]*[a-z0-9_-])$/i.exec(text) ?? []
  if (address === undefined || mount === undefined || folder === undefined) throw wrong('table, or vault:https://host:8200/secret/gatehouse is expected')
  if (token === undefined) throw wrong('a store of secrets needs its token in GATEHOUSE_VAULT_TOKEN')
  return { address, mount, folder, token }
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function smtpOf(env: z.output<typeof environmentSchema>): SmtpConfig | undefined {
  if (env.GATEHOUSE_SMTP_HOST === undefined) return undefined
  if (env.GATEHOUSE_SMTP_FROM === undefined) throw new ConfigError('GATEHOUSE_SMTP_FROM: a mail server needs the address that letters come from')
  if ((env.GATEHOUSE_SMTP_USER === undefined) !== (env.GATEHOUSE_SMTP_PASSWORD === undefined)) {
    throw new ConfigError('GATEHOUSE_SMTP_USER and GATEHOUSE_SMTP_PASSWORD go together: give both or neither')
  }
  const tls = env.GATEHOUSE_SMTP_TLS
  return {
    host: env.GATEHOUSE_SMTP_HOST,
    port: env.GATEHOUSE_SMTP_PORT ?? (tls === 'implicit' ? 465 : 587),
    tls,
    login:
      env.GATEHOUSE_SMTP_USER === undefined || env.GATEHOUSE_SMTP_PASSWORD === undefined
        ? undefined
        : { user: env.GATEHOUSE_SMTP_USER, password: env.GATEHOUSE_SMTP_PASSWORD },
    from: env.GATEHOUSE_SMTP_FROM,
  }
}

function smsOf(env: z.output<typeof environmentSchema>): SmsConfig | undefined {
  if ((env.GATEHOUSE_SMS_URL === undefined) !== (env.GATEHOUSE_SMS_KEY === undefined)) {
    throw new ConfigError('GATEHOUSE_SMS_URL and GATEHOUSE_SMS_KEY go together: give both or neither')
  }
  if (env.GATEHOUSE_SMS_URL === undefined || env.GATEHOUSE_SMS_KEY === undefined) return undefined
  return { url: env.GATEHOUSE_SMS_URL, key: env.GATEHOUSE_SMS_KEY, perHour: env.GATEHOUSE_SMS_PER_HOUR }
}
