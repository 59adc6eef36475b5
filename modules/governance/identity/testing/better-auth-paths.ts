import { betterAuth } from 'better-auth/minimal'

/** Every path that better-auth's own handler would answer below its base, had anybody mounted it. */
export function betterAuthPaths(): string[] {
  const { api } = betterAuth({
    secret: 'of no account: nothing is signed by it',
    baseURL: 'http://localhost',
    emailAndPassword: { enabled: true },
    socialProviders: { google: { clientId: 'none', clientSecret: 'none' } },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
  return Object.values(api).flatMap((endpoint) => ('path' in endpoint && typeof endpoint.path === 'string' ? [endpoint.path] : []))
}
