import { defineProblems } from '@gatehouse/core/problem'

export const partnersProblems = defineProblems('partners', {
  reference_taken: { status: 409, title: 'Another partner has this reference', mend: 'Choose another reference, or use the partner that has it.' },
  status_refused: {
    status: 409,
    title: 'The partner cannot change to this status',
    mend: 'An active partner can be suspended or sanctioned; a suspended, expired or sanctioned one activated again; each retired. A retired partner stays retired.',
  },
  expiry_refused: {
    status: 422,
    title: 'The date on which the standing ends has passed',
    mend: 'Name a moment that lies ahead, or null for none. A partner that has expired is activated with a later date.',
  },
  key_refused: {
    status: 400,
    title: 'This key cannot identify a receiver',
    mend: 'Send one PEM certificate that is not expired, or a public JWK: EC P-256, Ed25519, or RSA of at least 2048 bits.',
  },
  private_key_sent: {
    status: 400,
    title: 'This contains a private key',
    mend: 'Nothing was kept. Treat the key as disclosed, make a new one, and send only its public half.',
  },
  key_taken: {
    status: 409,
    title: 'This key is registered already',
    mend: 'Each key names one receiver. Make a new key pair, or remove the other entry first.',
  },
  keys_full: { status: 409, title: 'The partner has as many keys as it may have', mend: 'Remove a key that is no longer used.' },
})
