import { oidc } from './oidc/protocol.ts'
import type { Protocol } from './protocol.ts'
import { saml } from './saml/protocol.ts'
import type { ProviderRow } from './store.ts'

export const protocolOf = (provider: ProviderRow): Protocol => (provider.saml === null ? oidc : saml)
