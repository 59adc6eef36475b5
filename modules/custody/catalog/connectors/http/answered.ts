import { EgressError, type EgressFault } from '@gatehouse/runtime/data/egress'
import { ConnectorError, type ConnectorFault } from '../connector.ts'

const faults = { not_allowed: 'unreachable', unreachable: 'unreachable', slow: 'slow', too_large: 'too_large' } as const satisfies Record<
  EgressFault,
  ConnectorFault
>

/** What the way out complains of, in a connector's words. An address that the operator did not list is one that is not reached. */
export async function answered<T>(host: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    const { message: detail, said } = error
    throw new ConnectorError(faults[error.fault], detail.includes(host) ? { detail, said } : `${host}: ${detail}`, error)
  }
}
