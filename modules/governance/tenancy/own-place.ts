import { doors } from '@gatehouse/runtime/base/context'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'

export const ownPlace = operation({
  name: 'tenancy.own_place',
  summary: 'Tell from where the node sees you come',
  description: 'So that whoever draws a boundary sees whether they stand inside. Behind a proxy it is what the one proxy that the node trusts tells.',
  input: z.strictObject({}),
  output: z.strictObject({
    /** The door that you came by. */
    by: z.enum(doors).nullable(),
    address: z.string().nullable(),
    /** SHA-256 thumbprint (base64url) of the client certificate whose key you proved. */
    certificate: z.string().nullable(),
  }),
  access: { action: 'read', on: () => ({ type: 'tenant' }) },
  audit: { none: 'it tells callers their own address, and keeps nothing' },
  http: { method: 'GET', path: '/v1/tenant/own-place' },
  example: { input: {} },
  run: async ({ principal: { place } }) => ({ by: place?.by ?? null, address: place?.source ?? null, certificate: place?.certificate ?? null }),
})
