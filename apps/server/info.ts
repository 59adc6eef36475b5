import type { ApiInfo } from '@gatehouse/runtime/edge/openapi'

export const version = '0.1.0'

export const apiInfo: ApiInfo = {
  version,
  description:
    'Gatehouse keeps records about people at their source and lets out only what permission, policy, consent and privacy treatment allow. Errors are problem+json (RFC 9457). Lists page with `cursor` and `next`. Writes take an `Idempotency-Key`.',
}
