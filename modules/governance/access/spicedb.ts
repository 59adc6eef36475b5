/**
 * The port's driver for a SpiceDB server, over gRPC. The client is an optional install; without it the driver says how to add it.
 * Institutions share the server: each one's ids begin with its own id, so that the same id of two of them is never the same object,
 * and a check always asks about an object and a subject of one institution.
 */
import type { Id } from '@gatehouse/core/id'
import type { Context } from '@gatehouse/policy/relations/caveat'
import type { ObjectRef, Relationship, SubjectRef } from '@gatehouse/policy/relations/relationship'
import type { Authorizer, Change, Question } from './authorizer.ts'

export interface SpiceDbOptions {
  /** `host:port`. */
  readonly endpoint: string
  /** The server's preshared key. */
  readonly token: string
  /** Without TLS; for a server on this machine only. */
  readonly plain?: boolean
  /** The schema to put there. */
  readonly schema: string
}

type Client = ReturnType<typeof import('@authzed/authzed-node')['v1']['NewClient']>

/** @throws Error that says how to add the client where it is not installed */
export async function spiceDbAuthorizer({ endpoint, token, plain = false, schema }: SpiceDbOptions): Promise<Authorizer> {
  const { v1 } = await import('@authzed/authzed-node').catch((cause: unknown) => {
    throw new Error('SpiceDB needs its client: npm install --no-save @authzed/authzed-node@1.6.1', { cause })
  })
  // The key would travel in the clear.
  if (plain && !/^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(endpoint)) throw new Error('SpiceDB without TLS is used on this machine only')
  const opened: Client = v1.NewClient(token, endpoint, plain ? v1.ClientSecurity.INSECURE_PLAINTEXT_CREDENTIALS : v1.ClientSecurity.SECURE)
  const client = opened.promises
  await client.writeSchema(v1.WriteSchemaRequest.create({ schema }))

  const idOf = (tenant: Id<'tenant'>, id: string) => (id === '*' ? '*' : `${tenant}/${id}`)
  const objectOf = (tenant: Id<'tenant'>, { type, id }: ObjectRef) => v1.ObjectReference.create({ objectType: type, objectId: idOf(tenant, id) })
  const subjectOf = (tenant: Id<'tenant'>, subject: SubjectRef) =>
    v1.SubjectReference.create({ object: objectOf(tenant, subject), optionalRelation: subject.relation ?? '' })
  const structOf = (context: Context) => v1.createStructFromObject(context as never)
  const relationshipOf = (tenant: Id<'tenant'>, { object, relation, subject, caveat, expiresAtMs }: Relationship) =>
    v1.Relationship.create({
      resource: objectOf(tenant, object),
      relation,
      subject: subjectOf(tenant, subject),
      ...(caveat === undefined ? {} : { optionalCaveat: { caveatName: caveat.name, context: structOf(caveat.context) } }),
      ...(expiresAtMs === undefined ? {} : { optionalExpiresAt: { seconds: String(Math.floor(expiresAtMs / 1000)), nanos: (expiresAtMs % 1000) * 1_000_000 } }),
    })
  const consistency = (atLeast: string | undefined) =>
    v1.Consistency.create({
      requirement:
        atLeast === undefined ? { oneofKind: 'minimizeLatency', minimizeLatency: true } : { oneofKind: 'atLeastAsFresh', atLeastAsFresh: { token: atLeast } },
    })

  return {
    async check(tenant, { object, permission, subject, context, atLeast }: Question) {
      const { permissionship } = await client.checkPermission(
        v1.CheckPermissionRequest.create({
          consistency: consistency(atLeast),
          resource: objectOf(tenant, object),
          permission,
          subject: subjectOf(tenant, subject),
          ...(context === undefined ? {} : { context: structOf(context) }),
        }),
      )
      const { HAS_PERMISSION, CONDITIONAL_PERMISSION } = v1.CheckPermissionResponse_Permissionship
      return permissionship === HAS_PERMISSION ? 'yes' : permissionship === CONDITIONAL_PERMISSION ? 'unknown' : 'no'
    },
    async write(tenant, { touch = [], delete: gone = [] }: Change) {
      const update = (operation: number, relationship: Relationship) =>
        v1.RelationshipUpdate.create({ operation, relationship: relationshipOf(tenant, relationship) })
      const { TOUCH, DELETE } = v1.RelationshipUpdate_Operation
      const { writtenAt } = await client.writeRelationships(
        v1.WriteRelationshipsRequest.create({ updates: [...gone.map((one) => update(DELETE, one)), ...touch.map((one) => update(TOUCH, one))] }),
      )
      return writtenAt?.token ?? ''
    },
    async subjects(tenant, object, permission, type, atLeast) {
      const found = await client.lookupSubjects(
        v1.LookupSubjectsRequest.create({ consistency: consistency(atLeast), resource: objectOf(tenant, object), permission, subjectObjectType: type }),
      )
      const { HAS_PERMISSION } = v1.LookupPermissionship
      return found.flatMap(({ subject }) => {
        if (subject === undefined || subject.permissionship !== HAS_PERMISSION) return []
        return [subject.subjectObjectId === '*' ? '*' : subject.subjectObjectId.slice(tenant.length + 1)]
      })
    },
    close: async () => opened.close(),
  }
}
