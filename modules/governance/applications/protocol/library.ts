/**
 * The parts of `oidc-provider`, past its index: that one greets every start on Node 20 with a line into whatever the node prints. What is used
 * of it is tested on Node 20 (docs/decisions/0031-applications.md).
 */
import type * as Library from 'oidc-provider'

const part = async (path: string): Promise<unknown> => import(`oidc-provider/lib/${path}`)

export const { Provider } = (await part('provider.js')) as Pick<typeof Library, 'Provider'>
export const errors = (await part('helpers/errors.js')) as typeof Library.errors
export const interactionPolicy = (await part('helpers/interaction_policy/index.js')) as typeof Library.interactionPolicy
