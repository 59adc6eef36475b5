/** What the commonest providers call their issuer; the hints beside it are in the catalogue. */
export const kinds = ['okta', 'entra', 'auth0', 'keycloak', 'other'] as const
export type Kind = (typeof kinds)[number]

export const issuerOf: Readonly<Record<Kind, string>> = {
  okta: 'https://YOURS.okta.com',
  entra: 'https://login.microsoftonline.com/TENANT-ID/v2.0',
  auth0: 'https://YOURS.eu.auth0.com/',
  keycloak: 'https://keycloak.example.org/realms/REALM',
  other: 'https://login.example.org',
}

/** The claim in which each names groups, where it is told to. */
export const groupsClaimOf: Readonly<Record<Kind, string>> = {
  okta: 'groups',
  entra: 'groups',
  auth0: 'https://gatehouse/groups',
  keycloak: 'groups',
  other: 'groups',
}
