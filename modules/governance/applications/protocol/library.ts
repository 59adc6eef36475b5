/**
 * The parts of `oidc-provider`, past its index: that one greets every start on Node 20 with a line into whatever the node prints. What is used
 * of it is tested on Node 20 (docs/decisions/0031-applications.md).
 */
import type * as Library from 'oidc-provider'

export type Parts = Pick<typeof Library, 'Provider' | 'errors' | 'interactionPolicy'>

const part = async (path: string): Promise<unknown> => import(`oidc-provider/lib/${path}`)

/** Loaded by the first application that asks. */
export async function library(): Promise<Parts> {
  const [{ Provider }, errors, interactionPolicy] = await Promise.all([
    part('provider.js') as Promise<Pick<Parts, 'Provider'>>,
    part('helpers/errors.js') as Promise<Parts['errors']>,
    part('helpers/interaction_policy/index.js') as Promise<Parts['interactionPolicy']>,
  ])
  return { Provider, errors, interactionPolicy }
}
