/** Where a server is that speaks a protocol of its own, as settings. Pure. */
import { z } from 'zod'

export const hostSchema = z
  .string()
  .min(1)
  .max(253)
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$/,
    'a host name or an address',
  )
  .transform((host) => host.toLowerCase())

export const portSchema = z.int().min(1).max(65_535)
export const loginSchema = z.strictObject({ user: z.string().min(1).max(200), password: z.string().min(1).max(1_000) })

/** @param host as a setting or as a URL writes it, where an IPv6 address stands in brackets */
export const isThisMachine = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1|\[::1\])$/.test(host)

/** Without TLS a password would be read on the way, so it is only left out towards this machine. */
export const isPrivateInTransit = ({ host, tls }: { readonly host: string; readonly tls: boolean }) => tls || isThisMachine(host)
export const tlsRule = { path: ['tls'], error: 'only a server of this machine is reached without TLS' }

/** One database of a server that knows many. */
export const databaseSettings = (port: number, nameLengthMax: number) =>
  z
    .strictObject({
      host: hostSchema,
      port: portSchema.default(port),
      tls: z.boolean().default(true),
      database: z.string().min(1).max(nameLengthMax),
    })
    .refine(isPrivateInTransit, tlsRule)
export type DatabasePlace = z.output<ReturnType<typeof databaseSettings>>
