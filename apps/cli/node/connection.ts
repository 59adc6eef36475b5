/** A node that answers, with the credential of this machine or with another one. */
import { createClient, type GatehouseClient, GatehouseError } from '@gatehouse/sdk/client'
import { type Credential, homeOf, ownCertificate, readCredential } from './home.ts'
import { type Transport, transportOf } from './transport.ts'

export interface Connection {
  readonly home: string
  readonly credential: Credential
  readonly client: GatehouseClient
  readonly transport: Transport
  /** The same node in the name of somebody else. */
  as(key: string): GatehouseClient
}

/** @throws Error saying how to start a node, where none answers */
export async function connect(explicitHome: string | undefined): Promise<Connection> {
  const home = await homeOf(explicitHome)
  const found = await findNode(home)
  if (found === undefined) throw new Error(`No node answers for ${home}. Start it with "npm start", or name its folder with --home or GATEHOUSE_HOME.`)
  return found
}

/** The running node of that home, or `undefined`. */
export async function findNode(home: string): Promise<Connection | undefined> {
  const credential = await readCredential(home)
  if (credential === undefined) return undefined
  const transport = transportOf(credential.origin.startsWith('https:') ? await ownCertificate(home) : undefined)
  if (!(await isReady(credential.origin, transport))) return undefined
  const as = (key: string) => createClient({ origin: credential.origin, key, fetch: transport })
  return { home, credential, transport, client: as(credential.key), as }
}

async function isReady(origin: string, transport: Transport): Promise<boolean> {
  const answer = await transport(new Request(`${origin}/ready`, { signal: AbortSignal.timeout(5_000) })).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.ok === true
}

/** The problem of a call that was meant to be refused. */
export function refusalOf(result: { error?: unknown; response: Response }): { status: number; type: string; reasons: readonly string[]; document: unknown } {
  const problem = (result.error ?? {}) as { type?: string; reasons?: { code: string }[] }
  return { status: result.response.status, type: problem.type ?? '', reasons: (problem.reasons ?? []).map(({ code }) => code), document: result.error }
}

/** Runs the act again while the node says that it is only a matter of time. */
export async function patiently<T>(problemType: string, act: () => Promise<T>, attempts = 40): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof GatehouseError && error.problem.type === problemType) || attempt === attempts) throw error
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}
