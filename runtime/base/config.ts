/**
 * The environment is read here and nowhere else, once, at the start. Every setting has a default that is safe on a laptop.
 */
import { z } from 'zod'

const flag = z.enum(['true', 'false', '1', '0', '']).transform((text) => text === 'true' || text === '1')
const port = z.coerce.number().int().min(0).max(65535)
const webAddress = z.url({ protocol: /^https?$/, error: 'an address such as https://example.org is expected' })

export const roles = ['api', 'exchange', 'worker'] as const
export type Role = (typeof roles)[number]

const environmentSchema = z.object({
  PATH: z.string().optional(),
  DATABASE_URL: z.string().min(1).optional(),
  GATEHOUSE_HOME: z.string().min(1).optional(),
  GATEHOUSE_HEADS: z.string().min(1).optional(),
  GATEHOUSE_HOST: z.string().default('127.0.0.1'),
  GATEHOUSE_PORT: port.default(5000),
  GATEHOUSE_EXCHANGE_HOST: z.string().default('127.0.0.1'),
  GATEHOUSE_EXCHANGE_PORT: port.default(9999),
  GATEHOUSE_PUBLIC_HOST: z.string().optional(),
  GATEHOUSE_ORIGIN: webAddress.optional(),
  GATEHOUSE_ROLES: z.string().default(roles.join(',')),
  GATEHOUSE_TLS_CERT: z.string().optional(),
  GATEHOUSE_TLS_KEY: z.string().optional(),
  GATEHOUSE_TRUSTED_PROXY: z.string().optional(),
  GATEHOUSE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  GATEHOUSE_RATE_LIMITS: flag.default(true),
  GATEHOUSE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(20),
  GATEHOUSE_EGRESS_ALLOW: z.string().default(''),
  HTTPS_PROXY: webAddress.optional(),
  NO_PROXY: z.string().optional(),
  GATEHOUSE_EXTRA_CA: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: webAddress.optional(),
  GATEHOUSE_SMTP_HOST: z.string().optional(),
  GATEHOUSE_SMTP_PORT: port.optional(),
  GATEHOUSE_SMTP_TLS: z.enum(['implicit', 'starttls']).default('implicit'),
  GATEHOUSE_SMTP_USER: z.string().optional(),
  GATEHOUSE_SMTP_PASSWORD: z.string().optional(),
  GATEHOUSE_SMTP_FROM: z.email('an address such as gatehouse@example.org is expected').optional(),
})

export interface Config {
  /** Where programs of the machine are looked for. */
  readonly searchPath: string | undefined
  readonly databaseUrl: string | undefined
  readonly home: string | undefined
  /** Where the newest heads are kept, out of the database's reach: a folder or `postgres://…`; a folder of the instance where absent. */
  readonly heads: string | undefined
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
  readonly poolSize: number
  readonly egress: {
    readonly allow: readonly string[]
    readonly httpsProxy: string | undefined
    readonly noProxy: string | undefined
    readonly extraCaFile: string | undefined
  }
  readonly otlpEndpoint: string | undefined
  /** The mail server; without it letters are kept on this machine and none is sent. */
  readonly smtp: SmtpConfig | undefined
}

export interface SmtpConfig {
  readonly host: string
  readonly port: number
  /** `implicit`: TLS from the first byte; `starttls`: a plain greeting, then TLS or nothing. */
  readonly tls: 'implicit' | 'starttls'
  readonly login: { readonly user: string; readonly password: string } | undefined
  readonly from: string
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
  const wanted = env.GATEHOUSE_ROLES.split(',').map((role) => role.trim())
  const unknown = wanted.filter((role) => !(roles as readonly string[]).includes(role))
  if (unknown.length > 0) throw new ConfigError(`GATEHOUSE_ROLES: no such role ${unknown.join(', ')}; choose from ${roles.join(', ')}`)
  if ((env.GATEHOUSE_TLS_CERT === undefined) !== (env.GATEHOUSE_TLS_KEY === undefined)) {
    throw new ConfigError('GATEHOUSE_TLS_CERT and GATEHOUSE_TLS_KEY go together: give both files or neither')
  }
  return {
    searchPath: env.PATH,
    databaseUrl: env.DATABASE_URL,
    home: env.GATEHOUSE_HOME,
    heads: env.GATEHOUSE_HEADS,
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
    poolSize: env.GATEHOUSE_POOL_SIZE,
    egress: {
      allow: env.GATEHOUSE_EGRESS_ALLOW.split(',')
        .map((host) => host.trim())
        .filter((host) => host !== ''),
      httpsProxy: env.HTTPS_PROXY,
      noProxy: env.NO_PROXY,
      extraCaFile: env.GATEHOUSE_EXTRA_CA,
    },
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    smtp,
  }
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
