import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { acceptInvitation } from './accept-invitation.ts'
import { addOperator } from './add-operator.ts'
import { appointOperator, dismissOperator } from './appoint-operator.ts'
import { closePerson } from './close-person.ts'
import { endSession } from './end-session.ts'
import { endSessions } from './end-sessions.ts'
import { endUserSession } from './end-user-session.ts'
import { identityEraser } from './erase.ts'
import { acceptByPasskey, invitedPasskey } from './factors/accept-by-passkey.ts'
import { addPasskey } from './factors/add-passkey.ts'
import { askCode } from './factors/ask-code.ts'
import { beginPhone } from './factors/begin-phone.ts'
import { beginTotp } from './factors/begin-totp.ts'
import { confirmPhone } from './factors/confirm-phone.ts'
import { confirmTotp } from './factors/confirm-totp.ts'
import { forgetDevice } from './factors/forget-device.ts'
import { listFactors } from './factors/list-factors.ts'
import { passkeyCreation, passkeyEntrance, passkeyRequest } from './factors/passkey-options.ts'
import { proveFactor } from './factors/prove-factor.ts'
import { removeFactor } from './factors/remove-factor.ts'
import { removePhone } from './factors/remove-phone.ts'
import { renewRecoveryCodes } from './factors/renew-recovery-codes.ts'
import { resetFactors } from './factors/reset-factors.ts'
import { codeQueue, sendCode } from './factors/send-code.ts'
import { signInByPasskey } from './factors/sign-in-passkey.ts'
import { failuresLoop } from './failures.ts'
import { firstRun } from './first-run.ts'
import { importUsers } from './import-users.ts'
import { addInstitution } from './institutions/add.ts'
import { inviteAdministrator } from './institutions/invite-administrator.ts'
import { listInstitutions } from './institutions/list.ts'
import { invite } from './invite.ts'
import { inviteEngineer } from './invite-engineer.ts'
import { invitePerson } from './invite-person.ts'
import { issueKey } from './issue-key.ts'
import { listEngineers } from './list-engineers.ts'
import { listKeys } from './list-keys.ts'
import { listSessions } from './list-sessions.ts'
import { listUserSessions } from './list-user-sessions.ts'
import { listUsers } from './list-users.ts'
import { changePassword } from './passwords/change-password.ts'
import { forgotPassword } from './passwords/forgot-password.ts'
import { resetPassword } from './passwords/reset-password.ts'
import { resetQueue, sendReset } from './passwords/send-reset.ts'
import { problems } from './problems.ts'
import { addProvider } from './providers/add.ts'
import { beginSso } from './providers/begin.ts'
import { changeProvider } from './providers/change.ts'
import { listProviders } from './providers/list.ts'
import { takeLogoutToken } from './providers/oidc/take-logout.ts'
import { proveDomain } from './providers/prove-domain.ts'
import { removeProvider } from './providers/remove.ts'
import { returnFromSso } from './providers/return.ts'
import { readSamlMetadata } from './providers/saml/read-metadata.ts'
import { showSamlMetadata } from './providers/saml/show-metadata.ts'
import { samlSignedOut, takeSamlLogout } from './providers/saml/take-logout.ts'
import { takeSamlResponse } from './providers/saml/take-response.ts'
import { tryProvider } from './providers/try.ts'
import { readSession } from './read-session.ts'
import { readUser } from './read-user.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import { resourceType, resourceTypes, scimSchema, scimSchemas, serviceProviderConfig } from './scim/config.ts'
import { createScimGroup, deleteScimGroup, listScimGroups, patchScimGroup, readScimGroup, replaceScimGroup } from './scim/groups.ts'
import { endProvisioningToken, issueProvisioningToken } from './scim/token.ts'
import { createScimUser, deleteScimUser, listScimUsers, patchScimUser, readScimUser, replaceScimUser } from './scim/users.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { changeTeam, createTeam, deleteTeam, listTeams } from './teams/teams.ts'
import { tidyLoop } from './tidy.ts'
import { updateUser } from './update-user.ts'

/** The allow-list: what does not stand here cannot be asked of better-auth either. */
export const identityModule = defineModule({
  name: 'identity',
  operations: [
    firstRun,
    signIn,
    signOut,
    readSession,
    listSessions,
    endSession,
    endSessions,
    proveFactor,
    askCode,
    sendCode,
    listFactors,
    beginTotp,
    confirmTotp,
    passkeyCreation,
    addPasskey,
    passkeyRequest,
    passkeyEntrance,
    signInByPasskey,
    beginSso,
    returnFromSso,
    takeSamlResponse,
    showSamlMetadata,
    takeSamlLogout,
    samlSignedOut,
    takeLogoutToken,
    beginPhone,
    confirmPhone,
    removePhone,
    removeFactor,
    renewRecoveryCodes,
    forgetDevice,
    resetFactors,
    changePassword,
    forgotPassword,
    sendReset,
    resetPassword,
    createTeam,
    listTeams,
    changeTeam,
    deleteTeam,
    addProvider,
    listProviders,
    changeProvider,
    removeProvider,
    tryProvider,
    readSamlMetadata,
    proveDomain,
    issueProvisioningToken,
    endProvisioningToken,
    serviceProviderConfig,
    resourceTypes,
    resourceType,
    scimSchemas,
    scimSchema,
    listScimUsers,
    readScimUser,
    createScimUser,
    replaceScimUser,
    patchScimUser,
    deleteScimUser,
    listScimGroups,
    readScimGroup,
    createScimGroup,
    replaceScimGroup,
    patchScimGroup,
    deleteScimGroup,
    invite,
    importUsers,
    inviteEngineer,
    invitePerson,
    closePerson,
    acceptInvitation,
    invitedPasskey,
    acceptByPasskey,
    listUsers,
    listEngineers,
    readUser,
    updateUser,
    listUserSessions,
    endUserSession,
    issueKey,
    listKeys,
    revokeKey,
    rotateKey,
    addOperator,
    appointOperator,
    dismissOperator,
    addInstitution,
    listInstitutions,
    inviteAdministrator,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  erasers: [identityEraser],
  jobs: [
    { queue: resetQueue, operation: sendReset, options: { retries: 2, retryDelaySeconds: 60, expireSeconds: 300 } },
    { queue: codeQueue, operation: sendCode, options: { retries: 2, retryDelaySeconds: 10, expireSeconds: 60 } },
  ],
  loops: [failuresLoop, tidyLoop],
  personal: ['identity.user.email', 'identity.user.name', 'identity.phone.sealed'],
})
