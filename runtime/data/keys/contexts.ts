/** What a wrapped secret is bound to: moved to another tenant, name or version it does not open. */
export const secretContext = (tenant: string, name: string) => ['gatehouse/secret/v1', tenant, name]
export const storedSecretContext = (tenant: string, name: string, version: number) => ['gatehouse/stored-secret/v1', tenant, name, String(version)]
