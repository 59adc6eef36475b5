import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { federationEraser } from './erase.ts'
import { nameNode, readIdentity, rotateIdentity } from './identity/identity.ts'
import { mailboxLoop } from './mailboxes/loop.ts'
import { visitMailboxes } from './mailboxes/visit.ts'
import { meshMap } from './map.ts'
import { expireMessages, expireQueue } from './messages/expire.ts'
import { handle, handleQueue } from './messages/handle.ts'
import { listMessages } from './messages/list.ts'
import { receiptMessages } from './messages/receipt.ts'
import { cardRotate } from './peers/card-rotate.ts'
import { approvePeer, peersOfNode, revokePeer, suspendPeer } from './peers/life.ts'
import { proposePeer } from './peers/propose.ts'
import { problems } from './problems.ts'
import { personPropose, projectInvite, projectJoined } from './projects/kinds.ts'
import { approvePerson, proposePerson, revokePerson } from './projects/persons.ts'
import { invitePeers, joinProject, leaveProject, meshProjects } from './projects/projects.ts'
import { forgetProvider, nameProvider, readProvider } from './provider/provider.ts'
import { meshUpdates } from './updates.ts'

export const federationModule = defineModule({
  name: 'federation',
  operations: [
    readIdentity,
    nameNode,
    rotateIdentity,
    peersOfNode,
    proposePeer,
    approvePeer,
    suspendPeer,
    revokePeer,
    listMessages,
    meshProjects,
    invitePeers,
    joinProject,
    leaveProject,
    proposePerson,
    approvePerson,
    revokePerson,
    meshMap,
    visitMailboxes,
    meshUpdates,
    readProvider,
    nameProvider,
    forgetProvider,
    handle,
    expireMessages,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  jobs: [
    { queue: handleQueue, operation: handle, options: { retries: 5, retryDelaySeconds: 5, expireSeconds: 120, parallel: 2 } },
    { queue: expireQueue, operation: expireMessages, options: { retries: 2, retryDelaySeconds: 30, expireSeconds: 120 } },
  ],
  loops: [mailboxLoop],
  erasers: [federationEraser],
  messageKinds: [receiptMessages, cardRotate, projectInvite, projectJoined, personPropose],
})
